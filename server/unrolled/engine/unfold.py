"""One unit of an expression as arithmetic: products of matrices term by term, the rest by unit."""

from __future__ import annotations

import numpy as np

from .arithmetic import Function, Leaf, Node, Product, Quotient, Sum
from .evaluate import applied
from .expressions import Apply, Expression, Name, Number
from .scope import Array, Scope
from .typeset import number


def unfold(node: Expression, unit: int, scope: Scope) -> Node:
    """Entry `unit` of an expression's value, down to named values, parameters and numbers."""
    match node:
        case Number(value=value):
            return Leaf(number(value), value)
        case Name():
            return _leaf(node, unit, scope)
        case Apply(operation="matmul", arguments=(Name(id=matrix), operand)):
            return _row(matrix, operand, unit, scope)
        case Apply(operation="softmax", arguments=(argument,)):
            return _share(argument, unit, scope)
        case Apply(operation="concat", arguments=arguments):
            part, offset = _part(arguments, unit, scope)
            return unfold(part, unit - offset, scope)
    parts = tuple(unfold(argument, unit, scope) for argument in node.arguments)
    return _combined(node.operation, parts)


def _combined(operation: str, parts: tuple[Node, ...]) -> Node:
    match operation, parts:
        case "add", (left, right):
            return Sum(((1, left), (1, right)))
        case "subtract", (left, right):
            return Sum(((1, left), (-1, right)))
        case "negative", (inner,):
            return Sum(((-1, inner),))
        case "multiply", _:
            return Product(parts)
        case "divide", (above, below):
            return Quotient(above, below)
    return Function(operation, parts)


def entries(node: Expression, scope: Scope) -> Array:
    """The whole vector of an expression, computed from named values. A number has one entry."""
    match node:
        case Number(value=value):
            return np.full(1, value)
        case Name(id=name, previous=previous):
            if name in scope.cell.size_of:
                return scope.value(name, previous=previous)
            return scope.parameter(name)
    arguments = [entries(argument, scope) for argument in node.arguments]
    with np.errstate(all="ignore"):
        return applied(node.operation, arguments)


def width(node: Expression, scope: Scope) -> int:
    """How many entries an expression has."""
    return int(entries(node, scope).shape[0])


def _leaf(name: Name, unit: int, scope: Scope) -> Leaf:
    if name.id in scope.cell.size_of:
        return scope.leaf(name.id, unit, previous=name.previous)
    return scope.entry(name.id, unit)


def _row(matrix: str, operand: Expression, unit: int, scope: Scope) -> Sum:
    columns = scope.parameter(matrix).shape[1]
    products = (
        Product((scope.entry(matrix, unit, column), unfold(operand, column, scope)))
        for column in range(columns)
    )
    return Sum(tuple((1, product) for product in products), group=matrix)


def _share(argument: Expression, unit: int, scope: Scope) -> Quotient:
    """softmax as it is defined: e^z over the sum of all."""
    parts = [
        Function("exp", (unfold(argument, other, scope),))
        for other in range(width(argument, scope))
    ]
    return Quotient(parts[unit], Sum(tuple((1, part) for part in parts)))


def _part(arguments: tuple[Expression, ...], unit: int, scope: Scope) -> tuple[Expression, int]:
    """Which of the joined vectors an entry comes from, and where that one begins."""
    offset = 0
    for argument in arguments:
        size = width(argument, scope)
        if unit < offset + size:
            return argument, offset
        offset += size
    raise IndexError(unit)
