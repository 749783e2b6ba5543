"""Where a gradient comes from: every use of a value, each with its local derivative.

dL/d(v[j]) is a sum over everything that uses v: the equations of this step, those of the next
step that see v[t-1], and what lies outside the cell. Local derivatives are the operations
table's `derivative` expressions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .arithmetic import Leaf, Node, Product, Sum
from .expressions import Apply, Expression, Name, names, substitute
from .operations import OPERATIONS
from .parse import expression
from .scope import Scope
from .unfold import unfold, width


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a value into entry `unit` of an expression; `group` names the matrix on it."""

    unit: int
    factors: tuple[Node, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One number that is looked for: of a vector, or of a matrix."""

    name: Name
    unit: int
    column: int | None


def gradient(name: str, unit: int, scope: Scope) -> Sum:
    """dL/d(name[unit]) at the scope's step, as the sum of what every use passes back."""
    closed = scope.closed(name, unit)
    if closed is not None:
        return Sum(tuple((1, term) for term in closed))
    terms = [*uses(Name(name), unit, scope)]
    following = scope.following()
    if following is not None and name in scope.cell.state:
        terms += uses(Name(name, previous=True), unit, following)
    terms += scope.outside(name, unit)
    return Sum(tuple((1, term) for term in terms))


def uses(target: Name, unit: int, scope: Scope, column: int | None = None) -> Iterator[Node]:
    """What each equation that mentions `target` passes back to its entry `unit`, or, of a matrix,
    to the entry in row `unit` and `column`."""
    entry = _Entry(target, unit, column)
    for equation in scope.cell.equations:
        if target not in names(equation.expression):
            continue
        found: dict[str, list[Node]] = {}
        for path in _paths(equation.expression, Name(equation.name), entry, scope):
            factors = (scope.adjoint(equation.name, path.unit), *path.factors)
            found.setdefault(path.group, []).append(Product(factors))
        for group, products in found.items():
            if group:
                yield Sum(tuple((1, product) for product in products), group)
            else:
                yield from products


def _paths(node: Expression, result: Expression, entry: _Entry, scope: Scope) -> Iterator[Path]:
    """All ways from the entry into `node`, whose value is written `result`."""
    if node == entry.name:
        yield Path(entry.unit)
    if not isinstance(node, Apply) or entry.name not in names(node):
        return
    if node.operation == "matmul":
        yield from _through_matrix(node, entry, scope)
    elif node.operation == "concat":
        yield from _through_concat(node, entry, scope)
    elif node.operation == "softmax":
        yield from _through_softmax(node, result, entry, scope)
    else:
        yield from _by_unit(node, result, entry, scope)


def _by_unit(node: Apply, result: Expression, entry: _Entry, scope: Scope) -> Iterator[Path]:
    for index, argument in enumerate(node.arguments):
        for path in _paths(argument, argument, entry, scope):
            local = _local(node, result, index, path.unit, scope)
            factors = path.factors if _is_one(local) else (local, *path.factors)
            yield Path(path.unit, factors, path.group)


def _local(node: Apply, result: Expression, index: int, unit: int, scope: Scope) -> Node:
    """The derivative by one argument, as textbooks write it where that is as exact."""
    row = OPERATIONS[node.operation]
    written = {"y": result, **dict(zip("ab", node.arguments, strict=False))}
    exact = unfold(substitute(expression(row.derivative[index]), written), unit, scope)
    if not row.reading:
        return exact
    read = unfold(substitute(expression(row.reading[index]), written), unit, scope)
    return read if math.isclose(read.value, exact.value, rel_tol=1e-9) else exact


def _through_matrix(node: Apply, entry: _Entry, scope: Scope) -> Iterator[Path]:
    matrix, operand = node.arguments
    assert isinstance(matrix, Name)
    if matrix == entry.name and entry.column is not None:
        yield Path(entry.unit, (unfold(operand, entry.column, scope),))
    rows = scope.parameter(matrix.id).shape[0]
    for path in _paths(operand, operand, entry, scope):
        for row in range(rows):
            weight = scope.entry(matrix.id, row, path.unit)
            yield Path(row, (weight, *path.factors), matrix.id)


def _through_concat(node: Apply, entry: _Entry, scope: Scope) -> Iterator[Path]:
    offset = 0
    for argument in node.arguments:
        for path in _paths(argument, argument, entry, scope):
            yield Path(path.unit + offset, path.factors, path.group)
        offset += width(argument, scope)


def _through_softmax(
    node: Apply, result: Expression, entry: _Entry, scope: Scope
) -> Iterator[Path]:
    """dy_k/da_m = y_k·(δ_km − y_m)."""
    (argument,) = node.arguments
    for path in _paths(argument, argument, entry, scope):
        own = unfold(result, path.unit, scope)
        for other in range(width(argument, scope)):
            delta = Leaf("1", 1.0) if other == path.unit else Leaf("0", 0.0)
            local = Sum(((1, delta), (-1, own)))
            yield Path(other, (unfold(result, other, scope), local, *path.factors), path.group)


def _is_one(node: Node) -> bool:
    return isinstance(node, Leaf) and node.address is None and node.value == 1
