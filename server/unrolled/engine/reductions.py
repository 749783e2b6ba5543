"""Sums over time and batch: gradients of parameters from the gradients of values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref
from .spaces import Space

Array = NDArray[Any]
VectorTerm = tuple[int, int, Ref]
"""(first, last) rows of the column of vectors, and what is summed into them."""


def joined(terms: Iterable[VectorTerm]) -> list[VectorTerm]:
    """Terms whose rows continue each other, as one."""
    result: list[VectorTerm] = []
    for start, stop, ref in sorted(terms, key=lambda term: (term[0], term[2].start)):
        if result and result[-1][1] == start and result[-1][2].neighbours(ref):
            first, _, before = result.pop()
            ref = Ref(ref.buffer, before.start, ref.stop, ref.key)
            start = first
        result.append((start, stop, ref))
    return result


def add_vectors(
    totals: Array, terms: Iterable[VectorTerm], space: Space, begin: int, end: int
) -> None:
    """Add the timesteps `begin`…`end` to the gradients of all vectors."""
    axes = 0 if space.batch is None else (0, 2)
    for start, stop, ref in terms:
        shift = (begin, end) if ref.buffer == "grad" else (0, end - begin)
        totals[start:stop] += np.add.reduce(space.span(ref, *shift), axis=axes)


def outer(above: Array, source: Array) -> Array:
    """Σ over time (and batch) of above · sourceᵀ, as one matrix product.

    `above` is (time, rows[, batch]), `source` (time, columns[, batch]).
    """
    if above.ndim == 2:
        return np.asarray(above.T @ source)
    rows, columns = above.shape[1], source.shape[1]
    left = above.transpose(1, 0, 2).reshape(rows, -1)
    right = source.transpose(0, 2, 1).reshape(-1, columns)
    return np.asarray(left @ right)
