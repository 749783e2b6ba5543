"""Equations flattened into one dataflow graph, the form that is scheduled and differentiated.

Every node depends only on nodes with smaller indices. Sums are n-ary with signs, matrix products
stand inside exactly one sum, equal unnamed parts are one node. Derivatives extend the same graph
(`adjoint.py`), so a factor such as ``o * (1 - m * m)`` is scheduled like any other value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .cell import Cell
from .expressions import Apply, Expression, Name, Number
from .operations import OPERATIONS
from .sizes import Size

LEAVES = ("input", "previous", "parameter", "number")


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the graph.

    `kind`: ``input`` (x, v), ``previous`` (a state one step earlier), ``parameter`` (a vector),
    ``number``, ``product`` (matrix `key` times its argument), ``sum`` (arguments with `signs`)
    or ``apply`` (operation `key`). `size` is None for what is one number for all units.
    """

    index: int
    kind: str
    key: str = ""
    arguments: tuple[int, ...] = ()
    signs: tuple[int, ...] = ()
    value: float = 0.0
    size: Size | None = None

    @property
    def leaf(self) -> bool:
        """Whether the node has no arguments."""
        return self.kind in LEAVES


class Dataflow:
    """The nodes of one cell (options applied), and a builder that simplifies as it goes."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.nodes: list[Node] = []
        self.named: dict[str, int] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self.original = 0
        self._matrices = {p.name: p.shape for p in cell.parameters if len(p.shape) == 2}
        self._vectors = {p.name: p.shape[0] for p in cell.parameters if len(p.shape) == 1}
        for equation in cell.evaluation:
            self.named[equation.name] = self._root(equation.name, equation.expression)
        # Only now: an equation that says the same as another does not read the other's value,
        # while factors of the backward pass may take any number that is there already.
        for index in self.named.values():
            self._seen.setdefault(_identity(self[index]), index)
        self.original = len(self.nodes)
        self.names = {index: name for name, index in self.named.items()}

    def __getitem__(self, index: int) -> Node:
        return self.nodes[index]

    @property
    def previous(self) -> dict[str, int]:
        """Recurrent states: those whose ``[t-1]`` some equation reads."""
        return {n.key: n.index for n in self.nodes[: self.original] if n.kind == "previous"}

    def number(self, value: float) -> int:
        """A constant."""
        return self._node("number", value=value)

    def apply(self, operation: str, *arguments: int) -> int:
        """An operation, simplified where a factor or a term vanishes."""
        if operation in ("add", "subtract", "negative"):
            signs = {"add": (1, 1), "subtract": (1, -1), "negative": (-1,)}[operation]
            return self.sum(zip(signs, arguments, strict=True))
        simpler = self._simplified(operation, arguments)
        if simpler is not None:
            return simpler
        size = self._joint(arguments) if operation != "concat" else self._concatenated(arguments)
        return self._node("apply", operation, arguments, size=size)

    def sum(self, terms: Iterable[tuple[int, int]]) -> int:
        """A sum of signed terms; numbers are gathered."""
        flat, constant = self._flattened(terms)
        if constant or not flat:
            place = 0 if flat and flat[0][0] < 0 else len(flat)
            flat.insert(place, (1, self.number(constant)))
        if len(flat) == 1 and flat[0][0] == 1 and self[flat[0][1]].kind != "product":
            return flat[0][1]
        if len(flat) == 1 and self[flat[0][1]].kind == "number":
            return self.number(-self[flat[0][1]].value)
        signs, arguments = zip(*flat, strict=True)
        return self._node("sum", "", arguments, signs=signs, size=self._joint(arguments))

    def multiply(self, left: int, right: int) -> int:
        """The elementwise product."""
        return self.apply("multiply", left, right)

    def is_number(self, index: int, value: float) -> bool:
        """Whether the node is this constant."""
        return self[index].kind == "number" and self[index].value == value

    def lower(self, expression: Expression, bound: dict[str, int] | None = None) -> int:
        """The node of an expression; `bound` gives the nodes of ``a``, ``b`` and ``y``."""
        match expression:
            case Number(value=value):
                return self.number(value)
            case Name():
                return bound[expression.id] if bound is not None else self._name(expression)
            case Apply(operation="add" | "subtract" | "negative" | "matmul"):
                return self.sum(self._terms(expression, 1, bound))
            case Apply(operation=operation, arguments=arguments):
                return self.apply(operation, *(self.lower(a, bound) for a in arguments))

    def _terms(
        self, expression: Expression, sign: int, bound: dict[str, int] | None
    ) -> list[tuple[int, int]]:
        match expression:
            case Apply(operation="add", arguments=(left, right)):
                return self._terms(left, sign, bound) + self._terms(right, sign, bound)
            case Apply(operation="subtract", arguments=(left, right)):
                return self._terms(left, sign, bound) + self._terms(right, -sign, bound)
            case Apply(operation="negative", arguments=(operand,)):
                return self._terms(operand, -sign, bound)
            case Apply(operation="matmul", arguments=(Name(id=matrix), operand)):
                return [(sign, self._product(matrix, self.lower(operand), sign))]
        return [(sign, self.lower(expression, bound))]

    def _product(self, matrix: str, operand: int, sign: int) -> int:
        if self[operand].kind in ("parameter", "number"):
            operand = self._fresh("apply", "identity", (operand,), size=self[operand].size)
        product = self._fresh("product", matrix, (operand,), size=self._matrices[matrix][0])
        if sign > 0:
            return product
        # Stacked products are added; one that is subtracted becomes a sum of its own.
        return self._fresh("sum", "", (product,), signs=(1,), size=self[product].size)

    def _root(self, name: str, expression: Expression) -> int:
        """A named value has a node to itself."""
        size = self.cell.size_of[name]
        before = len(self.nodes)
        index = self.lower(expression)
        if index < before or self[index].leaf or index in self.named.values():
            return self._fresh("apply", "identity", (index,), size=size)
        node = self[index]
        self._seen.pop(_identity(node), None)
        self.nodes[index] = Node(index, node.kind, node.key, node.arguments, node.signs, size=size)
        return index

    def _name(self, name: Name) -> int:
        if name.previous:
            return self._node("previous", name.id, size=self.cell.size_of[name.id])
        if name.id in self.cell.by_name:
            return self.named[name.id]
        if name.id in self._vectors:
            return self._node("parameter", name.id, size=self._vectors[name.id])
        return self._node("input", name.id, size=self.cell.size_of[name.id])

    def _flattened(self, terms: Iterable[tuple[int, int]]) -> tuple[list[tuple[int, int]], float]:
        flat: list[tuple[int, int]] = []
        constant = 0.0
        for sign, index in terms:
            node = self[index]
            if node.kind == "number":
                constant += sign * node.value
            else:
                flat.append((sign, index))
        flat.sort(key=lambda term: -term[0])  # a sum that starts with a plus needs no negation
        return flat, constant

    def _simplified(self, operation: str, arguments: tuple[int, ...]) -> int | None:
        if all(self[a].kind == "number" for a in arguments) and operation != "concat":
            return self._folded(operation, arguments)
        if operation == "multiply":
            for one, other in (arguments, arguments[::-1]):
                if self.is_number(one, 1):
                    return other
                # In a cell's own equations 0·∞ stays what it is; in a factor 0 means no path.
                if self.original and self.is_number(one, 0):
                    return one
                if self.is_number(one, -1):
                    return self.sum([(-1, other)])
        if operation == "divide" and self.is_number(arguments[1], 1):
            return arguments[0]
        return None

    def _folded(self, operation: str, arguments: tuple[int, ...]) -> int | None:
        from .numeric import evaluate

        if not OPERATIONS[operation].elementwise:
            return None
        return self.number(evaluate(operation, [self[a].value for a in arguments]))

    def _joint(self, arguments: Iterable[int]) -> Size | None:
        return next((self[a].size for a in arguments if self[a].size is not None), None)

    def _concatenated(self, arguments: Iterable[int]) -> Size:
        return tuple(size if (size := self[a].size) is not None else "units" for a in arguments)

    def _node(
        self, kind: str, key: str = "", arguments: tuple[int, ...] = (), *,
        signs: tuple[int, ...] = (), value: float = 0.0, size: Size | None = None,
    ) -> int:  # fmt: skip
        identity = _identity(Node(-1, kind, key, arguments, signs, value))
        if identity not in self._seen:
            self._seen[identity] = self._fresh(
                kind, key, arguments, signs=signs, value=value, size=size
            )
        return self._seen[identity]

    def _fresh(
        self, kind: str, key: str = "", arguments: tuple[int, ...] = (), *,
        signs: tuple[int, ...] = (), value: float = 0.0, size: Size | None = None,
    ) -> int:  # fmt: skip
        self.nodes.append(Node(len(self.nodes), kind, key, arguments, signs, value, size))
        return len(self.nodes) - 1


def _identity(node: Node) -> tuple[object, ...]:
    """What two nodes that are the same have in common; 0 and −0 differ."""
    return node.kind, node.key, node.arguments, node.signs, node.value, str(node.value)
