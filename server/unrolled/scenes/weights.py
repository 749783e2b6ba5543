"""Effective weights: those given, zero beside given ones, or seeded where none is given.

Each seeded parameter draws from a stream of its own, keyed by the scene's seed and the
parameter's address, so that editing one parameter never moves another.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.scenes.errors import FieldError, join

Array = NDArray[np.float64]
Shape = tuple[int, ...]


def seeded(seed: int, address: str, shape: Shape, fan: int) -> Array:
    """Uniform in ±1/√fan, row-major, from the stream of `(seed, crc32(address))`.

    `fan` is `units` for a layer's parameters and the number of inputs for a readout's.
    """
    stream = np.random.default_rng([seed, zlib.crc32(address.encode("ascii"))])
    bound = 1.0 / np.sqrt(fan)
    return stream.uniform(-bound, bound, size=shape)


def effective(
    shapes: Mapping[str, Shape], given: Mapping[str, Any], *, seed: int, address: str, fan: int
) -> dict[str, Array]:
    """The arrays of one group of parameters; `given` must have passed `mistakes`.

    `address` is the group's, e.g. `layers.0.forward`; a parameter's is `layers.0.forward.W_f`.
    """
    if not given:
        return {
            name: seeded(seed, f"{address}.{name}", shape, fan) for name, shape in shapes.items()
        }
    # Adding 0 turns -0.0 into 0.0: the canonical form of a scene knows one zero only.
    return {
        name: np.array(given[name], dtype=np.float64) + 0.0 if name in given else np.zeros(shape)
        for name, shape in shapes.items()
    }


def mistakes(
    shapes: Mapping[str, Shape], given: Mapping[str, Any], field: str
) -> Iterator[FieldError]:
    """Parameters that do not exist, or do not have the shape they must have."""
    for name, value in given.items():
        where = join(field, name)
        shape = shapes.get(name)
        if shape is None:
            known = ", ".join(shapes) or "no parameter"
            yield FieldError(where, f"one of {known}", f"{name!r}")
        elif (error := misshapen(where, value, shape)) is not None:
            yield error


def misshapen(field: str, value: list[Any], shape: Shape) -> FieldError | None:
    """The error of a list that has not the shape it should have, ragged rows included."""
    if len(shape) == 1:
        return None if _is_vector(value, shape[0]) else _wrong(field, value, shape)
    if not _is_matrix(value):
        return _wrong(field, value, shape)
    for number, row in enumerate(value):
        if len(row) != len(value[0]):
            return FieldError(
                f"{field}[{number}]", f"{len(value[0])} numbers as in row 0", str(len(row))
            )
    if (len(value), len(value[0])) != shape:
        return _wrong(field, value, shape)
    return None


def _is_vector(value: list[Any], entries: int) -> bool:
    return len(value) == entries and not _is_matrix(value)


def _is_matrix(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], list)


def _wrong(field: str, value: list[Any], shape: Shape) -> FieldError:
    got = f"{len(value)} × {len(value[0])}" if _is_matrix(value) else f"a vector of {len(value)}"
    return FieldError(field, words(shape), got)


def words(shape: Shape) -> str:
    """A shape as people say it: "2 × 3 (rows × columns)", "a vector of 2"."""
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return f"{shape[0]} × {shape[1]} (rows × columns)"


def count(shapes: Mapping[str, Shape]) -> int:
    """The numbers in parameters of these shapes."""
    return sum(prod(shape) for shape in shapes.values())
