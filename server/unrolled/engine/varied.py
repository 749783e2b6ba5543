"""A network in which single entries of its weights differ along the batch.

A program holds one set of weights for a whole batch. So an entry that shall vary is taken out of
the weights (set to zero) and enters as a further state that never changes, ``d[t] = d[t-1]``,
whose value before the first step each column of the batch chooses for itself: a vector ``b``
becomes ``b + d``, and ``A @ v`` becomes ``A @ v + (S @ v) * d``, where S has a single 1 that picks
out the entry of v which the weight multiplies (without ``A @ v`` where A has no other entry: 0·∞
must not come in). The rewritten cell is compiled like any other, and
the gradient of that initial state is the gradient of the entry, for each column by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .addresses import Address
from .cell import Cell
from .errors import EngineError
from .expressions import Apply, Expression, Name, Position, substitute
from .layers import Direction
from .network import Network, NetworkGradients
from .parse import Equation
from .program import Program
from .records import Gradients, Run

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of one parameter: where it stands, its name, its index."""

    part: str
    name: str
    entry: tuple[int, ...]

    @classmethod
    def of(cls, network: Network, parameter: str, entry: Sequence[int], field: str) -> Place:
        """The place at an address.

        Raises:
            EngineError: below `field`: no such parameter, or no such entry of it.
        """
        shapes = {name: array.shape for name, array in network.parameters().items()}
        address = _address(parameter)
        found = shapes.get(str(address))
        if address is None or found is None:
            known = ", ".join(list(shapes)[:20])
            raise EngineError(f"{field}.parameter", f"one of {known}", repr(parameter)[:60])
        inside = len(entry) == len(found) and all(
            0 <= n < most for n, most in zip(entry, found, strict=True)
        )
        if not inside:
            last = ", ".join(str(extent - 1) for extent in found)
            raise EngineError(f"{field}.entry", f"an entry up to [{last}]", str(list(entry))[:60])
        return cls(address.part, address.name, tuple(entry))


def _address(text: str) -> Address | None:
    try:
        return Address.parse(text)
    except EngineError:
        return None


class Varied:
    """A copy of a network whose chosen entries are set column by column of a batch."""

    def __init__(self, network: Network, places: Sequence[Place]) -> None:
        self.network = network.copy()
        self.places = tuple(places)
        homes = dict(self.network.directions())
        self._homes = {
            part: _VariedDirection(homes[part], [p for p in places if p.part == part])
            for part in dict.fromkeys(place.part for place in places)
        }
        for part, direction in self._homes.items():
            if part == "readout":
                self.network.readout = direction
            else:
                number = int(part.split(".")[1])
                self.network.stack.layers[number].directions[direction.name] = direction

    def set(self, values: Array) -> None:
        """The entries (places, columns) of the runs to come."""
        for place, row in zip(self.places, values, strict=True):
            self._homes[place.part].set(place, row)

    def gradient(self, found: NetworkGradients) -> Array:
        """dL/d(entry) of every place and column, (places, columns)."""
        return np.stack([self._gradient(place, found) for place in self.places])

    def _gradient(self, place: Place, found: NetworkGradients) -> Array:
        if place.part == "readout":
            assert found.readout is not None
            return self._homes[place.part].gradient(place, found.readout)
        _, number, name = place.part.split(".")
        return self._homes[place.part].gradient(place, found.stack.layers[int(number)][name])


class _VariedDirection(Direction):
    """A direction whose cell has a further state for each entry that varies."""

    def __init__(self, plain: Direction, places: Sequence[Place]) -> None:
        alone = {name for name, array in plain.weights.items() if array.size == 1}
        cell = _rewritten(plain.cell, [place.name for place in places], alone)
        program = Program(cell, plain.program.dimensions)
        super().__init__(plain.name, program, plain.weights.dtype)
        kept = {name: array for name, array in plain.weights.items() if name in self.weights}
        self.weights.assign(kept)
        self._states = {place: _state(number) for number, place in enumerate(places)}
        self._before: dict[str, Array] = {}
        for number, place in enumerate(places):
            if place.name in self.weights:
                self.weights[place.name][place.entry] = 0
            if len(place.entry) == 2:
                self.weights[_selector(number)][place.entry] = 1

    def set(self, place: Place, values: Array) -> None:
        """The entry's value for each column, (columns,)."""
        state = self._states[place]
        before = np.zeros((self.program.size(state), len(values)), self.weights.dtype)
        before[place.entry[0]] = values
        self._before[state] = before

    def gradient(self, place: Place, gradients: Gradients) -> Array:
        """dL/d(entry), (columns,)."""
        return np.array(gradients.initial[self._states[place]][place.entry[0]])

    def forward(
        self, inputs: Mapping[str, Array], initial: Mapping[str, Array], steps: int,
        batch: int | None,
    ) -> Run:  # fmt: skip
        """As a plain direction's, the entries as `set`."""
        return super().forward(inputs, {**initial, **self._before}, steps, batch)


# Names that nobody can write in a cell, so that they clash with none.
def _state(number: int) -> str:
    return f"d.{number}"


def _selector(number: int) -> str:
    return f"S.{number}"


def _rewritten(cell: Cell, parameters: Sequence[str], alone: Set[str]) -> Cell:
    """The cell with a state for an entry of each of these parameters, which may repeat.

    `alone` are the parameters that have no other entry.
    """
    equations = cell.equations
    for number, parameter in enumerate(parameters):
        entry = _Entry(parameter, number, parameter in alone)
        before = entry.state
        kept = Equation(before.id, before, f"{before.id} = {before.key}", Position())
        equations = (
            *(replace(each, expression=entry.within(each.expression)) for each in equations),
            kept,
        )
    states = tuple(_state(number) for number in range(len(parameters)))
    return replace(cell, state=(*cell.state, *states), equations=equations)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the number-th entry, one of `parameter`, is in the equations."""

    parameter: str
    number: int
    alone: bool

    @property
    def state(self) -> Name:
        """The state that holds the entry."""
        return Name(_state(self.number), previous=True)

    def within(self, expression: Expression) -> Expression:
        """The expression with the entry added wherever the parameter stands."""
        if self.parameter[0].islower():
            return substitute(
                expression,
                {self.parameter: Apply("add", (Name(self.parameter), self.state))},
            )
        if not isinstance(expression, Apply):
            return expression
        arguments = tuple(self.within(each) for each in expression.arguments)
        found = Apply(expression.operation, arguments, expression.at)
        match found:
            case Apply("matmul", (Name(id=name), operand)) if name == self.parameter:
                picked = Apply("matmul", (Name(_selector(self.number)), operand))
                moved = Apply("multiply", (picked, self.state))
                return moved if self.alone else Apply("add", (found, moved))
        return found
