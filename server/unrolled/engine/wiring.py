"""The wiring of a cell: which value flows into which operation, read off its equations.

Parameters are not drawn. What they weight flows on unchanged (``W @ x`` is ``x`` entering), and
a sum of weighted values entering a function is one *learned* node, as lecturers draw it: the
``σ`` box. Everything else of an expression becomes an operation of its own. A pre-activation
``z_…`` that only one function sees is folded into that function's node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cell import Cell
from .expressions import Apply, Expression, Name, Number, names
from .operations import OPERATIONS

OPERATORS = ("add", "subtract", "multiply", "divide", "negative", "complement", "constant")
_SUMS = ("add", "subtract", "negative")
_LABELS = {"multiply": "×", "add": "+", "subtract": "−", "divide": "÷", "negative": "−"}


@dataclass(slots=True)
class Node:
    """A place of the diagram: an input, a previous state, or something computed."""

    id: str
    kind: str
    name: str | None = None
    pre: str | None = None
    operation: str | None = None
    option: str | None = None
    label: str = ""
    learned: bool = False
    role: str = "plain"
    gate: str | None = None
    inverted: bool = False


@dataclass(slots=True)
class Edge:
    """What flows from one node into another."""

    source: str
    target: str
    kind: str = "flow"
    role: str = "plain"


@dataclass
class Wiring:
    """Nodes by id and edges, in an order in which every node comes after what flows into it."""

    cell: Cell
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    _into: dict[str, list[Node]] = field(default_factory=dict)
    _out_of: dict[str, list[Node]] = field(default_factory=dict)

    def connect(self, source: str, target: str) -> None:
        """Let `source` flow into `target`; both are nodes already."""
        self.edges.append(Edge(source, target))
        self._into.setdefault(target, []).append(self.nodes[source])
        self._out_of.setdefault(source, []).append(self.nodes[target])

    def into(self, target: str) -> list[Node]:
        """The nodes that flow into `target`, in reading order."""
        return self._into.get(target, [])

    def out_of(self, source: str) -> list[Node]:
        """The nodes that `source` flows into."""
        return self._out_of.get(source, [])


def wire(cell: Cell) -> Wiring:
    """The nodes and edges of a cell, without roles and places."""
    return _Builder(cell).build()


class _Builder:
    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.wiring = Wiring(cell)
        self.folded = dict(_folded(cell))
        self.parts: Counter[str] = Counter()

    def build(self) -> Wiring:
        for name in self.cell.inputs:
            self.wiring.nodes[name] = Node(name, "input", name)
        for name in self.cell.state:
            self.wiring.nodes[f"{name}[t-1]"] = Node(f"{name}[t-1]", "previous", name)
        for equation in self.cell.evaluation:
            if equation.name not in self.folded.values():
                self._node(equation.expression, equation.name, equation.name)
        for key in [n.id for n in self.wiring.nodes.values() if n.kind == "previous"]:
            if not self.wiring.out_of(key):
                del self.wiring.nodes[key]  # a state that nothing reads back
        return self.wiring

    def _node(self, expression: Expression, scope: str, key: str | None) -> str:
        """Make the node whose value `expression` is; `key` is its name, if it has one."""
        node = Node(key or "", "value" if key else "operation", key)
        sources = self._describe(node, expression, scope)
        if key is None:
            node.id = f"{scope}.{self.parts[scope]}"
            self.parts[scope] += 1
        self.wiring.nodes[node.id] = node
        for source in dict.fromkeys(sources):
            self.wiring.connect(source, node.id)
        return node.id

    def _describe(self, node: Node, expression: Expression, scope: str) -> list[str]:
        """Fill in what the node does; the ids that flow into it."""
        if not isinstance(expression, Apply):
            node.operation, node.label = "identity", "="
            return self._operands([expression], scope)
        node.operation = expression.operation
        if node.operation not in OPERATORS and node.operation != "matmul":
            return self._function(node, expression, scope)
        constant = _constant(expression)
        if self._learned(expression) and not self._mixed(expression):
            node.operation, node.label, node.learned = "affine", "Σ", True
            return list(self._entering(expression, scope))
        if constant is not None:
            complement = constant == "1−"
            node.operation, node.label = "complement" if complement else "constant", constant
            return self._operands(expression.arguments, scope)
        node.label = _LABELS.get(node.operation, "")
        return self._operands(self._grouped(_flat(expression), node.operation), scope)

    def _function(self, node: Node, expression: Apply, scope: str) -> list[str]:
        operation = expression.operation
        if operation in self.cell.options:
            node.option, operation = operation, self.cell.options[operation][0]
        node.operation = operation
        node.label = OPERATIONS[operation].symbol or operation
        node.pre = self.folded.get(node.name or "")
        if node.pre:
            expression = Apply("", (self.cell.by_name[node.pre].expression,))
            scope = node.pre
        node.learned = any(self._learned(a) for a in expression.arguments)
        if node.learned:
            return [s for a in expression.arguments for s in self._entering(a, scope)]
        return self._operands(expression.arguments, scope)

    def _operands(self, expressions: Iterable[Expression], scope: str) -> list[str]:
        """The ids that carry these expressions; few frames a level, for they may lie deep."""
        found = []
        for expression in expressions:
            if self._only_parameters(expression):
                continue
            if isinstance(expression, Name):
                found.append(expression.key)
            else:
                found.append(self._node(expression, scope, None))
        return found

    def _entering(self, expression: Expression, scope: str) -> Iterator[str]:
        """What enters a learned sum, weights taken off."""
        match expression:
            case Name() if not self._constant_name(expression):
                yield expression.key
            case Apply(operation="matmul", arguments=(_, inner)):
                yield from self._entering(inner, scope)
            case Apply(operation=operation, arguments=arguments) if operation in _SUMS:
                for argument in arguments:
                    yield from self._entering(argument, scope)
            case Apply(operation="multiply", arguments=(a, b)):
                if self._only_parameters(a) or self._only_parameters(b):
                    yield from self._entering(b if self._only_parameters(a) else a, scope)
                else:
                    yield self._gate_inside(expression, scope)
            case Apply() if not self._only_parameters(expression):
                yield self._node(expression, scope, None)

    def _gate_inside(self, product: Apply, scope: str) -> str:
        """A product inside a learned sum, such as a reset: its factors without weights."""
        sources = []
        for factor in product.arguments:
            found = list(dict.fromkeys(self._entering(factor, scope)))
            sources += found if len(found) < 2 else [self._node(factor, scope, None)]
        key = f"{scope}.{self.parts[scope]}"
        self.parts[scope] += 1
        self.wiring.nodes[key] = Node(key, "operation", operation="multiply", label="×")
        for source in dict.fromkeys(sources):
            self.wiring.connect(source, key)
        return key

    def _learned(self, expression: Expression) -> bool:
        """Whether parameters weight or shift the value, reached through sums and products."""
        match expression:
            case Name():
                return self._constant_name(expression)
            case Apply(operation="matmul"):
                return True
            case Apply(operation=op, arguments=arguments) if op in (*_SUMS, "multiply"):
                return any(self._learned(a) for a in arguments)
        return False

    def _mixed(self, expression: Expression) -> bool:
        """Whether something unweighted takes part: a product of values, a state as it was."""
        match expression:
            case Apply(operation=op, arguments=arguments) if op in _SUMS:
                return any(self._mixed(a) for a in arguments)
            case Apply(operation="multiply", arguments=(a, b)):
                return not (self._learned(a) or self._learned(b)) or not (
                    self._only_parameters(a) or self._only_parameters(b)
                )
        return not (self._learned(expression) or self._only_parameters(expression))

    def _grouped(self, terms: list[Expression], operation: str) -> list[Expression]:
        """The terms of a sum with the weighted ones together, as one learned value."""
        learned = [t for t in terms if self._learned(t) and not self._mixed(t)]
        if operation != "add" or len(learned) < 2:
            return terms
        together = learned[0]
        for term in learned[1:]:
            together = Apply("add", (together, term))
        return [*(t for t in terms if t not in learned), together]

    def _only_parameters(self, expression: Expression) -> bool:
        return all(self._constant_name(name) for name in names(expression))

    def _constant_name(self, name: Name) -> bool:
        return not (name.previous or name.id in self.cell.by_name or name.id in self.cell.given)


def _flat(expression: Apply) -> list[Expression]:
    """The terms of ``a + b + c`` (the factors of ``a * b * c``), which meet in one node."""
    if expression.operation not in ("add", "multiply"):
        return list(expression.arguments)
    first, *rest = expression.arguments
    if isinstance(first, Apply) and first.operation == expression.operation:
        return [*_flat(first), *rest]
    return [first, *rest]


def _constant(expression: Apply) -> str | None:
    """``1−`` for ``1 - u``, ``0.5×`` for ``0.5 * h``; None where no number takes part."""
    signs = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷"}
    match expression:
        case Apply(operation=op, arguments=(Number(value=v), _)) if op in signs:
            return f"{v:g}{signs[op]}"
        case Apply(operation=op, arguments=(_, Number(value=v))) if op in signs:
            return f"{signs[op]}{v:g}"
    return None


def _folded(cell: Cell) -> Iterator[tuple[str, str]]:
    """Pairs (value, pre-activation) where the pre-activation feeds that value alone."""
    uses = Counter(n.id for e in cell.equations for n in names(e.expression) if not n.previous)
    for equation in cell.equations:
        match equation.expression:
            case Apply(operation=op, arguments=(Name(id=inner, previous=False),)):
                function = op in cell.options or op not in (*OPERATORS, "matmul")
                alone = uses[inner] == 1 and inner not in (*cell.state, cell.output)
                if function and alone and inner.startswith("z_") and inner in cell.by_name:
                    yield equation.name, inner
