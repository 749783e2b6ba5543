"""Unrolled: recurrent networks opened up, one timestep at a time."""

__version__ = "0.1.0"
