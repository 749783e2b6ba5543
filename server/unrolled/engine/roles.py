"""What each value of a cell is for, inferred from its wiring: the hue it is drawn in.

A sigmoid value used as a factor is a gate. A gate that acts on the cell's own previous state
forgets, one that acts on a candidate writes (input), one that acts on what leaves the memory
speaks (output); a reset gate counts as forgetting, an update gate as writing. A state that
reaches its next value through operations alone, through no learned function, is memory.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from .expressions import names
from .wiring import Node, Wiring

_CARRYING = ("add", "subtract", "multiply", "divide", "identity", "constant", "negative")


def assign(wiring: Wiring) -> None:
    """Give every node its kind and role and every edge its kind and role, in place."""
    _gates(wiring)
    belts = {s: belt(wiring, s) for s in wiring.cell.state}
    carried = {key for path in belts.values() for key in path}
    gates = {node.gate for node in wiring.nodes.values()}
    for node in wiring.nodes.values():
        _kind(wiring, node, gates)
    for path in belts.values():
        for key in path:
            wiring.nodes[key].role = "memory"
    after = _after(wiring, carried)
    for node in wiring.nodes.values():  # each after what flows into it
        if node.id not in carried:
            node.role = _role(wiring, node, carried, after)
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
    before: dict[str, str] = {start: ""}
    pending = deque([start])
    while pending and state not in before:
        at = pending.popleft()
        for node in wiring.out_of(at):
            if node.id not in before and not node.learned and node.operation in _CARRYING:
                before[node.id] = at
                pending.append(node.id)
    path = [state] if state in before else []
    while path and before[path[-1]]:
        path.append(before[path[-1]])
    return path[::-1]


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
    inverted = False
    while node.operation == "complement":
        inner = wiring.into(node.id)
        if node.name or len(inner) != 1:
            break
        node, inverted = inner[0], not inverted
    if node.operation == "sigmoid" or (node.operation == "complement" and _tied(wiring, node)):
        return node.id, inverted
    return None


def _tied(wiring: Wiring, node: Node) -> bool:
    """Whether a value is ``1 -`` a gate, however often: ``i = 1 - f``."""
    while node.operation == "complement" and len(wiring.into(node.id)) == 1:
        node = wiring.into(node.id)[0]
    return node.operation == "sigmoid"


def _kind(wiring: Wiring, node: Node, gates: set[str | None]) -> None:
    cell = wiring.cell
    if node.kind in ("input", "previous"):
        return
    if node.id in gates:
        node.kind = "gate"
    elif node.name in (*cell.state, cell.output):
        node.kind = "state"
    elif node.learned:
        node.kind = "candidate"
    elif node.operation in _CARRYING or node.operation == "complement":
        node.kind = "value" if node.name else "operation"
    else:
        node.kind = "function"


def _role(wiring: Wiring, node: Node, carried: set[str], after: set[str]) -> str:
    cell = wiring.cell
    if node.kind == "input":
        return "plain"
    if node.kind == "previous":
        return "hidden"
    if node.kind == "gate":
        return _gate_role(wiring, node, carried, after)
    if node.name in (*cell.state, cell.output):
        return "hidden"
    if node.learned:
        return "candidate" if carried else "hidden"
    sources = [s for s in wiring.into(node.id) if s.kind != "input"]
    passing = [s for s in sources if not (node.gate and _carries(wiring, s, node.gate))]
    return passing[0].role if passing else "plain"


def _carries(wiring: Wiring, node: Node, gate: str) -> bool:
    found = _gate_of(wiring, node)
    return found is not None and found[0] == gate


def _gate_role(wiring: Wiring, gate: Node, carried: set[str], after: set[str]) -> str:
    acts: set[str] = set()
    for product in [n for n in wiring.nodes.values() if n.gate == gate.id]:
        others = [s for s in wiring.into(product.id) if not _carries(wiring, s, gate.id)]
        if product.id in carried:
            acts.add("keeps")
        elif any(n.learned for n in wiring.out_of(product.id)):
            acts.add("resets")
        elif any(other.id in after for other in others):
            acts.add("speaks")
        else:
            acts.add("writes")
    for act, role in (("writes", "input"), ("keeps", "forget"), ("resets", "forget")):
        if act in acts:
            return role
    return "output"


def _after(wiring: Wiring, carried: set[str]) -> set[str]:
    """The nodes that only re-express memory: itself, or functions of it."""
    found = set(carried)
    for node in wiring.nodes.values():
        plain = not node.learned and node.kind not in ("input", "previous", "gate")
        if plain and any(source.id in found for source in wiring.into(node.id)):
            found.add(node.id)
    return found


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
