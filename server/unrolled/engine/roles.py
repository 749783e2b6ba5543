"""What each value of a cell is for, inferred from its wiring: the hue it is drawn in.

A sigmoid value used as a factor is a gate. A gate that acts on the cell's own previous state
forgets, one that acts on a candidate writes (input), one that acts on what leaves the memory
speaks (output); a reset gate counts as forgetting, an update gate as writing. A state that
reaches its next value through operations alone, through no learned function, is memory.
"""

from __future__ import annotations

from itertools import pairwise

from .expressions import names
from .wiring import Node, Wiring

_CARRYING = ("add", "subtract", "multiply", "divide", "identity", "constant", "negative")


def assign(wiring: Wiring) -> None:
    """Give every node its kind and role and every edge its kind and role, in place."""
    _gates(wiring)
    belts = {s: belt(wiring, s) for s in wiring.cell.state}
    carried = {key for path in belts.values() for key in path}
    for node in wiring.nodes.values():
        _kind(wiring, node)
    for path in belts.values():
        for key in path:
            wiring.nodes[key].role = "memory"
    for node in wiring.nodes.values():
        if node.id not in carried:
            node.role = _role(wiring, node, carried)
    for name, role in wiring.cell.roles.items():
        for key in (name, f"{name}[t-1]"):
            if key in wiring.nodes:
                wiring.nodes[key].role = role
    _edges(wiring, [path for path in belts.values() if path])


def belt(wiring: Wiring, state: str) -> list[str]:
    """The ids from ``state[t-1]`` to ``state`` if operations alone lead there, else none."""
    start = f"{state}[t-1]"
    if start not in wiring.nodes:
        return []
    trails = [[start]]
    seen = {start}
    while trails:
        trail = trails.pop(0)
        for node in wiring.out_of(trail[-1]):
            if node.id in seen or node.learned or node.operation not in _CARRYING:
                continue
            if node.id == state:
                return [*trail, state]
            seen.add(node.id)
            trails.append([*trail, node.id])
    return []


def _gates(wiring: Wiring) -> None:
    """Mark products in which a gate acts, and which gate it is."""
    for node in wiring.nodes.values():
        if node.operation != "multiply":
            continue
        sources = wiring.into(node.id)
        for source in sources:
            found = _gate_of(wiring, source)
            if found and len(sources) > 1:
                node.gate, node.inverted = found
                break


def _gate_of(wiring: Wiring, node: Node) -> tuple[str, bool] | None:
    """The gate whose value `node` carries, and whether as ``1 -`` it."""
    if node.operation == "sigmoid" and node.kind not in ("input", "previous"):
        return node.id, False
    if node.operation == "complement":
        inner = wiring.into(node.id)
        if len(inner) == 1 and (found := _gate_of(wiring, inner[0])):
            return (node.id, False) if node.name else (found[0], not found[1])
    return None


def _kind(wiring: Wiring, node: Node) -> None:
    cell = wiring.cell
    if node.kind in ("input", "previous"):
        return
    if any(other.gate == node.id for other in wiring.nodes.values()):
        node.kind = "gate"
    elif node.name in (*cell.state, cell.output):
        node.kind = "state"
    elif node.learned:
        node.kind = "candidate"
    elif node.operation in _CARRYING or node.operation == "complement":
        node.kind = "value" if node.name else "operation"
    else:
        node.kind = "function"


def _role(wiring: Wiring, node: Node, carried: set[str], depth: int = 0) -> str:
    cell = wiring.cell
    if node.kind == "input":
        return "plain"
    if node.kind == "previous":
        return "hidden"
    if node.kind == "gate":
        return _gate_role(wiring, node, carried)
    if node.name in (*cell.state, cell.output):
        return "hidden"
    if node.learned:
        return "candidate" if carried else "hidden"
    sources = [s for s in wiring.into(node.id) if s.kind != "input"] or wiring.into(node.id)
    passing = [s for s in sources if not (node.gate and _carries(wiring, s, node.gate))]
    if depth > len(wiring.nodes) or not passing:
        return "plain"
    first = passing[0]
    return first.role if first.id in carried else _role(wiring, first, carried, depth + 1)


def _carries(wiring: Wiring, node: Node, gate: str) -> bool:
    found = _gate_of(wiring, node)
    return found is not None and found[0] == gate


def _gate_role(wiring: Wiring, gate: Node, carried: set[str]) -> str:
    acts: set[str] = set()
    for product in [n for n in wiring.nodes.values() if n.gate == gate.id]:
        others = [s for s in wiring.into(product.id) if not _carries(wiring, s, gate.id)]
        if product.id in carried:
            acts.add("keeps")
        elif any(n.learned for n in wiring.out_of(product.id)):
            acts.add("resets")
        elif any(_after(wiring, other, carried) for other in others):
            acts.add("speaks")
        else:
            acts.add("writes")
    for act, role in (("writes", "input"), ("keeps", "forget"), ("resets", "forget")):
        if act in acts:
            return role
    return "output"


def _after(wiring: Wiring, node: Node, carried: set[str]) -> bool:
    """Whether the node only re-expresses memory: itself, or a function of it."""
    if node.id in carried:
        return True
    if node.learned or node.kind in ("input", "previous", "gate"):
        return False
    return any(_after(wiring, source, carried) for source in wiring.into(node.id))


def _edges(wiring: Wiring, belts: list[list[str]]) -> None:
    steps = {pair for path in belts for pair in pairwise(path)}
    for edge in wiring.edges:
        source, target = wiring.nodes[edge.source], wiring.nodes[edge.target]
        edge.role = source.role
        if (edge.source, edge.target) in steps:
            edge.kind = "belt"
        elif target.gate and _carries(wiring, source, target.gate):
            edge.kind = "gate"


def named(wiring: Wiring) -> dict[str, str]:
    """The role of every named value, pre-activation, input and parameter."""
    roles = {n.name: n.role for n in wiring.nodes.values() if n.name and n.kind != "previous"}
    for node in wiring.nodes.values():
        if node.pre:
            roles[node.pre] = node.role
    for equation in wiring.cell.equations:
        for name in names(equation.expression):
            roles.setdefault(name.id, roles.get(equation.name, "plain"))
    return roles
