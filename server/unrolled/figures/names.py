"""What a cell's values are called, and which of them are drawn together."""

from __future__ import annotations

from dataclasses import dataclass

from unrolled.engine import diagram
from unrolled.engine.cell import Cell
from unrolled.figures.style import Style


@dataclass(frozen=True)
class Named:
    """A value of a cell with the role whose hue it has."""

    name: str
    role: str
    gate: bool


def drawn(cell: Cell) -> list[Named]:
    """The gates, then the states and the output of a cell, in the order of its equations."""
    roles = diagram.roles(cell)
    kinds = {node["name"]: node["kind"] for node in diagram.graph(cell)["nodes"]}
    found = [
        Named(each.name, roles.get(each.name, "plain"), kinds.get(each.name) == "gate")
        for each in cell.equations
        if kinds.get(each.name) == "gate" or each.name in (*cell.state, cell.output)
    ]
    return sorted(found, key=lambda each: not each.gate)


def title(named: Named, style: Style) -> str:
    """A gate by what it does, with its symbol; anything else by its symbol alone."""
    known = {
        ("f", "forget"): style.t("Forget gate"),
        ("r", "forget"): style.t("Reset gate"),
        ("i", "input"): style.t("Input gate"),
        ("u", "input"): style.t("Update gate"),
        ("o", "output"): style.t("Output gate"),
        ("c", "memory"): style.t("Memory"),
        ("h", "hidden"): style.t("Hidden value"),
        ("h", "memory"): style.t("Hidden value"),
    }
    words = known.get((named.name, named.role))
    return named.name if words is None else style.t("{words} {name}", words=words, name=named.name)
