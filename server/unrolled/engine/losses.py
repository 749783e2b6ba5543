"""Losses: one row each, value and slopes, from the readout's z and y = activation(z).

The slope with respect to z is given in closed form where loss and activation belong together
(softmax with cross-entropy, sigmoid with binary cross-entropy: dL/dz = y − target), because the
product of dL/dy and dy/dz is 0·∞ where y has underflowed. Logarithms are natural.

A slope is written once, for whatever can be added and multiplied: arrays give numbers, and
`loss_terms.Traced` gives the arithmetic that is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rows = Callable[[Array, Array, Array], Array]
Form = Callable[[Any, Any, Any, Any], Any]
"""From z, y, the target and the sum of the row's targets."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope by rows: z, y and targets, each (rows, outputs[, batch]), give another such array."""

    form: Form

    def __call__(self, z: Array, y: Array, target: Array) -> Array:
        """The slope in numbers."""
        return np.asarray(self.form(z, y, target, target.sum(axis=1, keepdims=True)))


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by rows: `value` gives (rows[, batch]); `of_y` is dL/dy; `of_z` is dL/dz where it has
    a form of its own, else None; `activation` is what the readout must be, or None for any."""

    value: Rows
    of_y: Slope
    of_z: Slope | None = None
    activation: str | None = None


def weighed(weight: Any, what: Any) -> Any:
    """weight · what, 0 where the weight is: nothing is asked there, and 0·∞ is not undefined."""
    if isinstance(what, np.ndarray):
        return np.where(weight == 0, 0.0, weight * what)
    return what.weighed(weight)


def exp(a: Any) -> Any:
    """e to the a."""
    return np.exp(a) if isinstance(a, np.ndarray) else a.exp()


def _squared(z: Array, y: Array, target: Array) -> Array:
    return np.asarray(0.5 * ((target - y) ** 2).sum(axis=1))


def _log_sum_exp(z: Array) -> Array:
    top = z.real.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(z - top).sum(axis=1, keepdims=True)) + top)


def _cross_entropy(z: Array, y: Array, target: Array) -> Array:
    return np.asarray((target * (_log_sum_exp(z) - z)).sum(axis=1))


def _binary(z: Array, y: Array, target: Array) -> Array:
    top = np.maximum(z.real, 0)
    softplus = np.log(np.exp(z - top) + np.exp(-top)) + top
    return np.asarray((softplus - target * z).sum(axis=1))


def _difference(z: Any, y: Any, target: Any, total: Any) -> Any:
    return y - target


def _odds(z: Any, y: Any, target: Any, total: Any) -> Any:
    """−target/y + (1 − target)/(1 − y), from z: 1/y = 1 + e⁻ᶻ keeps its digits where y is 1."""
    return weighed(1 - target, 1 + exp(z)) - weighed(target, 1 + exp(-z))


LOSSES: dict[str, Loss] = {
    "squared_error": Loss(_squared, Slope(_difference)),
    "cross_entropy": Loss(
        _cross_entropy,
        Slope(lambda z, y, target, total: -weighed(target, 1 / y)),
        Slope(lambda z, y, target, total: weighed(total, y) - target),
        "softmax",
    ),
    "binary_cross_entropy": Loss(_binary, Slope(_odds), Slope(_difference), "sigmoid"),
}
"""½·Σ(y−ŷ)², −Σ ŷ·ln y, −Σ ŷ·ln y + (1−ŷ)·ln(1−y), summed over units."""
