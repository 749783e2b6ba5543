"""The curve of a function of one number, sampled for a small picture."""

from __future__ import annotations

import math

import numpy as np

from .operations import OPERATIONS

_POINTS = 49
_HALF = 6.0
_BEYOND = 1.25


def curve(operation: str, argument: float) -> list[list[float]] | None:
    """Points [a, f(a)] of a primitive around 0, as far out as `argument` lies and a bit more.

    Rounded to six digits: they are there to be drawn. None where the primitive is no function of
    one number or the argument is not finite; points without a finite value are left out.
    """
    row = OPERATIONS[operation]
    if row.arity != 1 or not row.elementwise or not math.isfinite(argument):
        return None
    half = max(_HALF, _BEYOND * abs(argument))
    if not math.isfinite(half):
        return None
    points = np.linspace(-half, half, _POINTS)
    with np.errstate(all="ignore"):
        values = _applied(row.forward, points)
    pairs = zip(points.tolist(), values.tolist(), strict=True)
    return [[_short(x), _short(y)] for x, y in pairs if math.isfinite(y)]


def _applied(steps: tuple[tuple[str, ...], ...], a: np.ndarray) -> np.ndarray:
    known = {"a": a}
    for name, *operands in steps:
        given = [known[each] if each in known else float(each) for each in operands]
        known["y"] = getattr(np, name)(*given)
    return known["y"]


def _short(value: float) -> float:
    return float(f"{value:.6g}")
