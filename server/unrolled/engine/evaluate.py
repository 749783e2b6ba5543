"""Expressions on arrays whose last axis is the units: all timesteps of a run, or one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .numeric import FUNCTIONS, softmax
from .operations import OPERATIONS

Array = NDArray[Any]


def applied(operation: str, arguments: Sequence[Array]) -> Array:
    """An operation on arrays (…, entries); a matrix (rows, columns) comes first in a product."""
    if operation == "matmul":
        return np.asarray(arguments[1] @ arguments[0].T)
    if operation == "concat":
        leading = np.broadcast_shapes(*(a.shape[:-1] for a in arguments))
        return np.concatenate(
            [np.broadcast_to(a, (*leading, a.shape[-1])) for a in arguments], axis=-1
        )
    kind = np.result_type(*arguments)
    result = np.empty(np.broadcast_shapes(*(a.shape for a in arguments)), kind)
    if operation == "softmax":
        softmax(np.asarray(arguments[0], kind), result, -1)
        return result
    operands = {"a": arguments[0], "b": arguments[-1], "y": result}
    for function, *inputs in OPERATIONS[operation].forward:
        values = [operands[i] if i in operands else kind.type(i) for i in inputs]
        FUNCTIONS[function](*values, result)
    return result
