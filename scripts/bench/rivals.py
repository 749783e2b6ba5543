"""What the engine is measured against, each a function of no arguments that does one pass.

The explicit loop is what a teacher would write in PyTorch to see inside: one stacked product a
step, every named value kept with its gradient, gradients of the inputs too. `nn.LSTM` shows
nothing but outputs. The bare products are the matrix work no implementation can leave out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from scripts.bench.cases import Case

Pass = Callable[[], Any]


def explicit_loop(case: Case) -> Pass:
    """PyTorch step by step, `retain_grad` on all eleven named values of every step."""
    kind = getattr(torch, case.dtype)
    units, batch = case.units, case.batch
    w = (torch.randn(4 * units, case.entries, dtype=kind) * 0.1).requires_grad_()
    u = (torch.randn(4 * units, units, dtype=kind) * 0.1).requires_grad_()
    b = torch.zeros(4 * units, dtype=kind, requires_grad=True)
    x = torch.randn(case.steps, batch, case.entries, dtype=kind, requires_grad=True)
    above = torch.randn(case.steps, batch, units, dtype=kind)

    def one() -> None:
        for tensor in (w, u, b, x):
            tensor.grad = None
        stacked = torch.cat([w, u], 1).T
        h = torch.zeros(batch, units, dtype=kind, requires_grad=True)
        c = torch.zeros(batch, units, dtype=kind, requires_grad=True)
        kept, outputs = [], []
        for t in range(case.steps):
            z = torch.addmm(b, torch.cat([x[t], h], 1), stacked)
            z_f, z_i, z_g, z_o = z.chunk(4, 1)
            f, i, o = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.sigmoid(z_o)
            g = torch.tanh(z_g)
            c = f * c + i * g
            m = torch.tanh(c)
            h = o * m
            for value in (z_f, z_i, z_g, z_o, f, i, g, o, c, m, h):
                value.retain_grad()
                kept.append(value)
            outputs.append(h)
        torch.autograd.backward(torch.stack(outputs), above)

    return one


def module(case: Case) -> Pass:
    """nn.LSTM, forward and backward: outputs only, no gate to be seen."""
    kind = getattr(torch, case.dtype)
    lstm = torch.nn.LSTM(case.entries, case.units).to(kind)
    x = torch.randn(case.steps, case.batch, case.entries, dtype=kind, requires_grad=True)
    above = torch.randn(case.steps, case.batch, case.units, dtype=kind)

    def one() -> None:
        lstm.zero_grad()
        x.grad = None
        y, _ = lstm(x)
        y.backward(above)

    return one


def products(case: Case) -> Pass:
    """The matrix products of an LSTM's forward and backward pass in NumPy, nothing else."""
    units, steps, batch = case.units, case.steps, case.batch
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> Any:
        return rng.normal(size=shape).astype(case.dtype)

    w, u = normal(4 * units, case.entries), normal(4 * units, units)
    x, h = normal(steps * batch, case.entries), normal(units, batch)
    z = normal(4 * units, batch)
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
