"""Cotangents: what a value passes back, for many timesteps and many results at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .numeric import softmax_pullback

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Cotangent:
    """d(results)/d(value), transposed: the sum of a diagonal and a full part, either may be None.

    `diagonal` is (time, entries), for as many results as entries; `full` is (time, entries,
    results). Elementwise operations keep a diagonal a diagonal, which spares a matrix product.
    """

    diagonal: Array | None = None
    full: Array | None = None

    @classmethod
    def identity(cls, steps: int, entries: int, dtype: Any) -> Cotangent:
        """Of a value to itself."""
        return cls(np.ones((steps, entries), dtype))

    def __add__(self, other: Cotangent) -> Cotangent:
        return Cotangent(_plus(self.diagonal, other.diagonal), _plus(self.full, other.full))

    def scaled(self, factor: Array) -> Cotangent:
        """Through an elementwise operation whose derivative is `factor` (time, entries)."""
        return Cotangent(
            None if self.diagonal is None else self.diagonal * factor,
            None if self.full is None else self.full * factor[..., None],
        )

    def through(self, matrix: Array) -> Cotangent:
        """Through a product with a matrix (rows, columns)."""
        found = None if self.full is None else np.matmul(matrix.T, self.full)
        own = None if self.diagonal is None else matrix.T * self.diagonal[:, None, :]
        return Cotangent(full=_plus(found, own))

    def through_softmax(self, result: Array) -> Cotangent:
        """Through a softmax whose values are `result` (time, entries)."""
        dense = self.dense()
        y = np.broadcast_to(result, dense.shape[:2])[..., None]
        found = np.empty_like(dense)
        softmax_pullback(dense, y, found, -2)
        return Cotangent(full=found)

    def part(self, start: int, stop: int) -> Cotangent:
        """Of some entries of a concatenation."""
        return Cotangent(full=self.dense()[:, start:stop])

    def dense(self) -> Array:
        """(time, entries, results), the diagonal written out."""
        if self.diagonal is None:
            assert self.full is not None
            return self.full
        steps, entries = self.diagonal.shape
        whole = np.zeros((steps, entries, entries), self.diagonal.dtype)
        whole[:, range(entries), range(entries)] = self.diagonal
        return whole if self.full is None else whole + self.full


def _plus(left: Array | None, right: Array | None) -> Array | None:
    if left is None or right is None:
        return right if left is None else left
    return left + right
