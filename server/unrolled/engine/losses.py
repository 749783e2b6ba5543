"""Losses: one row each, value and gradients, from the readout's z and y = activation(z).

The gradient with respect to z is given in closed form where loss and activation belong together
(softmax with cross-entropy, sigmoid with binary cross-entropy: dL/dz = y − target), because the
product of dL/dy and dy/dz is 0·∞ where y has underflowed. Logarithms are natural.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rows = Callable[[Array, Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by rows: every function takes z, y and targets, each (rows, outputs[, batch]).

    `value` gives (rows[, batch]); `of_y` is dL/dy; `of_z` is dL/dz where it has a form of its
    own, else None; `activation` is what the readout must be, or None for any.
    """

    value: Rows
    of_y: Rows
    of_z: Rows | None = None
    activation: str | None = None


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


def _binary_slope(z: Array, y: Array, target: Array) -> Array:
    """−target/y + (1 − target)/(1 − y), from z: 1/y = 1 + e⁻ᶻ keeps its digits where y is 1."""
    asked = np.where(target == 0, 0.0, -target * (1 + np.exp(-z)))
    return np.asarray(asked + np.where(target == 1, 0.0, (1 - target) * (1 + np.exp(z))))


LOSSES: dict[str, Loss] = {
    "squared_error": Loss(_squared, lambda z, y, target: y - target),
    "cross_entropy": Loss(
        _cross_entropy,
        lambda z, y, target: np.where(target == 0, 0.0, -target / y),
        lambda z, y, target: y * target.sum(axis=1, keepdims=True) - target,
        "softmax",
    ),
    "binary_cross_entropy": Loss(
        _binary,
        _binary_slope,
        lambda z, y, target: y - target,
        "sigmoid",
    ),
}
"""½·Σ(y−ŷ)², −Σ ŷ·ln y, −Σ ŷ·ln y + (1−ŷ)·ln(1−y), summed over units."""
