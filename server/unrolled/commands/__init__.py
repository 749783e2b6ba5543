"""The commands of the command line, one file each; `unrolled.cli` joins them."""

import os

# Set before NumPy is loaded. The server runs several traces side by side; products of teaching
# size that share all processors among themselves spend their time waiting for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
