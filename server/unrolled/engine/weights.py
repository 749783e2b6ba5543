"""Parameters of a compiled cell: stacked as the program multiplies them, seen by name.

Every named parameter is a view into a stack, so that an edit in place is an edit of the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import EngineError
from .plan import Stack

Array = NDArray[Any]


class Weights(Mapping[str, Array]):
    """Matrices (rows, columns) and vectors (entries,) by name.

    `stacks[n]` is the n-th stacked matrix of the plan, C-contiguous.
    """

    def __init__(
        self, stacks: Sequence[Stack], shapes: Mapping[str, tuple[int, ...]], dtype: Any
    ) -> None:
        self.dtype = np.dtype(dtype)
        self._views: dict[str, Array] = {}
        self.stacks: list[Array] = []
        for stack in stacks:
            rows = stack.rows[1] - stack.rows[0]
            if stack.tied is not None:
                home, offset = stack.tied
                self.stacks.append(self.stacks[home][offset : offset + rows])
                continue
            held = np.zeros((rows, stack.columns), dtype)
            start = 0
            for name in stack.matrices:
                extent = shapes[name][0]
                self._views[name] = held[start : start + extent]
                start += extent
            self.stacks.append(held)
        for name, shape in shapes.items():
            self._views.setdefault(name, np.zeros(shape, dtype))
        self._order = tuple(shapes)

    def __getitem__(self, name: str) -> Array:
        return self._views[name]

    def __iter__(self) -> Any:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def assign(self, values: Mapping[str, ArrayLike], field: str = "weights") -> None:
        """Copy values in.

        Raises:
            EngineError: an unknown name or a wrong shape, by field.
        """
        for name, value in values.items():
            if name not in self._views:
                raise EngineError(f"{field}.{name}", "one of " + ", ".join(self._order), name)
            array = np.asarray(value)
            view = self._views[name]
            if array.shape != view.shape:
                raise EngineError(f"{field}.{name}", f"shape {view.shape}", f"shape {array.shape}")
            view[...] = array
