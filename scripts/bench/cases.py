"""The sizes that are measured, and our side of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.bench.timing import Pass
from unrolled.engine.cell import Cell, catalogue, cell_from_document
from unrolled.engine.program import Program, compile_cell
from unrolled.engine.weights import Weights


@dataclass(frozen=True)
class Case:
    """T timesteps, a batch of B, D entries of input, H units, a number type."""

    steps: int
    batch: int
    entries: int
    units: int
    dtype: str

    def __str__(self) -> str:
        sizes = f"T={self.steps} B={self.batch} D={self.entries} H={self.units}"
        return f"{sizes} {self.dtype.replace('float', 'f')}"


SIZES = (
    (5, 1, 3, 1), (20, 1, 8, 8), (50, 1, 32, 32), (100, 1, 64, 128),
    (500, 1, 64, 128), (1000, 1, 64, 256), (200, 32, 64, 128),
)  # fmt: skip
DTYPES = ("float32", "float64")
CASES = [Case(*size, dtype) for size in SIZES for dtype in DTYPES]

OWN = cell_from_document({
    "id": "own", "state": ["h", "s"], "output": "h",
    "equations": """
z_k = W_k @ x + U_k @ h[t-1] + b_k
k   = sigmoid(z_k)
z_n = W_n @ x + U_n @ h[t-1] + b_n
n   = tanh(z_n)
s   = k * s[t-1] + (1 - k) * n
h   = k * tanh(s)
""",
})  # fmt: skip
"""A cell as a student might type it; nothing in the engine knows it."""


def cell_of(name: str) -> Cell:
    """A cell of the catalogue, or ``own``."""
    return OWN if name == OWN.id else catalogue()[name]


@dataclass(frozen=True)
class Problem:
    """A program with weights, an input, and the gradient of its output."""

    program: Program
    weights: Weights
    x: Any
    above: Any
    case: Case

    def one(self) -> object:
        """A pass of our own: everything recorded, every gradient found."""
        batch = None if self.case.batch == 1 else self.case.batch
        run = self.program.forward(self.weights, {"x": self.x}, {}, self.case.steps, batch)
        return self.program.backward(run, {self.program.cell.output: self.above})


def problem(case: Case, cell: str = "lstm") -> Problem:
    """Random numbers for a case."""
    sizes = {"input": case.entries, "units": case.units, "outputs": case.units}
    program = compile_cell(cell_of(cell), {}, sizes)
    rng = np.random.default_rng(0)
    weights = program.weights(case.dtype)
    for name in weights:
        weights[name][...] = rng.normal(size=weights[name].shape) * 0.1
    tail = () if case.batch == 1 else (case.batch,)
    x = rng.normal(size=(case.steps, case.entries, *tail)).astype(case.dtype)
    above = rng.normal(size=(case.steps, case.units, *tail)).astype(case.dtype)
    return Problem(program, weights, x, above, case)


def ours(case: Case, cell: str = "lstm") -> Pass:
    """Forward and backward over a case."""
    return problem(case, cell).one
