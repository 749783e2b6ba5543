"""The diagram of a cell as data: nodes and edges with lanes and ranks, never coordinates.

`wiring` reads the flow off the equations, `roles` infers what each value is for, `placing` gives
lanes and ranks. A cell file may overrule the last two: ``[roles] name = "forget"`` and
``[diagram] "c.0" = { lane = 0, rank = 2, order = 0 }``.
"""

from __future__ import annotations

from typing import Any

from . import roles as inference
from .cell import Cell
from .errors import CellError
from .placing import Places, place
from .wiring import Node, Wiring, wire

ROLES = ("forget", "input", "output", "memory", "candidate", "hidden", "plain")


def graph(cell: Cell) -> dict[str, Any]:
    """Nodes and edges of a cell for drawing, in reading order of its equations.

    Node: ``id, kind, name, pre, operation, option, label, learned, role, size, outlet, lane,
    rank, order``. `learned` says that parameters enter there; `option` that the function is
    chosen by this option of the layer (operation and label are the default's); `outlet` is the
    lane in which a state or the output leaves the cell, else null.
    Edge: ``from, to, kind, role, value, gate, inverted``. `gate` is the gate that decides how
    much passes along the edge, `inverted` whether one minus its value does.
    """
    wiring = _wired(cell)
    places = _hinted(cell, wiring, place(wiring))
    nodes = [_node(wiring, node, places) for node in wiring.nodes.values()]
    lanes = [lane for n in nodes for lane in (n["lane"], n["outlet"]) if lane is not None]
    return {
        "nodes": nodes,
        "edges": _edges(wiring),
        "lanes": 1 + max(lanes, default=-1),
        "ranks": 1 + max((n["rank"] for n in nodes), default=-1),
    }


def roles(cell: Cell) -> dict[str, str]:
    """The role of every value, pre-activation, input and parameter of a cell."""
    return inference.named(_wired(cell))


def _wired(cell: Cell) -> Wiring:
    for name, role in cell.roles.items():
        if role not in ROLES:
            raise CellError("one of " + ", ".join(ROLES), repr(role), field=f"roles.{name}")
    wiring = wire(cell)
    inference.assign(wiring)
    return wiring


def _node(wiring: Wiring, node: Node, places: Places) -> dict[str, Any]:
    lane, rank = places[node.id]
    hint = wiring.cell.hints.get(node.id, {})
    size = wiring.cell.size_of.get(node.name or "", "units")
    return {
        "id": node.id,
        "kind": node.kind,
        "name": node.name,
        "pre": node.pre,
        "operation": node.operation,
        "option": node.option,
        "label": node.label,
        "learned": node.learned,
        "role": node.role,
        "size": size if isinstance(size, str) else "units",
        "outlet": _outlet(wiring, node, places),
        "lane": lane,
        "rank": rank,
        "order": hint.get("order", 0),
    }


def _outlet(wiring: Wiring, node: Node, places: Places) -> int | None:
    """A state leaves in the lane it comes in by, so that cells join; the output in its own."""
    if node.kind == "previous" or node.name not in (*wiring.cell.state, wiring.cell.output):
        return None
    return places.get(f"{node.name}[t-1]", places[node.id])[0]


def _edges(wiring: Wiring) -> list[dict[str, Any]]:
    return [
        {
            "from": edge.source,
            "to": edge.target,
            "kind": edge.kind,
            "role": edge.role,
            "value": edge.source,
            **_passing(wiring, edge.source, edge.kind),
        }
        for edge in wiring.edges
    ]


def _passing(wiring: Wiring, source: str, kind: str) -> dict[str, Any]:
    """How wide the line is: by the gate itself on its way, by the gate it passed after it."""
    node = wiring.nodes[source]
    if node.gate is not None and kind != "gate":
        return {"gate": node.gate, "inverted": node.inverted}
    if kind == "gate" and node.kind == "gate":
        return {"gate": source, "inverted": False}
    if node.operation == "complement" and node.name is None:
        users = [u for u in wiring.out_of(source) if u.gate]
        if users:
            return {"gate": users[0].gate, "inverted": users[0].inverted}
    return {"gate": None, "inverted": False}


def _hinted(cell: Cell, wiring: Wiring, places: Places) -> Places:
    """Places with the hints of the cell file put in; two nodes in one place are an error."""
    placed = dict(places)
    for key, hint in cell.hints.items():
        if key not in wiring.nodes:
            known = ", ".join(wiring.nodes)
            raise CellError(f"a node of the diagram ({known})", repr(key), field="diagram")
        lane, rank = placed[key]
        placed[key] = (hint.get("lane", lane), hint.get("rank", rank))
    seen: dict[tuple[int, int], str] = {}
    for key, at in placed.items():
        if at in seen:
            raise CellError(
                f"a place of its own beside {seen[at]}", f"{at}", field=f"diagram.{key}"
            )
        seen[at] = key
    return placed
