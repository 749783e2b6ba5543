"""One live step: a cell takes one more input, and every value of the step can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from scripts.bench.cases import DTYPES
from scripts.bench.loops import LOOPS
from scripts.bench.table import Table
from scripts.bench.timing import Pass, measured
from unrolled.engine.cell import catalogue
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network
from unrolled.engine.stepper import Stepper

_AT_ONCE = 50


def _ours(units: int, dtype: str) -> Pass:
    """A fresh stepper, so many steps, all values of each."""
    spec = LayerSpec(catalogue()["lstm"], {"input": units, "units": units})
    network = Network([spec], None, dtype=np.dtype(dtype))
    rng = np.random.default_rng(0)
    for array in network.parameters().values():
        array[...] = rng.normal(size=array.shape) * 0.1
    stepper = Stepper(network)
    x = rng.normal(size=units).astype(dtype)

    def one() -> None:
        stepper.forget()
        for t in range(_AT_ONCE):
            stepper.step(x)
            stepper.frame(t)

    return one


def _torch(units: int, dtype: str) -> Pass:
    kind: Any = getattr(torch, dtype)
    w, b = torch.randn(2 * units, 4 * units, dtype=kind) * 0.1, torch.zeros(4 * units, dtype=kind)
    x = torch.randn(1, units, dtype=kind)

    def one() -> None:
        states: tuple[Any, ...] = (torch.zeros(1, units, dtype=kind),) * 2
        with torch.no_grad():
            for _ in range(_AT_ONCE):
                states, _named = LOOPS["lstm"].step(x, states, w, b, ())

    return one


def _rows() -> Iterator[tuple[str, ...]]:
    for units in (1, 8, 32, 128):
        for dtype in DTYPES:
            mine, rival = measured([_ours(units, dtype), _torch(units, dtype)])
            yield (f"H={units} {dtype.replace('float', 'f')}",
                   f"{mine / _AT_ONCE * 1e6:.1f} µs", f"{rival / mine:.1f}")  # fmt: skip


STEPS = Table(
    "One live step",
    "One more step of an LSTM whose length nobody knows beforehand, every value handed out;\n"
    "the rival is the same step in PyTorch without gradients.",
    ("LSTM", "ours", "PyTorch ÷ ours"), _rows,
)  # fmt: skip
