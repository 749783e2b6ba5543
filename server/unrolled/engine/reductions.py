"""Sums over time and batch: gradients of parameters from the gradients of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .plan_backward import BackwardPlan
from .spaces import Space

Array = NDArray[Any]


class VectorSums:
    """Σ over time (and batch) of the terms of every vector parameter.

    Most are rows of the gradients' record, summed all together in one pass.
    """

    def __init__(
        self, plan: BackwardPlan, shapes: Mapping[str, tuple[int, ...]], dtype: Any
    ) -> None:
        self._terms = plan.vector_terms
        rows = [r for refs in self._terms.values() for r in refs if r.buffer == "grad"]
        self._first = min((r.start for r in rows), default=0)
        self._last = max((r.stop for r in rows), default=0)
        self.totals = {name: np.zeros(shapes[name], dtype) for name in self._terms}

    def add(self, space: Space, begin: int, end: int) -> None:
        """Add the timesteps `begin`…`end`."""
        axes = 0 if space.batch is None else (0, 2)
        grad = space.arrays["grad"][begin:end, self._first : self._last]
        sums = grad.sum(axis=axes) if self._last > self._first else grad
        for name, refs in self._terms.items():
            for ref in refs:
                if ref.buffer == "grad":
                    part = sums[ref.start - self._first : ref.stop - self._first]
                else:
                    part = space.span(ref, 0, end - begin).sum(axis=axes)
                self.totals[name] += part


def outer(above: Array, source: Array) -> Array:
    """Σ over time (and batch) of above · sourceᵀ, as one matrix product."""
    if above.ndim == 2:
        return np.asarray(above.T @ source)
    rows, columns = above.shape[1], source.shape[1]
    left = above.transpose(1, 0, 2).reshape(rows, -1)
    right = source.transpose(0, 2, 1).reshape(-1, columns)
    return np.asarray(left @ right)
