"""Rivals that show nothing: PyTorch's own modules, and the bare matrix products in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from scripts.bench.cases import Case
from scripts.bench.timing import Pass

MODULES = {"elman": "RNN", "gru": "GRU", "lstm": "LSTM"}
"""PyTorch's module for a cell of ours."""


def module(case: Case, cell: str = "lstm") -> Pass:
    """Forward and backward of the module: outputs only, no gate to be seen."""
    kind = getattr(torch, case.dtype)
    made = getattr(torch.nn, MODULES[cell])(case.entries, case.units).to(kind)
    x = torch.randn(case.steps, case.batch, case.entries, dtype=kind, requires_grad=True)
    above = torch.randn(case.steps, case.batch, case.units, dtype=kind)

    def one() -> None:
        made.zero_grad()
        x.grad = None
        y, _ = made(x)
        y.backward(above)

    return one


def products(case: Case) -> Pass:
    """The matrix products of an LSTM's forward and backward pass: no one can leave them out."""
    units, steps, batch = case.units, case.steps, case.batch
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> Any:
        return rng.normal(size=shape).astype(case.dtype)

    tail = () if batch == 1 else (batch,)
    w, u = normal(4 * units, case.entries), normal(4 * units, units)
    x, h = normal(steps * batch, case.entries), normal(units, *tail)
    z = normal(4 * units, *tail)
    out_z, out_h = np.empty_like(z), np.empty_like(h)
    grads, states = normal(steps * batch, 4 * units), normal(steps * batch, units)

    def one() -> None:
        x @ w.T
        dot, back = u.dot, u.T.dot
        for _ in range(steps):
            dot(h, out_z)
            back(z, out_h)
        grads.T @ x
        grads.T @ states
        grads @ w

    return one
