"""Frobenius norms between all steps of one direction, without multiplying for every pair.

With any step m between k and t, J[t, k] = R·W, R = d(of)[t]/ds[m] and W = ds[m]/d(wanted)[k], and
‖R·W‖² = ⟨RᵀR, W·Wᵀ⟩: an inner product of two symmetric matrices, of which there is one a step and
not one a pair. So steps are taken in blocks: pairs within a block step by step, all others over the
step before the block. Where the two sides are all but orthogonal the inner product loses its
digits, and the product itself is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .carried import Descent, Links, States, Units
from .matrix_norms import frobenius

Array = NDArray[Any]
LEAST = 1024
"""Entries of ds/d(of) from which on the products are what takes the time."""
GATHERED_BYTES = 8 * 1024 * 1024
"""What the steps that are held against a block together may take."""
_DIGITS = {"f": 1e-4, "d": 1e-11}
"""The relative error that an inner product may bring, by number type."""


def pays(links: Links, size: int, steps: int) -> bool:
    """Whether there are blocks enough, and products large enough."""
    return size * links.total >= LEAST and steps > 2 * _length(links, size, steps)


def norms(links: Links, size: int, steps: int, dtype: Any) -> Array:
    """‖d(of)[t]/d(wanted)[k]‖ for t (rows) and k (columns) in the direction's own order, 0 where k
    comes after t; `of` has `size` entries."""
    found = np.zeros((steps, steps), dtype)
    length = _length(links, size, steps)
    for first in range(0, steps, length):
        block = range(first, min(first + length, steps))
        rows = list(reversed(block))
        near = Descent(links, Units(block, size), dtype)
        for k, wanted in near.steps(first):
            matrices = wanted.reshape(len(wanted), -1, size)
            found[rows[: matrices.shape[1]], k] = frobenius(matrices)
        if first:
            above = _Side(near.carried.reshape(links.total, -1, size).transpose(1, 0, 2))
            for columns, below in _below(links, first - 1, dtype):
                found[np.ix_(rows, columns)] = _between(above, below)
    return found


def _length(links: Links, size: int, steps: int) -> int:
    """Steps of a block: within it a step costs `size` columns, over it as many as there are states,
    twice."""
    return max(8, isqrt(4 * steps * links.total // max(1, size)))


def _below(links: Links, step: int, dtype: Any) -> Iterator[tuple[list[int], _Side]]:
    """ds[step]/d(wanted)[k] for every k up to the step, some at a time."""
    seed = States(step, links.total)
    descent = Descent(links, seed, dtype)
    descent.carried[...] = np.eye(links.total)
    each = max(1, GATHERED_BYTES // (2 * links.total**2 * descent.carried.itemsize))
    columns: list[int] = []
    held: list[Array] = []
    for k, wanted in descent.steps():
        columns.append(k)
        held.append(wanted.T.copy())
        if len(held) == each or k == 0:
            yield columns, _Side(np.stack(held))
            columns, held = [], []


class _Side:
    """Matrices (count, states, entries) with their lengths, and M·Mᵀ of each at length 1."""

    def __init__(self, matrices: Array) -> None:
        self.matrices = matrices
        self.lengths = frobenius(np.ascontiguousarray(matrices.transpose(1, 0, 2)))
        known = np.isfinite(self.lengths) & (self.lengths > 0)
        unit = matrices / np.where(known, self.lengths, 1)[:, None, None]
        self.grams = (unit @ unit.transpose(0, 2, 1)).reshape(len(unit), -1)


def _between(above: _Side, below: _Side) -> Array:
    """The norms of all products aboveᵀ·below, (above, below)."""
    shares = above.grams @ below.grams.T
    lengths = above.lengths[:, None] * below.lengths
    least = float(np.finfo(shares.dtype).eps) / _DIGITS[shares.dtype.char]
    found = np.sqrt(np.maximum(shares, 0)) * lengths
    sound = np.isfinite(lengths) & ((lengths == 0) | (shares > least))
    for column in np.flatnonzero(~sound.all(axis=0)):
        rows = np.flatnonzero(~sound[:, column])
        products = above.matrices[rows].transpose(0, 2, 1) @ below.matrices[column]
        found[rows, column] = frobenius(np.ascontiguousarray(products.transpose(1, 0, 2)))
    return np.asarray(found)
