"""Figures from traces, the same for pages and notebooks: each kind is a function to a `Picture`."""

from unrolled.figures.distributions import attention, sampling
from unrolled.figures.gates import gates
from unrolled.figures.gradient_norms import gradient_norms
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Style
from unrolled.figures.surface import surface
from unrolled.figures.through_time import bptt, jacobians
from unrolled.figures.training import training

__all__ = [
    "Picture", "Style", "Table", "attention", "bptt", "gates", "gradient_norms", "jacobians",
    "sampling", "surface", "training",
]  # fmt: skip
