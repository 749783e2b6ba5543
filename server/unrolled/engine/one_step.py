"""One-step Jacobians: how a value answers to the others of its own step, at all steps at once."""

from __future__ import annotations

from collections.abc import Collection

from .cell import Cell
from .cotangent import Cotangent
from .expressions import Name, names
from .pullback import Window, uses


def one_step(window: Window, result: str, leaves: Collection[Name]) -> dict[Name, Cotangent]:
    """d(result)/d(leaf) within one step; a leaf that nothing leads to is left out.

    Leaves may be inputs, previous states (``h[t-1]``) and named values: a named value counts as
    moved by itself, so what follows from it in the step moves too.
    """
    cell = window.run.program.cell
    wanted = _between(cell, leaves)
    start = Cotangent.identity(
        window.steps, window.run.program.size(result), window.run.record.dtype
    )
    held: dict[Name, Cotangent] = {Name(result): start}
    found: dict[Name, Cotangent] = {}
    for equation in reversed(cell.evaluation):
        name = Name(equation.name)
        cotangent = held.pop(name, None)
        if cotangent is None:
            continue
        if name in leaves:
            found[name] = cotangent
        for use in uses(equation, cotangent, window, wanted):
            known = held.get(use.name)
            held[use.name] = use.cotangent if known is None else known + use.cotangent
    return found | held


def _between(cell: Cell, leaves: Collection[Name]) -> set[Name]:
    """The leaves and all named values that depend on them within a step."""
    found = set(leaves)
    for equation in cell.evaluation:
        if any(name in found for name in names(equation.expression)):
            found.add(Name(equation.name))
    return found
