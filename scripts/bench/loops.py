"""PyTorch, step by step: what a teacher would write to see inside.

One stacked product a step, every named value kept with its gradient (`retain_grad`), gradients of
the inputs too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from scripts.bench.cases import Case
from scripts.bench.timing import Pass

Tensors = tuple[Any, ...]


@dataclass(frozen=True)
class Loop:
    """A cell in PyTorch.

    `step`: (x, states, stacked matrix, bias, extra vectors) → (states, named values); the first
    state is the output. `blocks`: matrices in the stack; `extras`: further vectors.
    """

    step: Callable[..., tuple[Tensors, Tensors]]
    blocks: int
    states: int
    extras: int = 0


def _elman(x: Any, states: Tensors, w: Any, b: Any, extras: Tensors) -> tuple[Tensors, Tensors]:
    z = torch.addmm(b, torch.cat([x, states[0]], 1), w)
    h = torch.tanh(z)
    return (h,), (z, h)


def _lstm(x: Any, states: Tensors, w: Any, b: Any, extras: Tensors) -> tuple[Tensors, Tensors]:
    h, c = states
    z_f, z_i, z_g, z_o = torch.addmm(b, torch.cat([x, h], 1), w).chunk(4, 1)
    f, i, o, g = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.sigmoid(z_o), torch.tanh(z_g)
    c = f * c + i * g
    m = torch.tanh(c)
    h = o * m
    return (h, c), (z_f, z_i, z_g, z_o, f, i, g, o, c, m, h)


def _peephole(x: Any, states: Tensors, w: Any, b: Any, extras: Tensors) -> tuple[Tensors, Tensors]:
    (h, c), (p_f, p_i, p_o) = states, extras
    a_f, a_i, z_g, a_o = torch.addmm(b, torch.cat([x, h], 1), w).chunk(4, 1)
    z_f, z_i = a_f + p_f * c, a_i + p_i * c
    f, i, g = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.tanh(z_g)
    c = f * c + i * g
    z_o = a_o + p_o * c
    o, m = torch.sigmoid(z_o), torch.tanh(c)
    h = o * m
    return (h, c), (z_f, z_i, z_g, z_o, f, i, g, o, c, m, h)


def _gru(x: Any, states: Tensors, w: Any, b: Any, extras: Tensors) -> tuple[Tensors, Tensors]:
    (h,), (d,) = states, extras
    a_r, a_u, a_n = torch.addmm(b, x, w[: x.shape[1]]).chunk(3, 1)
    b_r, b_u, b_n = torch.mm(h, w[x.shape[1] :]).chunk(3, 1)
    z_r, z_u = a_r + b_r, a_u + b_u
    r, u = torch.sigmoid(z_r), torch.sigmoid(z_u)
    z_n = a_n + r * (b_n + d)
    n = torch.tanh(z_n)
    h = (1 - u) * n + u * h
    return (h,), (z_r, r, z_u, u, z_n, n, h)


def _own(x: Any, states: Tensors, w: Any, b: Any, extras: Tensors) -> tuple[Tensors, Tensors]:
    h, s = states
    z_k, z_n = torch.addmm(b, torch.cat([x, h], 1), w).chunk(2, 1)
    k, n = torch.sigmoid(z_k), torch.tanh(z_n)
    s = k * s + (1 - k) * n
    h = k * torch.tanh(s)
    return (h, s), (z_k, k, z_n, n, s, h)


LOOPS = {
    "elman": Loop(_elman, 1, 1), "gru": Loop(_gru, 3, 1, 1), "lstm": Loop(_lstm, 4, 2),
    "lstm_peephole": Loop(_peephole, 4, 2, 3), "own": Loop(_own, 2, 2),
}  # fmt: skip


def explicit_loop(case: Case, cell: str = "lstm") -> Pass:
    """Forward and backward, every named value of every step with its gradient."""
    loop, kind = LOOPS[cell], getattr(torch, case.dtype)
    units, batch, rows = case.units, case.batch, LOOPS[cell].blocks * case.units
    w = (torch.randn(rows, case.entries, dtype=kind) * 0.1).requires_grad_()
    u = (torch.randn(rows, units, dtype=kind) * 0.1).requires_grad_()
    b = torch.zeros(rows, dtype=kind, requires_grad=True)
    extras = [torch.zeros(units, dtype=kind, requires_grad=True) for _ in range(loop.extras)]
    x = torch.randn(case.steps, batch, case.entries, dtype=kind, requires_grad=True)
    above = torch.randn(case.steps, batch, units, dtype=kind)

    def one() -> None:
        for tensor in (w, u, b, x, *extras):
            tensor.grad = None
        stacked = torch.cat([w, u], 1).T
        states: Tensors = tuple(
            torch.zeros(batch, units, dtype=kind, requires_grad=True) for _ in range(loop.states)
        )
        kept, outputs = [], []
        for t in range(case.steps):
            states, named = loop.step(x[t], states, stacked, b, tuple(extras))
            for value in named:
                value.retain_grad()
                kept.append(value)
            outputs.append(states[0])
        torch.autograd.backward(torch.stack(outputs), above)

    return one
