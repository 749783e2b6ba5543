"""Optimisers: one row each, in PyTorch's definitions (``torch.optim.SGD``, ``RMSprop``, ``Adam``).

A rule moves parameters in place. What it remembers from update to update are its slots, arrays
like the parameters, zero at first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clipping import positive
from .errors import EngineError

Array = NDArray[Any]
Slots = Mapping[str, Array]
Options = Mapping[str, float]
Rule = Callable[[Array, Array, float, int, Slots, Options], None]
"""(parameters, gradient, rate, number of this update from 1, slots, options)."""


@dataclass(frozen=True, slots=True)
class Optimiser:
    """A rule, what it remembers, and its options with their usual values.

    `epsilon` is a positive number, every other option a share: at least 0 and below 1.
    """

    rule: Rule
    slots: tuple[str, ...] = ()
    options: Options = field(default_factory=dict)


def _sgd(p: Array, g: Array, rate: float, n: int, slots: Slots, options: Options) -> None:
    p -= rate * g


def _momentum(p: Array, g: Array, rate: float, n: int, slots: Slots, options: Options) -> None:
    velocity = slots["velocity"]
    velocity *= options["momentum"]
    velocity += g
    p -= rate * velocity


def _rmsprop(p: Array, g: Array, rate: float, n: int, slots: Slots, options: Options) -> None:
    _blend(slots["square"], g * g, options["smoothing"])
    p -= rate * (g / (np.sqrt(slots["square"]) + options["epsilon"]))


def _adam(p: Array, g: Array, rate: float, n: int, slots: Slots, options: Options) -> None:
    _blend(slots["mean"], g, options["beta1"])
    _blend(slots["square"], g * g, options["beta2"])
    bias = 1 - options["beta1"] ** n
    spread = np.sqrt(slots["square"]) / sqrt(1 - options["beta2"] ** n) + options["epsilon"]
    p -= (rate / bias) * (slots["mean"] / spread)


def _blend(slot: Array, new: Array, share: float) -> None:
    """slot = share·slot + (1 − share)·new."""
    slot *= share
    slot += (1 - share) * new


OPTIMISERS: dict[str, Optimiser] = {
    "sgd": Optimiser(_sgd),
    "momentum": Optimiser(_momentum, ("velocity",), {"momentum": 0.9}),
    "rmsprop": Optimiser(_rmsprop, ("square",), {"smoothing": 0.99, "epsilon": 1e-8}),
    "adam": Optimiser(
        _adam, ("mean", "square"), {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    ),
}  # fmt: skip


def chosen(document: Any) -> tuple[str, dict[str, float]]:
    """Name and options from ``"adam"`` or ``{"name": "adam", "beta1": 0.8}``.

    Raises:
        EngineError: an unknown name or option, or a value that is out of range.
    """
    given = dict(document) if isinstance(document, Mapping) else {"name": document}
    name = given.pop("name", None)
    row = OPTIMISERS.get(name) if isinstance(name, str) else None
    if row is None:
        raise EngineError("optimiser", "one of " + ", ".join(OPTIMISERS), repr(name)[:60])
    for option, value in given.items():
        if option not in row.options:
            known = ", ".join(row.options) or f"nothing, {name} has no options"
            raise EngineError(f"optimiser.{str(option)[:40]}", known, repr(value)[:60])
        _check(option, value)
    return str(name), {option: float(given.get(option, row.options[option]))
                       for option in row.options}  # fmt: skip


def _check(option: str, value: Any) -> None:
    where = f"optimiser.{option}"
    if value == 0 and option != "epsilon" and not isinstance(value, bool):
        return
    if positive(value, where) >= 1 and option != "epsilon":
        raise EngineError(where, "a number of at least 0 and below 1", repr(value)[:60])
