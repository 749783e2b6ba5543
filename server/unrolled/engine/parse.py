"""Text to expressions: a whitelist over Python's own grammar, never evaluated.

Each line is ``name = expression``. Names, numbers, ``+ - * / @``, unary minus, calls of
primitives and ``state[t-1]``; everything else is an error with its line and column.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from .errors import CellError
from .expressions import Apply, Expression, Name, Number, Position, height
from .operations import FUNCTIONS, OPERATIONS

MAX_BYTES = 10_000
MAX_NESTING = 50
MAX_HEIGHT = 200
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")

_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.MatMult: "matmul",
}


@dataclass(frozen=True, slots=True)
class Equation:
    """A named value and the expression that makes it; `source` is its text."""

    name: str
    expression: Expression
    source: str
    at: Position


_START = Position()


def check_name(name: object, at: Position = _START, field: str = "equations") -> None:
    """Refuse what cannot name a value: wrong form, a Python keyword, a primitive, ``t``."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        expected = "a name of a letter and up to 31 letters, digits or _"
    elif keyword.iskeyword(name):
        expected = "a name that is not a keyword of Python"
    elif name in OPERATIONS:
        expected = "a name that is not a primitive"
    elif name == "t":
        expected = "a name other than t, which stands for the timestep"
    else:
        return
    shown = name[:40] + "…" if isinstance(name, str) and len(name) > 40 else name
    raise CellError(expected, repr(shown), line=at.line, column=at.column, field=field)


def equations(text: str, functions: Collection[str] = ()) -> tuple[Equation, ...]:
    """The equations of a cell in their order of display.

    `functions` are the names of the cell's options, callable besides the primitives.

    Raises:
        CellError: with line and column, for anything the language does not have.
    """
    _check_text(text, functions)
    module = _python(text, "exec")
    assert isinstance(module, ast.Module)
    found: dict[str, Equation] = {}
    for statement in module.body:
        try:
            equation = _equation(statement, text, functions)
        except RecursionError:
            raise _error(f"nesting of at most {MAX_NESTING}", "more", statement) from None
        if equation.name in found:
            raise _error("each value defined once", f"a second {equation.name!r}", statement)
        found[equation.name] = equation
    if not found:
        raise CellError("at least one equation", "none")
    return tuple(found.values())


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """One expression, e.g. a derivative of the operations table."""
    node = _python(text, "eval")
    assert isinstance(node, ast.Expression)
    return _expression(node.body, (), 0)


def _check_text(text: str, functions: Collection[str]) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise CellError(f"equations of at most {MAX_BYTES} bytes", f"{len(text)} characters")
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for column, character in enumerate(line, start=1):
            if not (character == "\t" or " " <= character <= "~"):
                raise CellError("printable ASCII", repr(character), line=number, column=column)
            depth += (character in "([{") - (character in ")]}")
            if depth > MAX_NESTING:
                raise CellError(
                    f"nesting of at most {MAX_NESTING}", "more", line=number, column=column
                )
        for word in _WORD.finditer(line.partition("#")[0]):
            if word.group() not in (*FUNCTIONS, *functions, "t"):
                check_name(word.group(), Position(number, word.start() + 1))


def _python(text: str, mode: str) -> ast.AST:
    try:
        return ast.parse(text, mode=mode)
    except SyntaxError as error:
        raise CellError(
            "an equation such as h = tanh(W @ x)", error.msg or "something else",
            line=error.lineno or 1, column=error.offset or 1,
        ) from None  # fmt: skip
    except (RecursionError, MemoryError, ValueError):
        raise CellError(f"nesting of at most {MAX_NESTING}", "more") from None


def _equation(statement: ast.stmt, text: str, functions: Collection[str]) -> Equation:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            at = _position(statement)
            if name in functions or name in FUNCTIONS or name in ("t", "x", "v"):
                raise CellError(
                    "a name of its own for the value", repr(name), line=at.line, column=at.column
                )
            source = ast.get_source_segment(text, statement) or ""
            expression = _expression(value, functions, 0)
            if height(expression) > MAX_HEIGHT:
                raise _error(f"at most {MAX_HEIGHT} operations one upon the other", "more", value)
            return Equation(name, expression, source, at)
    raise _error("name = expression", type(statement).__name__, statement)


def _expression(node: ast.expr, functions: Collection[str], depth: int) -> Expression:
    if depth > MAX_NESTING:
        raise _error(f"nesting of at most {MAX_NESTING}", "more", node)
    at = _position(node)
    match node:
        case ast.Constant(value=value):
            return Number(_number(value, node), at)
        case ast.Name(id="t"):
            raise _error("a value", "'t', which stands for the timestep", node)
        case ast.Name(id=name):
            if name in functions or name in FUNCTIONS:
                raise _error(f"{name}(…)", f"{name!r} without arguments", node)
            return Name(name, at=at)
        case ast.Subscript():
            return _previous(node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _expression(operand, functions, depth + 1)
            # −3 is a number; printing it as an operation on 3 would help nobody.
            return (
                Number(-inner.value, at)
                if isinstance(inner, Number)
                else Apply("negative", (inner,), at)
            )
        case ast.BinOp():
            return _binary(node, functions, depth)
        case ast.Call():
            return _call(node, functions, depth)
    raise _error("a value, a number, + - * / @ or a primitive", type(node).__name__, node)


def _binary(node: ast.BinOp, functions: Collection[str], depth: int) -> Expression:
    """A chain ``a + b - c`` leans left without end; its spine does not count as nesting."""
    spine: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        spine.append(left)
        left = left.left
    result = _expression(left, functions, depth + 1)
    for link in reversed(spine):
        operation = _BINARY.get(type(link.op))
        if operation is None:
            raise _error("one of + - * / @", type(link.op).__name__, link)
        right = _expression(link.right, functions, depth + 1)
        if operation == "matmul" and not (isinstance(result, Name) and not result.previous):
            raise _error("a parameter's bare name on the left of @", "an expression", link)
        result = Apply(operation, (result, right), _position(link))
    return result


def _call(node: ast.Call, functions: Collection[str], depth: int) -> Expression:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise _error("a primitive with plain arguments", ast.unparse(node.func)[:40], node)
    name = node.func.id
    if name not in functions and name not in FUNCTIONS:
        known = ", ".join([*functions, *FUNCTIONS])
        raise _error(f"one of the primitives {known}", repr(name), node)
    arity = 1 if name in functions else OPERATIONS[name].arity
    if arity is not None and len(node.args) != arity:
        raise _error(f"{arity} argument{'s' * (arity != 1)} of {name}", str(len(node.args)), node)
    if not node.args:
        raise _error(f"at least one argument of {name}", "none", node)
    arguments = tuple(_expression(a, functions, depth + 1) for a in node.args)
    return Apply(name, arguments, _position(node))


def _previous(node: ast.Subscript) -> Name:
    match node:
        case ast.Subscript(
            value=ast.Name(id=name),
            slice=ast.BinOp(left=ast.Name(id="t"), op=ast.Sub(), right=ast.Constant(value=1)),
        ):
            return Name(name, previous=True, at=_position(node))
    raise _error("name[t-1]; a bare name means [t]", ast.unparse(node)[:40], node)


def _number(value: object, node: ast.expr) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _error("a number", repr(value)[:40], node)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _error("a finite number", "one too large for 64 bits", node)
    return number


def _position(node: ast.stmt | ast.expr) -> Position:
    return Position(node.lineno, node.col_offset + 1)


def _error(expected: str, got: str, node: ast.stmt | ast.expr) -> CellError:
    return CellError(expected, got, line=node.lineno, column=node.col_offset + 1)
