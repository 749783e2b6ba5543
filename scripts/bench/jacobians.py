"""Norms of all Jacobians between timesteps, beside the bare batched products they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scripts.bench.cases import DTYPES
from scripts.bench.table import Table, milliseconds
from scripts.bench.timing import Pass, measured
from unrolled.engine.cell import catalogue
from unrolled.engine.jacobians import jacobians
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network

_STEPS, _UNITS = 100, 64
_CELLS = ("elman", "gru", "lstm", "lstm_peephole")


def ours(cell: str, dtype: str) -> Pass:
    """Frobenius norms of dh[t]/dh[k] for every pair, through every state, the run included."""
    made = Network([LayerSpec(catalogue()[cell], {"input": 8, "units": _UNITS})], dtype=dtype)
    rng = np.random.default_rng(0)
    for array in made.parameters().values():
        array[...] = rng.uniform(-1, 1, array.shape) / np.sqrt(_UNITS)
    x = rng.normal(size=(_STEPS, 8)).astype(dtype)
    return lambda: jacobians(made, x, "h", "h")


def products(units: int, dtype: str) -> Pass:
    """J[t, k] = A[t] · J[t-1, k] for every pair, all pairs one lag apart as one batch; no norm."""
    rng = np.random.default_rng(0)
    one_step = (rng.normal(size=(_STEPS, units, units)) / np.sqrt(units)).astype(dtype)

    def one() -> None:
        held: Any = one_step
        for lag in range(1, _STEPS):
            held = np.matmul(one_step[lag:], held[:-1])

    return one


def _rows() -> Iterator[tuple[str, ...]]:
    for dtype in DTYPES:
        for cell in _CELLS:
            states = len(catalogue()[cell].state)
            mine, whole, own = measured(
                [ours(cell, dtype), products(states * _UNITS, dtype), products(_UNITS, dtype)]
            )
            yield (
                cell, dtype.replace("float", "f"), milliseconds(mine),
                f"{mine / whole:.2f}", f"{mine / own:.2f}",
            )  # fmt: skip


JACOBIANS = Table(
    f"Jacobians between all pairs of timesteps (T={_STEPS}, H={_UNITS})",
    "Frobenius norms of dh[t]/dh[k], every path through every state followed, beside the batched\n"
    "products of one-step Jacobians alone: of all states together (an LSTM has two, c and h), and\n"
    "of h by itself, which for an LSTM leaves the memory out.",
    ("cell", "", "ours", "÷ products of all states", "÷ products of h alone"), _rows,
)  # fmt: skip
