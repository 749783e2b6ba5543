"""Cells as code: the language cells are written in, NumPy and PyTorch.

Operators and functions come from the columns of the operations table. Only for reading and
copying: nothing here is ever run by the engine.
"""

from __future__ import annotations

from collections.abc import Callable

from .cell import Cell
from .expressions import Apply, Expression, Name, Number, walk
from .operations import OPERATIONS, Operation

_ATOM = 5
_SOFTMAX = """\
def softmax(a):
    y = np.exp(a - np.max(a))
    return y / np.sum(y)
"""
Spell = Callable[[Name], str]
Column = Callable[[Operation], str]


def _torch_column(row: Operation) -> str:
    return row.torch


def source(node: Expression) -> str:
    """The expression in the cells' own language; parsing it gives the same expression."""
    return _code(node, lambda row: row.numpy if row.infix or row.name == "matmul" else row.name,
                 lambda name: name.key)[0]  # fmt: skip


def numpy(cell: Cell) -> str:
    """A function in NumPy that takes one timestep of one sequence and returns the new state."""
    helpers = [_helper(row) for row in _used(cell) if row.numpy.isidentifier()]
    return "\n\n".join(
        ["import numpy as np\n", *helpers, _function(cell, lambda row: row.numpy, "np")]
    )


def torch(cell: Cell) -> str:
    """The same in PyTorch; autograd differentiates it."""
    return "\n\n".join(["import torch\n", _function(cell, _torch_column, "torch")])


def _function(cell: Cell, column: Column, module: str) -> str:
    spelled = _spelling(cell, module)
    previous = [spelled[f"{name}[t-1]"] for name in cell.state]
    taken = [*(spelled[n] for n in cell.inputs), *previous]
    taken += [spelled[p.name] for p in cell.parameters]
    given = [spelled[name] for name in dict.fromkeys((*cell.state, cell.output))]
    body = [
        f"{spelled[e.name]} = {_code(e.expression, column, lambda n: spelled[n.key])[0]}"
        for e in cell.evaluation
    ]
    lines = [f"def {cell.id}_step({', '.join(taken)}):", *body, f"return {', '.join(given)}"]
    return "\n    ".join(lines) + "\n"


def _spelling(cell: Cell, module: str) -> dict[str, str]:
    """A variable for every name, none the module's or a helper's, no two the same."""
    spelled: dict[str, str] = {}
    used = {module, *OPERATIONS}
    keys = [*cell.by_name, *cell.size_of, *(p.name for p in cell.parameters)]
    wanted = {key: key for key in keys} | {f"{n}[t-1]": f"{n}_previous" for n in cell.state}
    for key, variable in wanted.items():
        while variable in used:
            variable += "_"
        used.add(variable)
        spelled[key] = variable
    return spelled


def _used(cell: Cell) -> list[Operation]:
    """The operations of a cell, each once, in order of appearance."""
    applied = (n.operation for e in cell.equations for n in walk(e.expression)
               if isinstance(n, Apply))  # fmt: skip
    return [OPERATIONS[name] for name in dict.fromkeys(applied)]


def _helper(row: Operation) -> str:
    """A function that NumPy lacks, from the steps of its row."""
    if row.name == "softmax":  # mixes units: its row names no NumPy function
        return _SOFTMAX
    steps = [f"y = np.{step}({', '.join(operands)})" for step, *operands in row.forward]
    return "\n    ".join([f"def {row.numpy}(a):", *steps, "return y"]) + "\n"


def _code(node: Expression, column: Column, spell: Spell) -> tuple[str, int]:
    """Text and how tightly its outermost operation binds, as Python has it."""
    match node:
        case Number(value=value):
            text = str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
            return text, _ATOM if value >= 0 else OPERATIONS["negative"].precedence
        case Name():
            return spell(node), _ATOM
    row = OPERATIONS[node.operation]
    written = column(row)
    if row.infix or row.name == "matmul":
        return _operator(row, written, node.arguments, column, spell)
    if not written:
        return _code(node.arguments[0], column, spell)
    listed = ", ".join(_argument(argument, column, spell) for argument in node.arguments)
    return (written.format(listed) if "{" in written else f"{written}({listed})"), _ATOM


def _argument(node: Expression, column: Column, spell: Spell) -> str:
    """An argument of a function; PyTorch's take tensors only, so that constants become some."""
    text = _code(node, column, spell)[0]
    constant = not any(isinstance(inner, Name) for inner in walk(node))
    if constant and column is _torch_column:
        return f"torch.as_tensor({text}, dtype=torch.float64)"
    return text


def _operator(
    row: Operation, sign: str, arguments: tuple[Expression, ...], column: Column, spell: Spell
) -> tuple[str, int]:
    def operand(node: Expression, least: int) -> str:
        text, binding = _code(node, column, spell)
        return text if binding >= least else f"({text})"

    if len(arguments) == 1:
        return sign + operand(arguments[0], row.precedence), row.precedence
    left, right = arguments
    text = f"{operand(left, row.precedence)} {sign} {operand(right, row.precedence + 1)}"
    return text, row.precedence
