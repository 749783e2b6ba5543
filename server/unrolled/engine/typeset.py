"""Expressions to boxes: precedence, sums with stacked matrices or two biases, calls.

Which sign or function name an operation has is the operations table's; only the layout of sums,
roots and lists is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from .boxes import Box, Call, Fence, Mark, Num, Root, Row, Sym
from .expressions import Apply, Expression, Name, Number, names
from .notation import Script
from .operations import OPERATIONS, Operation
from .parse import Equation
from .symbols import lettered

_SUM, _PRODUCT, _ATOM = 1, 2, 4
_EQUALS = Mark("=", "=")
_COMMA = Mark(",", ",", "separator")
_TIMES = Mark("\u2062", "", "invisible")
_DOT = Mark("·", r"\cdot")
Term = tuple[str, Box]
"""The operation that joins a term to the sum, and the term."""


def equation(equation: Equation, script: Script) -> Row:
    """``name = expression``, both sides in the symbols of a notation."""
    left = symbol(equation.name, script)
    head: tuple[Box, ...] = (left, _EQUALS)
    if left.symbol.also is not None:
        also = replace(left.symbol.also, timed=left.symbol.timed)
        head = (Sym(also, equation.name), _EQUALS, *head)
    return Row((*head, expression(equation.expression, script)))


def expression(node: Expression, script: Script) -> Box:
    """An expression in the symbols of a notation."""
    return _set(node, script)[0]


def symbol(name: str, script: Script, previous: bool = False) -> Sym:
    """The symbol of a name; one step earlier it always carries the time."""
    found = script.symbols[name]
    return Sym(replace(found, timed=True) if previous else found, name, previous)


def _set(node: Expression, script: Script) -> tuple[Box, int]:
    """A box and how tightly its outermost operation binds."""
    match node:
        case Number(value=value):
            return Num(number(value)), _ATOM if value >= 0 else _SUM
        case Name():
            return symbol(node.id, script, node.previous), _ATOM
        case Apply(operation="add" | "subtract"):
            return _sum(node, script), _SUM
        case Apply(operation="matmul", arguments=(left, right)):
            return _product(left, right, _TIMES, script), _PRODUCT
    row = OPERATIONS.get(node.operation)
    if row is not None and row.infix:
        return _infix(row, node.arguments, script)
    return _call(node, row, script)


def number(value: float) -> str:
    """The shortest decimal that is this number: ``1``, ``−0.5``, ``1e−05``."""
    text = str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return text.replace("-", "−")


def _infix(row: Operation, arguments: tuple[Expression, ...], script: Script) -> tuple[Box, int]:
    mark = Mark(row.infix, row.latex)
    if len(arguments) == 1:
        operand = _fenced(arguments[0], row.precedence, script)
        # Binds like a sum: a minus sign in the middle of a product wants brackets.
        return Row((Mark(row.infix, row.latex, "prefix"), operand)), _SUM
    left, right = arguments
    constant = not (list(names(left)) and list(names(right)))
    sign = _DOT if row.name == "multiply" and constant else mark
    return _product(left, right, sign, script), row.precedence


def _product(left: Expression, right: Expression, mark: Mark, script: Script) -> Box:
    return Row((_fenced(left, _PRODUCT, script), mark, _fenced(right, _PRODUCT + 1, script)))


def _fenced(node: Expression, least: int, script: Script) -> Box:
    box, binding = _set(node, script)
    return box if binding >= least else Fence(box)


def _call(node: Apply, row: Operation | None, script: Script) -> tuple[Box, int]:
    parts = [_set(argument, script) for argument in node.arguments]
    listed = _listed([box for box, _ in parts])
    if node.operation == "identity":
        return parts[0]
    if node.operation == "sqrt":
        return Root(listed), _ATOM
    if node.operation == "concat":
        return Fence(listed, "[", "]"), _ATOM
    if row is None:  # an option of the cell that is not chosen yet
        plain = node.operation.replace("_", r"\_")
        return Call(node.operation, rf"\operatorname{{{plain}}}", listed), _ATOM
    return Call(row.symbol, row.latex, listed), _ATOM


def _listed(boxes: list[Box]) -> Box:
    if len(boxes) == 1:
        return boxes[0]
    items = [item for box in boxes for item in (_COMMA, box)][1:]
    return Row(tuple(items))


def _sum(node: Apply, script: Script) -> Row:
    """A sum along its left spine; what stands in brackets on the right stays there."""
    parts = list(_spine(node))
    terms = _stacked(parts, script) or _biased(parts, script)
    items: list[Box] = []
    for operation, box in terms:
        if items or operation == "subtract":
            row = OPERATIONS[operation]
            items.append(Mark(row.infix, row.latex, "infix" if items else "prefix"))
        items.append(box)
    return Row(tuple(items))


def _spine(node: Expression) -> Iterator[tuple[str, Expression]]:
    trail: list[tuple[str, Expression]] = []
    while isinstance(node, Apply) and node.operation in ("add", "subtract"):
        left, right = node.arguments
        trail.append((node.operation, right))
        node = left
    yield "add", node
    yield from reversed(trail)


def _term(part: tuple[str, Expression], first: bool, script: Script) -> Term:
    operation, node = part
    return operation, _fenced(node, _SUM if first else _SUM + 1, script)


def _matrix(part: tuple[str, Expression]) -> tuple[Name, Expression] | None:
    """The matrix and what it acts on, if a term of a sum is such a product."""
    match part:
        case ("add", Apply(operation="matmul", arguments=(Name() as matrix, operand))):
            return matrix, operand
    return None


def _suffix(name: str) -> str:
    return name.partition("_")[2]


def _stacked(parts: list[tuple[str, Expression]], script: Script) -> list[Term]:
    """The terms with matrices of one suffix as one matrix over the stacked vector, or none."""
    if "stack" not in script.notation.tables:
        return []
    products = [p for p in map(_matrix, parts) if p is not None]
    suffixes = Counter(_suffix(matrix.id) for matrix, _ in products)
    twice = {_suffix(m.id) for m, _ in products if [n.id for n, _ in products].count(m.id) > 1}
    together = {suffix for suffix, count in suffixes.items() if suffix and count > 1} - twice
    if not together:
        return []
    terms: list[Term] = []
    for index, part in enumerate(parts):
        product = _matrix(part)
        suffix = _suffix(product[0].id) if product else ""
        if suffix not in together:
            terms.append(_term(part, index == 0, script))
        elif suffixes.pop(suffix, 0):
            terms.append(
                ("add", _stack([p for p in products if _suffix(p[0].id) == suffix], script))
            )
    return terms


def _stack(products: list[tuple[Name, Expression]], script: Script) -> Box:
    """``W_f [h⟨t−1⟩, x⟨t⟩]``: states before inputs, as the books have it."""
    ordered = sorted(products, key=lambda p: p[1] in (Name("x"), Name("v")))
    suffix = _suffix(ordered[0][0].id)
    table = script.notation.tables["stack"]
    symbol = lettered(script.layers, "symbol", suffix, "stack")
    assert symbol is not None
    matrix = Sym(symbol, ordered[0][0].id, names=tuple(m.id for m, _ in ordered))
    operands = _listed([expression(operand, script) for _, operand in ordered])
    mark = Mark(table["join"], r"\cdot") if "join" in table else _TIMES
    return Row((matrix, mark, Fence(operands, "[", "]")))


def _biased(parts: list[tuple[str, Expression]], script: Script) -> list[Term]:
    """The terms, a bias beside its two matrices split in two where the notation does so."""
    split = _split_biases(parts, script)
    terms: list[Term] = []
    for index, part in enumerate(parts):
        product = _matrix(part)
        if part[0] == "add" and isinstance(part[1], Name) and part[1].id in split:
            continue
        terms.append(_term(part, index == 0, script))
        letter, _, suffix = product[0].id.partition("_") if product else ("", "", "")
        if f"b_{suffix}" in split and letter in script.notation.tables["biases"]:
            symbol = lettered(script.layers, letter, suffix, "biases")
            assert symbol is not None
            terms.append(("add", Sym(symbol, f"b_{suffix}")))
    return terms


def _split_biases(parts: list[tuple[str, Expression]], script: Script) -> set[str]:
    """Biases that stand once in the sum, beside one of each of the notation's two matrices."""
    letters = script.notation.tables.get("biases", {})
    count = Counter(part[1].id for part in parts if part[0] == "add" and isinstance(part[1], Name))
    matrices = Counter(product[0].id for product in map(_matrix, parts) if product is not None)
    return {
        name
        for name, occurrences in count.items()
        if letters
        and occurrences == 1
        and name.startswith("b_")
        and name in script.parameters
        and all(matrices[f"{letter}_{_suffix(name)}"] == 1 for letter in letters)
    }
