"""The expression graph: three kinds of frozen nodes.

`Number` and `Name` are leaves, `Apply` puts an operation (a row of `operations.py`) on its
arguments. Operators and functions are the same thing here; only notation tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Position:
    """Where an expression stands in the cell's text, counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, the same for every unit."""

    value: float
    at: Position = field(default=Position(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A value, an input or a parameter; with `previous`, the state one step earlier."""

    id: str
    previous: bool = False
    at: Position = field(default=Position(), compare=False, repr=False)

    @property
    def key(self) -> str:
        """The name as it is written: ``h`` or ``h[t-1]``."""
        return f"{self.id}[t-1]" if self.previous else self.id


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation on arguments, e.g. ``multiply(f, c[t-1])``."""

    operation: str
    arguments: tuple[Expression, ...]
    at: Position = field(default=Position(), compare=False, repr=False)


Expression = Number | Name | Apply


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node, parents before children, left to right."""
    pending: list[Expression] = [expression]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Apply):
            pending.extend(reversed(node.arguments))


def height(expression: Expression) -> int:
    """The longest way down to a leaf, found without recursion."""
    highest, pending = 0, [(expression, 0)]
    while pending:
        node, depth = pending.pop()
        highest = max(highest, depth)
        if isinstance(node, Apply):
            pending.extend((argument, depth + 1) for argument in node.arguments)
    return highest


def names(expression: Expression) -> Iterator[Name]:
    """Every name that occurs, in reading order, repeated as often as it occurs."""
    return (node for node in walk(expression) if isinstance(node, Name))


def substitute(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """The expression with its bare names replaced, e.g. a derivative's ``y`` by a value."""
    match expression:
        case Name(id=key, previous=False) if key in values:
            return values[key]
        case Apply(operation=operation, arguments=arguments, at=at):
            return Apply(operation, tuple(substitute(a, values) for a in arguments), at)
    return expression


def rename(expression: Expression, operations: Mapping[str, str]) -> Expression:
    """The expression with its operations replaced, e.g. ``activation`` by ``tanh``."""
    if not isinstance(expression, Apply):
        return expression
    arguments = tuple(rename(a, operations) for a in expression.arguments)
    return Apply(
        operations.get(expression.operation, expression.operation), arguments, expression.at
    )
