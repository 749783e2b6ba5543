"""Cells as Hypothesis writes them: random equations in the language, and numbers for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.engine.slow import Case
from unrolled.engine.cell import Cell
from unrolled.engine.program import Program, compile_cell

KINDS = ("units", "input", "wide")
VECTORS = {"units": ("b0", "b1", "p"), "input": ("e0", "e1"), "wide": ("k0",)}
MATRICES = {
    "units": (("A0", "units"), ("A1", "units"), ("B0", "input"), ("B1", "input"), ("D0", "wide"),
              ("S", "static")),
    "input": (("C0", "units"),),
    "wide": (("E0", "units"),),
}  # fmt: skip
# Written so that their arguments stay where the function is defined and does not explode.
CALLS = (
    "sigmoid({})", "tanh({})", "identity({})", "softmax({})", "exp(tanh({}))", "-({})",
    "log(1 + ({}) * ({}))", "sqrt(1 + ({}) * ({}))", "1 - ({})", "0.5 * ({})", "({}) / 2",
    "2 / (3 + tanh({}))",
)  # fmt: skip
EDGED = ("relu({})", "softplus({})", "absolute({})", "step({})", "sign({})", "maximum({}, 0.1)",
         "minimum(0, {})")  # fmt: skip
PAIRS = ("{} + {}", "{} - {}", "({}) * ({})", "({}) / (1 + sigmoid({}))", "({}) - ({})")
EDGED_PAIRS = ("maximum({}, {})", "minimum({}, {})")


@dataclass
class _Writer:
    """What may be named while an equation is written, by kind."""

    draw: st.DrawFn
    smooth: bool
    known: dict[str, list[str]] = field(default_factory=dict)

    def expression(self, kind: str, depth: int) -> str:
        if depth == 0:
            return self.leaf(kind)
        form = self.draw(st.sampled_from(["leaf", "call", "pair", "pair", "product", "product"]))
        if form == "leaf":
            return self.leaf(kind)
        if form == "call":
            call = self.draw(st.sampled_from(CALLS if self.smooth else CALLS + EDGED))
            inner = self.expression(kind, depth - 1)
            return str(call).format(*[inner] * call.count("{}"))
        if form == "pair":
            pair = self.draw(st.sampled_from(PAIRS if self.smooth else PAIRS + EDGED_PAIRS))
            return str(pair).format(
                self.expression(kind, depth - 1), self.expression(kind, depth - 1)
            )
        return self.product(kind, depth)

    def product(self, kind: str, depth: int) -> str:
        matrix, columns = self.draw(st.sampled_from(MATRICES[kind]))
        if columns == "static":
            return f"{matrix} @ v"
        operand = self.expression(columns, depth - 1)
        return f"{matrix} @ ({operand})"

    def leaf(self, kind: str) -> str:
        leaves = [*self.known.get(kind, []), *VECTORS[kind]]
        if kind == "input":
            leaves += ["x", "x"]
        if kind == "wide":
            leaves += [f"concat({self.leaf('units')}, {self.leaf('input')})"] * 3
        return self.draw(st.sampled_from(leaves))


@st.composite
def documents(draw: st.DrawFn, *, smooth: bool = False) -> dict[str, Any]:
    """A cell's document: up to six equations, some carry state, the lines in any order."""
    writer = _Writer(draw, smooth)
    count = draw(st.integers(1, 6))
    kinds = [draw(st.sampled_from(["units", "units", "units", "input", "wide"]))
             for _ in range(count)]  # fmt: skip
    state = [f"v{n}" for n in range(count) if draw(st.booleans())]
    for name in state:
        writer.known.setdefault(kinds[int(name[1:])], []).append(f"{name}[t-1]")
    lines = []
    for number, kind in enumerate(kinds):
        lines.append(f"v{number} = {writer.expression(kind, draw(st.integers(0, 3)))}")
        writer.known.setdefault(kind, []).append(f"v{number}")
    return {
        "id": "random",
        "state": state,
        "output": draw(st.sampled_from([f"v{n}" for n in range(count)])),
        "equations": "\n".join(draw(st.permutations(lines))),
    }  # fmt: skip


@st.composite
def dimensions(draw: st.DrawFn) -> dict[str, int]:
    """Small sizes, one alike or not."""
    return {name: draw(st.integers(1, 3)) for name in ("input", "units", "static")}


def numbers(
    program: Program, seed: int, steps: int, *, everywhere: bool = True, scale: float = 0.9
) -> Case:
    """Random numbers for a program; gradients given for every value, or for the output alone."""
    rng = np.random.default_rng(seed)
    cell = program.cell

    def random(*shape: int) -> Any:
        return rng.uniform(-scale, scale, shape)

    sizes = {name: program.size(name) for name in (*cell.by_name, "x", *cell.inputs)}
    given = cell.by_name if everywhere else (cell.output,)
    return Case(
        cell, sizes,
        {name: random(*shape) for name, shape in program.shapes.items()},
        # A cell that takes no input is stepped all the same: x tells how often.
        {"x": random(steps, sizes["x"])} | {n: random(steps, sizes[n]) for n in cell.inputs},
        {name: random(sizes[name]) for name in cell.state},
        {name: random(steps, sizes[name]) for name in given},
        {name: random(sizes[name]) for name in cell.state},
    )  # fmt: skip


def compiled(cell: Cell, sizes: dict[str, int]) -> Program:
    """The program of a cell at sizes; states of `outputs` entries have as many as units."""
    return compile_cell(cell, {}, {"outputs": sizes["units"], **sizes})
