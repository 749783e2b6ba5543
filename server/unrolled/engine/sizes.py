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
"""What a cell is given at each step; the parts in ``parts/`` may have other inputs."""
MAX_PARTS = 256
"""Parts of a concatenation; concatenating a value with itself doubles them each time."""


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
        self.at = Position()

    def fresh(self) -> Size:
        return f"?{next(self._fresh)}"

    def find(self, size: Size) -> Size:
        if isinstance(size, tuple):
            return self._parts(size)
        while size in self._bound:
            bound = self._bound[size]
            if isinstance(bound, tuple):
                return self.find(bound)
            size = bound
        return size

    def _parts(self, size: tuple[Size, ...]) -> Size:
        found: list[Size] = []
        total = 0
        for part in size:
            found.append(self.find(part))
            total += _leaves(found[-1])
            if total > MAX_PARTS:
                raise _error(f"at most {MAX_PARTS} parts in a concatenation", "more", self.at)
        return tuple(found)

    def unify(self, left: Size, right: Size, at: Position) -> None:
        self.at = at
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
            raise _error(
                f"values of one size, {_shown(left)} entries", f"{_shown(right)} entries", at
            )


def infer(
    equations: Iterable[Equation], matrices: Iterable[str], declared: Mapping[str, Size]
) -> tuple[dict[str, Size], dict[str, tuple[Size, Size]]]:
    """Sizes of every value, input and vector parameter; rows and columns of every matrix.

    `declared` gives the sizes of inputs, and those that the cell file states
    (``[sizes] y = "outputs"``).

    Raises:
        CellError: where two sizes that must agree do not.
    """
    inference = _Inference(matrices, declared)
    for equation in equations:
        inference.equation(equation)
    find = inference.unifier.find
    settled = {name: _settle(find(size)) for name, size in inference.vectors.items()}
    return settled, {
        name: (_settle(find(rows)), _settle(find(columns)))
        for name, (rows, columns) in inference.shapes.items()
    }


class _Inference:
    """Sizes found so far: of vectors by name, of matrices as (rows, columns)."""

    def __init__(self, matrices: Iterable[str], declared: Mapping[str, Size]) -> None:
        self.unifier = _Unifier()
        self.vectors: dict[str, Size] = dict(declared)
        self.shapes: dict[str, tuple[Size, Size]] = {
            name: (self.unifier.fresh(), self.unifier.fresh()) for name in matrices
        }

    def equation(self, equation: Equation) -> None:
        """A value has the size of its expression; a number fits any size."""
        size = self._size(equation.expression)
        own = self.vectors.setdefault(equation.name, self.unifier.fresh())
        if size is not None:
            self.unifier.unify(own, size, equation.at)

    def _size(self, node: Expression) -> Size | None:
        match node:
            case Number():
                return None
            case Name(id=name):
                if name in self.shapes:
                    raise _error(f"{name} @ a vector", f"the matrix {name!r} alone", node.at)
                return self.vectors.setdefault(name, self.unifier.fresh())
            case Apply(operation="matmul", arguments=(Name(id=name), operand)):
                return self._product(name, operand, node.at)
            case Apply(operation="concat", arguments=arguments):
                return tuple(self._part(part) for part in arguments)
            case Apply():
                return self._joint(node)

    def _part(self, node: Expression) -> Size:
        size = self._size(node)
        if size is None:
            raise _error("a vector to concatenate", "a number, which has no size", node.at)
        return size

    def _product(self, name: str, operand: Expression, at: Position) -> Size:
        if name not in self.shapes:
            raise _error("a matrix, its name starting with a capital", repr(name), at)
        rows, columns = self.shapes[name]
        size = self._size(operand)
        if size is None:
            raise _error(f"{name} @ a vector", "a number", at)
        self.unifier.unify(columns, size, at)
        return rows

    def _joint(self, node: Apply) -> Size | None:
        sizes = [size for size in map(self._size, node.arguments) if size is not None]
        for other in sizes[1:]:
            self.unifier.unify(sizes[0], other, node.at)
        if not sizes and not OPERATIONS[node.operation].elementwise:
            raise _error("a vector", "a number", node.at)
        return sizes[0] if sizes else None


def _settle(size: Size) -> Size:
    if isinstance(size, tuple):
        return tuple(_settle(part) for part in size)
    return "units" if size.startswith("?") else size


def _leaves(size: Size) -> int:
    return sum(map(_leaves, size)) if isinstance(size, tuple) else 1


def _occurs(variable: str, size: Size) -> bool:
    if isinstance(size, tuple):
        return any(_occurs(variable, part) for part in size)
    return variable == size


def _shown(size: Size) -> str:
    return words(_settle(size))


def _error(expected: str, got: str, at: Position) -> CellError:
    return CellError(expected, got, line=at.line, column=at.column)
