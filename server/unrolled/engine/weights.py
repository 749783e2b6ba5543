"""Parameters of a compiled cell: stacked as the program multiplies them, seen by name.

Every named parameter is a view, so that an edit in place is an edit of the program. Gradients of
the parameters have the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import EngineError
from .plan import Stack

Array = NDArray[Any]
Place = tuple[int, int, int]
"""(stack, first row, last row) of a matrix; stack −1 is the column of all vectors."""


class Weights(Mapping[str, Array]):
    """Matrices (rows, columns) and vectors (entries,) by name.

    `stacks[n]` is the n-th stacked matrix of the plan, C-contiguous; `vectors` all vectors one
    after the other.
    """

    def __init__(
        self, places: Mapping[str, Place], stacks: Sequence[Array], vectors: Array
    ) -> None:
        self._places = places
        self.stacks = stacks
        self.vectors = vectors
        self.dtype = vectors.dtype

    def __getitem__(self, name: str) -> Array:
        stack, start, stop = self._places[name]
        return (self.vectors if stack < 0 else self.stacks[stack])[start:stop]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def assign(self, values: Mapping[str, ArrayLike], field: str = "weights") -> None:
        """Copy values in.

        Raises:
            EngineError: an unknown name or a wrong shape, by field.
        """
        for name, value in values.items():
            if name not in self._places:
                raise EngineError(f"{field}.{name}", "one of " + ", ".join(self), name)
            array, view = np.asarray(value), self[name]
            if array.shape != view.shape:
                raise EngineError(f"{field}.{name}", f"shape {view.shape}", f"shape {array.shape}")
            view[...] = array


def places(
    names: Sequence[str], stacks: Sequence[Stack], shapes: Mapping[str, tuple[int, ...]],
    vectors: Mapping[str, tuple[int, int]],
) -> dict[str, Place]:  # fmt: skip
    """Where each parameter stands, in the cell's order."""
    found: dict[str, Place] = {name: (-1, *rows) for name, rows in vectors.items()}
    for number, stack in enumerate(stacks):
        start = 0
        for name in stack.matrices if stack.tied is None else ():
            found[name] = (number, start, start + shapes[name][0])
            start += shapes[name][0]
    return {name: found[name] for name in names}


def zeros(stacks: Sequence[Stack], places: Mapping[str, Place], dtype: Any) -> Weights:
    """All parameters zero. A matrix that occurs twice is one array."""
    arrays: list[Array] = []
    for stack in stacks:
        rows = stack.rows[1] - stack.rows[0]
        if stack.tied is None:
            arrays.append(np.zeros((rows, stack.columns), dtype))
        else:
            home, offset = stack.tied
            arrays.append(arrays[home][offset : offset + rows])
    length = max((stop for stack, _, stop in places.values() if stack < 0), default=0)
    return Weights(places, arrays, np.zeros(length, dtype))
