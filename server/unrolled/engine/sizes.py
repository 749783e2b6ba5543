"""Sizes of a cell's values, inferred from its equations by unification.

A size is a name (``input``, ``units``, ``static``, or a field of the layer such as ``outputs``)
or, for ``concat``, a sum of sizes. What nothing determines is ``units``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from .errors import CellError
from .expressions import Apply, Expression, Name, Number, Position
from .operations import OPERATIONS
from .parse import Equation

Size = str | tuple["Size", ...]
"""``"units"``, or a tuple of sizes that are concatenated."""

INPUTS: dict[str, Size] = {"x": "input", "v": "static"}


def entries(size: Size, dimensions: Mapping[str, int]) -> int:
    """How many entries a value of this size has."""
    if isinstance(size, str):
        return dimensions[size]
    return sum(entries(part, dimensions) for part in size)


def words(size: Size) -> str:
    """The size as people read it: ``units``, ``units + input``."""
    return size if isinstance(size, str) else " + ".join(words(part) for part in size)


class _Unifier:
    """Union–find over size variables; a variable is a string that starts with ``?``."""

    def __init__(self) -> None:
        self._bound: dict[str, Size] = {}
        self._fresh = count()

    def fresh(self) -> Size:
        return f"?{next(self._fresh)}"

    def find(self, size: Size) -> Size:
        if isinstance(size, tuple):
            return tuple(self.find(part) for part in size)
        while size in self._bound:
            bound = self._bound[size]
            if isinstance(bound, tuple):
                return self.find(bound)
            size = bound
        return size

    def unify(self, left: Size, right: Size, at: Position) -> None:
        left, right = self.find(left), self.find(right)
        if left == right:
            return
        if isinstance(left, str) and left.startswith("?") and not _occurs(left, right):
            self._bound[left] = right
        elif isinstance(right, str) and right.startswith("?") and not _occurs(right, left):
            self._bound[right] = left
        elif isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
            for one, other in zip(left, right, strict=True):
                self.unify(one, other, at)
        else:
            raise CellError(
                f"values of one size, {_shown(left)} entries", f"{_shown(right)} entries",
                line=at.line, column=at.column,
            )  # fmt: skip


def infer(
    equations: Iterable[Equation], matrices: Iterable[str], declared: Mapping[str, str]
) -> tuple[dict[str, Size], dict[str, tuple[Size, Size]]]:
    """Sizes of every value, input and vector parameter; rows and columns of every matrix.

    `declared` gives sizes that the cell file states (``[sizes] y = "outputs"``).

    Raises:
        CellError: where two sizes that must agree do not.
    """
    unifier = _Unifier()
    vectors: dict[str, Size] = {**INPUTS, **declared}
    shapes: dict[str, tuple[Size, Size]] = {
        name: (unifier.fresh(), unifier.fresh()) for name in matrices
    }

    def size_of(node: Expression) -> Size | None:
        match node:
            case Number():
                return None
            case Name(id=name):
                if name in shapes:
                    raise CellError(
                        f"{name} @ a vector", f"the matrix {name!r} alone",
                        line=node.at.line, column=node.at.column,
                    )  # fmt: skip
                return vectors.setdefault(name, unifier.fresh())
            case Apply(operation="matmul", arguments=(Name(id=name), operand)):
                if name not in shapes:
                    raise CellError(
                        "a matrix, its name starting with a capital", repr(name),
                        line=node.at.line, column=node.at.column,
                    )  # fmt: skip
                rows, columns = shapes[name]
                size = size_of(operand)
                if size is None:
                    raise CellError(
                        f"{name} @ a vector", "a number", line=node.at.line, column=node.at.column
                    )
                unifier.unify(columns, size, node.at)
                return rows
            case Apply(operation="concat", arguments=arguments):
                return tuple(size_of(part) or unifier.fresh() for part in arguments)
            case Apply(operation=operation, arguments=arguments):
                sizes = [s for s in map(size_of, arguments) if s is not None]
                for other in sizes[1:]:
                    unifier.unify(sizes[0], other, node.at)
                if not sizes and not OPERATIONS[operation].elementwise:
                    raise CellError(
                        "a vector", "a number", line=node.at.line, column=node.at.column
                    )
                return sizes[0] if sizes else None

    for equation in equations:
        size = size_of(equation.expression)
        own = vectors.setdefault(equation.name, unifier.fresh())
        if size is not None:
            unifier.unify(own, size, equation.at)

    settled = {name: _settle(unifier.find(size)) for name, size in vectors.items()}
    return settled, {
        name: (_settle(unifier.find(rows)), _settle(unifier.find(columns)))
        for name, (rows, columns) in shapes.items()
    }


def _settle(size: Size) -> Size:
    if isinstance(size, tuple):
        return tuple(_settle(part) for part in size)
    return "units" if size.startswith("?") else size


def _occurs(variable: str, size: Size) -> bool:
    if isinstance(size, tuple):
        return any(_occurs(variable, part) for part in size)
    return variable == size


def _shown(size: Size) -> str:
    return words(_settle(size))
