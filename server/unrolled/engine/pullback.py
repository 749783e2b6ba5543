"""Equations taken backwards, one by one: what the uses of each name pass back to it.

The compiler differentiates whole cells for speed; this walks single equations of a run that is
recorded already, where what passes between two named values is itself the question. Derivatives
are the operations table's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cotangent import Cotangent
from .evaluate import applied
from .expressions import Apply, Expression, Name, Number, names, substitute
from .operations import OPERATIONS
from .parse import Equation, expression
from .records import Run

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a name stands. For a matrix `cotangent` is that of its product and
    `operand` (time, columns) what it multiplies; else `operand` is None."""

    name: Name
    cotangent: Cotangent
    operand: Array | None = None


class Window:
    """The steps `start`…`stop` of one direction's run of a single sequence, in its own order."""

    def __init__(self, run: Run, start: int = 0, stop: int | None = None) -> None:
        self.run = run
        self.start = start
        self.stop = run.space.steps if stop is None else stop
        self._known: dict[Expression, Array] = {}

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.stop - self.start

    def value(self, node: Expression) -> Array:
        """An expression at every step: (time, entries), fewer axes where it is constant."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._value(node)
        return found

    def width(self, node: Expression) -> int:
        """How many entries a part of a concatenation has; a plain number counts as units."""
        found = int(self.value(node).shape[-1])
        constant = not any(True for _ in names(node))
        return self.run.program.dimensions["units"] if constant else found

    def _value(self, node: Expression) -> Array:
        match node:
            case Number(value=value):
                return np.full(1, value, self.run.record.dtype)
            case Name():
                return self._named(node)
        arguments = [self.value(argument) for argument in node.arguments]
        if node.operation == "concat":
            arguments = [
                np.broadcast_to(array, (*array.shape[:-1], self.width(argument)))
                for array, argument in zip(arguments, node.arguments, strict=True)
            ]
        return applied(node.operation, arguments)

    def _named(self, name: Name) -> Array:
        run, program = self.run, self.run.program
        if name.previous:
            rows = program.layout.rows[program.layout.states[name.id]]
            return run.record[self.start : self.stop, slice(*rows)]
        if name.id in program.cell.by_name:
            return run.value(name.id)[self.start : self.stop]
        if name.id in program.cell.inputs:
            return run.inputs[name.id][self.start : self.stop]
        return run.weights[name.id]


def uses(
    equation: Equation, cotangent: Cotangent, window: Window, wanted: Collection[Name]
) -> Iterator[Use]:
    """What an equation passes back to each place where a wanted name stands."""
    return _into(equation.expression, Name(equation.name), cotangent, window, wanted)


def _into(
    node: Expression, result: Expression, cotangent: Cotangent, window: Window,
    wanted: Collection[Name],
) -> Iterator[Use]:  # fmt: skip
    """Through `node`, whose value is written `result`."""
    if isinstance(node, Name) and node in wanted:
        yield Use(node, cotangent)
    if not isinstance(node, Apply) or not any(name in wanted for name in names(node)):
        return
    match node:
        case Apply("matmul", (Name() as matrix, operand)):
            if matrix in wanted:
                yield Use(matrix, cotangent, window.value(operand))
            if any(name in wanted for name in names(operand)):
                through = cotangent.through(window.value(matrix))
                yield from _into(operand, operand, through, window, wanted)
        case Apply("softmax", (argument,)):
            through = cotangent.through_softmax(window.value(result))
            yield from _into(argument, argument, through, window, wanted)
        case Apply("concat"):
            yield from _parts(node, cotangent, window, wanted)
        case _:
            yield from _by_unit(node, result, cotangent, window, wanted)


def _parts(
    node: Apply, cotangent: Cotangent, window: Window, wanted: Collection[Name]
) -> Iterator[Use]:
    start = 0
    for argument in node.arguments:
        stop = start + window.width(argument)
        yield from _into(argument, argument, cotangent.part(start, stop), window, wanted)
        start = stop


def _by_unit(
    node: Apply, result: Expression, cotangent: Cotangent, window: Window, wanted: Collection[Name]
) -> Iterator[Use]:
    written = {"y": result, **dict(zip("ab", node.arguments, strict=False))}
    for argument, derivative in zip(
        node.arguments, OPERATIONS[node.operation].derivative, strict=True
    ):
        local = expression(derivative)
        if local == Number(0):  # no path, whatever stands above it
            continue
        passed = cotangent
        if local != Number(1):
            passed = cotangent.scaled(window.value(substitute(local, written)))
        yield from _into(argument, argument, passed, window, wanted)
