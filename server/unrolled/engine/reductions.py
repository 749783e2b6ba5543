"""Sums over time and batch: gradients of parameters from the gradients of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref

Array = NDArray[Any]
CACHE_BYTES = 1024 * 1024
"""What is turned round at a time for the products of a batch."""

Call = tuple[Callable[..., Any], tuple[Any, ...]]
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


def summing(sums: Array, values: Array, *, alone: bool) -> Call:
    """The call that adds Σ over time (and batch) of values (time, rows[, batch]) to (rows,).

    `alone`: nothing else is added there, and the sum may be written.
    """
    if values.ndim == 3:
        return _add_batches, (sums, values)
    ones = np.ones(len(values), values.dtype)  # the product is twice as fast as add.reduce
    return (np.matmul, (ones, values, sums)) if alone else (_add_steps, (sums, ones, values))


def _add_steps(sums: Array, ones: Array, values: Array) -> None:
    np.add(sums, ones @ values, sums)


def _add_batches(sums: Array, values: Array) -> None:
    np.add(sums, np.add.reduce(np.add.reduce(values, axis=0), axis=1), sums)


def outer(above: Array, source: Array) -> Array:
    """Σ over time (and batch) of above · sourceᵀ, as matrix products.

    `above` is (time, rows[, batch]), `source` (time, columns[, batch]). A batch stands inside
    time, where no product reaches it: as many timesteps as a processor's cache holds are turned
    round, rows outside, and multiplied at once.
    """
    if above.ndim == 2:
        return np.asarray(above.T @ source)
    steps, batch = above.shape[0], above.shape[2]
    rows = above.shape[1] + source.shape[1]
    stretch = max(1, CACHE_BYTES // (rows * batch * above.itemsize))
    result = np.zeros((above.shape[1], source.shape[1]), above.dtype)
    part = np.empty_like(result)
    for start in range(0, steps, stretch):
        left, right = (_turned(each[start : start + stretch]) for each in (above, source))
        np.add(result, np.dot(left, right.T, part), result)
    return result


def _turned(values: Array) -> Array:
    """(time, rows, batch) as (rows, time · batch)."""
    return values.transpose(1, 0, 2).reshape(values.shape[1], -1)
