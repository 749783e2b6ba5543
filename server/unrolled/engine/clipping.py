"""Gradients kept short: by norm, which keeps their direction, or entry by entry.

Both as PyTorch defines them (``clip_grad_norm_``, ``clip_grad_value_``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError

Array = NDArray[Any]

KINDS = ("norm", "value")
_APART = 1e-6  # PyTorch's guard against a norm of zero


@dataclass(frozen=True, slots=True)
class Clip:
    """No norm above `limit` (kind ``norm``), or no entry beyond ±`limit` (kind ``value``)."""

    kind: str
    limit: float

    @classmethod
    def of(cls, document: Any, field: str = "clip") -> Clip | None:
        """From ``{"norm": 1}``, ``{"value": 1}`` or None.

        Raises:
            EngineError: another form, or a limit that is not a positive number.
        """
        if document is None:
            return None
        kinds = list(document) if isinstance(document, Mapping) else []
        if len(kinds) != 1 or kinds[0] not in KINDS:
            raise EngineError(field, 'null, {"norm": …} or {"value": …}', repr(document)[:60])
        return cls(kinds[0], positive(document[kinds[0]], f"{field}.{kinds[0]}"))

    def __call__(self, gradient: Array) -> Array:
        """The gradient (entries[, columns]) clipped; each column is a gradient of its own."""
        if self.kind == "value":
            return np.clip(gradient, -self.limit, self.limit)
        return np.asarray(gradient * np.minimum(self.limit / (norm(gradient) + _APART), 1))

    def document(self) -> dict[str, float]:
        """The form that `of` reads."""
        return {self.kind: self.limit}


def norm(gradient: Array) -> Array:
    """Euclidean length of a gradient (entries[, columns]), by column."""
    return np.asarray(np.sqrt(np.square(gradient).sum(axis=0)))


def positive(value: Any, field: str) -> float:
    """A positive finite number.

    Raises:
        EngineError: anything else.
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not isfinite(value) or value <= 0:
        raise EngineError(field, "a positive number", repr(value)[:60])
    return float(value)
