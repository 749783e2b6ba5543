"""Places in the diagram: a lane (0 on top) and a rank (0 at the left) for every node.

Memory runs along the top lanes, one each. Learned nodes stand in one row, in the order in which
their values are used, and what uses a value stands above it, so that most lines go straight up;
what reads the memory hangs below it. Inputs are at the bottom, previous states at the left.
"""

from __future__ import annotations

from .roles import belt
from .wiring import Node, Wiring

Places = dict[str, tuple[int, int]]


def place(wiring: Wiring) -> Places:
    """Lane and rank of every node; no two nodes share a place."""
    return _Placing(wiring).places()


class _Placing:
    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        order = [e.name for e in wiring.cell.evaluation if e.name in wiring.cell.state]
        found = {name: belt(wiring, name) for name in order}
        self.belts = {name: path for name, path in found.items() if path}
        self.on_belt = {key: i for i, path in enumerate(self.belts.values()) for key in path}
        self.lane: dict[str, int] = {}
        self.rank: dict[str, int] = {}
        self.held: dict[int, list[str]] = {}
        self.columns = 0
        self.reading = self._reading()
        self.below = {key: self._hanging(wiring.nodes[key]) for key in wiring.nodes}

    def places(self) -> Places:
        self._lanes()
        for path in self.belts.values():
            for key in path[1:]:
                self._column(key)
        for name in (*self.wiring.cell.state, self.wiring.cell.output, *self.wiring.nodes):
            self._column(name)
        self._tighten()
        self._inlets()
        used = {r: i for i, r in enumerate(sorted(set(self.rank.values())))}
        return {key: (self.lane[key], used[self.rank[key]]) for key in self.wiring.nodes}

    def _inner(self) -> list[Node]:
        return [n for n in self.wiring.nodes.values() if n.kind not in ("input", "previous")]

    def _is_box(self, node: Node) -> bool:
        return node.learned or (node.kind == "gate" and node.name is not None)

    def _reading(self) -> set[str]:
        """The operations that re-express a memory of this step on its way out."""
        found: set[str] = set()
        for node in self._inner():
            if node.id in self.on_belt or self._is_box(node):
                continue
            if any(s.id in self.belts or s.id in found for s in self.wiring.into(node.id)):
                found.add(node.id)
        return found

    def _hanging(self, node: Node) -> str | None:
        """The source that stands straight below: a gate, a learned value, else an operation."""
        sources = [
            s for s in self.wiring.into(node.id)
            if s.kind not in ("input", "previous")
            and s.id not in self.on_belt and s.id not in self.reading
        ]  # fmt: skip
        boxes = [s for s in sources if self._is_box(s)]
        gates = [s for s in boxes if s.id == node.gate and len(self.wiring.out_of(s.id)) == 1]
        passing = [s for s in boxes if s.id != node.gate and node.id not in self.on_belt]
        chosen = gates or passing or sources[-1:]
        return chosen[0].id if chosen else None

    def _lanes(self) -> None:
        for key, lane in self.on_belt.items():
            self.lane[key] = lane
        operations = [n for n in self._inner() if not self._is_box(n) and n.id not in self.on_belt]
        for node in operations:
            if node.id in self.reading:
                self.lane[node.id] = self._depth_below(node.id)
        rest = [n for n in operations if n.id not in self.reading]
        inside = self._feeding_boxes(rest)
        for node in reversed(rest):
            if node.id not in inside:
                self.lane[node.id] = self._lane_above(node.id)
        row = max((*self.lane.values(), len(self.belts) - 1), default=-1) + 1
        if inside:  # they stand right above the row, in a lane of their own
            row += 1
        for node in self._inner():
            if self._is_box(node):
                self.lane[node.id] = row
            elif node.id in inside:
                self.lane[node.id] = row - 1
        self.row = row if any(self._is_box(n) for n in self._inner()) else row - 1

    def _feeding_boxes(self, operations: list[Node]) -> set[str]:
        """The operations that only learned nodes see, through others or at once."""
        found: set[str] = set()
        for node in reversed(operations):
            users = self.wiring.out_of(node.id)
            if users and all(self._is_box(user) or user.id in found for user in users):
                found.add(node.id)
        return found

    def _depth_below(self, key: str) -> int:
        above = [
            self.lane[s.id] for s in self.wiring.into(key)
            if s.id in self.on_belt or s.id in self.reading
        ]  # fmt: skip
        return max(max(above), len(self.belts) - 1) + 1

    def _lane_above(self, key: str) -> int:
        """One lane below what it stands under; beside what it enters from the side."""
        lanes = [len(self.belts)]
        for user in self.wiring.out_of(key):
            if user.id in self.lane:
                beside = self.below[user.id] != key and user.id not in self.on_belt
                lanes.append(self.lane[user.id] + (0 if beside else 1))
        return max(lanes)

    def _column(self, key: str) -> None:
        """Give a node its column after what it needs; operations stand above their source."""
        pending = [key]
        while pending:
            key = pending[-1]
            node = self.wiring.nodes.get(key)
            if node is None or key in self.rank or node.kind in ("input", "previous"):
                pending.pop()
                continue
            waiting = [s for s in self._needs(node) if s not in self.rank]
            if waiting:
                pending.append(waiting[0])
                continue
            self._put(key, self._column_for(node))
            pending.pop()
            later = [s.id for s in self.wiring.into(key) if s.id in self.reading]
            self._beside(later, self.rank[key])
            pending += reversed(later)

    def _needs(self, node: Node) -> list[str]:
        """What is placed before a node: its gate first, if that stands below it."""
        sources = [
            s.id for s in self.wiring.into(node.id)
            if s.id not in self.reading and s.kind not in ("input", "previous")
        ]  # fmt: skip
        first = self.below[node.id]
        return sorted(sources, key=lambda s: not (s == first and s == node.gate))

    def _put(self, key: str, column: int) -> None:
        self.rank[key] = column
        self.held.setdefault(column, []).append(key)

    def _column_for(self, node: Node) -> int:
        """The column of what stands below, where the way up is free, else a new one."""
        hanging = self.below[node.id]
        if hanging is not None and not self._is_box(node):
            column = self.rank[hanging]
            way = range(self.lane[node.id] + 1, self.lane[hanging])
            free = not any(self.lane[k] in way for k in self.held[column])
            before = [s.id for s in self.wiring.into(node.id) if s.id in self.on_belt]
            later = node.id not in self.on_belt or all(
                self.rank.get(s, -1) < column for s in before
            )
            if free and later and self.lane[node.id] not in self._occupied(column):
                return column
        self.columns += 1
        return self.columns

    def _beside(self, keys: list[str], column: int) -> None:
        """What reads the memory stands in the column of its user where that is free."""
        pending = list(keys)
        while pending:
            key = pending.pop()
            taken = any(self.lane[k] == self.lane[key] for k in self.held[column])
            if key not in self.rank and not taken and self.below[key] is None:
                self._put(key, column)
                pending += [s.id for s in self.wiring.into(key) if s.id in self.reading]

    def _tighten(self) -> None:
        """Let a lone operation share the next column where no straight line runs through it."""
        for column in range(self.columns - 1, 0, -1):
            movers = self.held.get(column, [])
            if any(self._is_box(self.wiring.nodes[k]) for k in movers):
                continue
            if any(self.rank.get(self.below[k] or "") == column for k in movers):
                continue
            lanes = {self.lane[k] for k in movers}
            if lanes & self._occupied(column + 1) or lanes & {*self.on_belt.values()}:
                continue
            for key in self.held.pop(column, []):
                self._put(key, column + 1)

    def _occupied(self, column: int) -> set[int]:
        """Lanes of a column that hold a node or a straight line between two."""
        held: set[int] = set()
        for key in self.held.get(column, []):
            held.add(self.lane[key])
            under = self.below[key]
            if under and self.rank.get(under) == column:
                held.update(range(self.lane[key], self.lane[under]))
            held.update(range(self.lane[key]) if key in self.reading else ())
        return held

    def _inlets(self) -> None:
        """Inputs below, previous states at the left: on their belt, beside their only user,
        or on the bus under the row of learned nodes."""
        bus = self.row + 1
        taken: set[int] = set()
        for node in [n for n in self.wiring.nodes.values() if n.kind == "previous"]:
            users = self.wiring.out_of(node.id)
            lane = self.on_belt.get(node.id)
            if lane is None:
                straight = len(users) == 1 and self.lane[users[0].id] not in taken
                lane = self.lane[users[0].id] if straight else bus
                while lane in taken:
                    lane += 1
            taken.add(lane)
            self.lane[node.id], self.rank[node.id] = lane, -1000
        inputs = [n for n in self.wiring.nodes.values() if n.kind == "input"]
        shared = any(len(self.wiring.out_of(n.id)) > 1 for n in inputs)
        lowest = max((*taken, bus if shared else self.row, self.row)) + 1
        for i, node in enumerate(inputs):
            users = self.wiring.out_of(node.id)
            column = self.rank[users[0].id] if len(users) == 1 else -900 + i
            self.lane[node.id], self.rank[node.id] = lowest, column
            if column in (self.rank[other.id] for other in inputs[:i]):
                self.rank[node.id] = -800 + i  # a second input under the same node
