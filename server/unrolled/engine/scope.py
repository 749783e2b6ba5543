"""What an explanation looks at: one step of one cell, with its numbers and its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from .arithmetic import Leaf, Node
from .cell import Cell

Array = NDArray[Any]


class Scope(Protocol):
    """One step of a cell whose options are chosen.

    `previous` is what ``[t-1]`` saw: the step this direction came from, or the initial state.
    """

    @property
    def cell(self) -> Cell:
        """The cell, its options applied."""

    def value(self, name: str, *, previous: bool = False) -> Array:
        """(size,) of x, v or a named value."""

    def parameter(self, name: str) -> Array:
        """A matrix (rows, columns) or a vector (size,)."""

    def gradient(self, name: str) -> Array | None:
        """(size,) dL/d(named value), None where gradients were not asked for."""

    @property
    def differentiated(self) -> bool:
        """Whether gradients were asked for."""

    def following(self) -> Scope | None:
        """The step this direction goes to next, None after its last."""

    def leaf(self, name: str, unit: int, *, previous: bool = False) -> Leaf:
        """One entry of a value with its label and address."""

    def entry(self, name: str, *indices: int) -> Leaf:
        """One entry of a parameter with its label and address."""

    def adjoint(self, name: str, unit: int) -> Leaf:
        """One entry of a gradient with its label and address."""

    def given(self, name: str, unit: int) -> Node | None:
        """What an input is made of outside the cell (the layer beneath), None if it is given."""

    def outside(self, name: str, unit: int) -> Sequence[Node]:
        """Terms that reach the gradient of a value from outside the cell: the layer above, the
        readout, pooling, the loss."""

    def closed(self, name: str, unit: int) -> Sequence[Node] | None:
        """All terms of a gradient where it has a form of its own, else None."""
