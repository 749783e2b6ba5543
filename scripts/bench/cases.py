"""The sizes that are measured, and our side of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.engine.cell import catalogue
from unrolled.engine.program import compile_cell


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
CASES = [Case(*size, dtype) for size in SIZES for dtype in ("float32", "float64")]


def ours(case: Case, cell: str = "lstm") -> Callable[[], Any]:
    """A pass of our own: everything recorded, every gradient found."""
    sizes = {"input": case.entries, "units": case.units, "outputs": case.units}
    chosen = catalogue()[cell]
    program = compile_cell(chosen, {}, sizes)
    rng = np.random.default_rng(0)
    weights = program.weights(case.dtype)
    for name in weights:
        weights[name][...] = rng.normal(size=weights[name].shape) * 0.1
    tail = () if case.batch == 1 else (case.batch,)
    x = rng.normal(size=(case.steps, case.entries, *tail)).astype(case.dtype)
    above = rng.normal(size=(case.steps, case.units, *tail)).astype(case.dtype)
    batch = None if case.batch == 1 else case.batch

    def one() -> object:
        run = program.forward(weights, {"x": x}, {}, case.steps, batch)
        return program.backward(run, {chosen.output: above})

    return one
