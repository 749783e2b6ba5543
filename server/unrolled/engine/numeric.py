"""The NumPy functions the operations table names, and the few NumPy lacks.

All take their result as the last argument and an axis of units where units are mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .operations import OPERATIONS

Array = NDArray[Any]


def softmax(a: Array, y: Array, axis: int) -> None:
    """y = exp(a) / Σ exp(a) along `axis`, shifted by the largest so that nothing overflows."""
    np.subtract(a, a.real.max(axis=axis, keepdims=True), out=y)
    np.exp(y, y)
    np.divide(y, y.sum(axis=axis, keepdims=True), out=y)


def complex_exp(a: Array, y: Array) -> None:
    """y = exp(a), kept finite: infinite complex numbers turn into undefined ones when divided."""
    np.exp(np.minimum(a.real, 700) + 1j * a.imag, y)


def maximum(a: Array, b: Array, y: Array) -> None:
    """y = max(a, b); NumPy wants this result by keyword."""
    np.maximum(a, b, out=y)


def minimum(a: Array, b: Array, y: Array) -> None:
    """y = min(a, b)."""
    np.minimum(a, b, out=y)


def softmax_pullback(g: Array, y: Array, out: Array, axis: int) -> None:
    """dL/da = y · (g − Σ g·y) for y = softmax(a), g = dL/dy.

    Since Σ y = 1, any number may be taken from all of g first. With that of the largest y taken,
    a softmax that has all but decided keeps the digits of its vanishing slopes, and where g is
    the same for all the result is 0 and not what rounding leaves.
    """
    top = y.argmax(axis=axis, keepdims=True)
    np.subtract(g, np.take_along_axis(g, top, axis), out)
    total = (out * y).sum(axis=axis, keepdims=True)
    np.subtract(out, total, out)
    np.multiply(out, y, out)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    step[0]: getattr(np, step[0])
    for row in OPERATIONS.values()
    for step in row.forward
    if hasattr(np, step[0]) and isinstance(getattr(np, step[0]), np.ufunc)
}
"""Every NumPy function that a row of the operations table uses, by name."""
FUNCTIONS |= {"positive": np.positive, "maximum": maximum, "minimum": minimum}


def evaluate(operation: str, arguments: Sequence[float]) -> float:
    """An elementwise operation on plain numbers."""
    result = np.empty(1)
    operands = {"a": np.array([arguments[0]]), "b": np.array([arguments[-1]]), "y": result}
    with np.errstate(all="ignore"):
        for function, *inputs in OPERATIONS[operation].forward:
            values = [operands[i] if i in operands else float(i) for i in inputs]
            FUNCTIONS[function](*values, result)
    return float(result[0])
