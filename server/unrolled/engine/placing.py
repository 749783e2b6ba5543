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
        self.columns = 0
        self.reading = {key for key in wiring.nodes if self._reads_memory(key)}
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

    def _reads_memory(self, key: str) -> bool:
        """Whether an operation re-expresses a memory of this step on its way out."""
        node = self.wiring.nodes[key]
        if key in self.on_belt or self._is_box(node) or node.kind in ("input", "previous"):
            return False
        sources = self.wiring.into(key)
        return any(s.id in self.belts or self._reads_memory(s.id) for s in sources)

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
        inside = {n.id for n in rest if self._feeds_boxes_only(n)}
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

    def _feeds_boxes_only(self, node: Node) -> bool:
        users = self.wiring.out_of(node.id)
        return bool(users) and all(
            self._is_box(u) or (u.id not in self.on_belt and self._feeds_boxes_only(u))
            for u in users
        )

    def _depth_below(self, key: str) -> int:
        above = [
            self.on_belt[s.id] if s.id in self.on_belt else self._depth_below(s.id)
            for s in self.wiring.into(key) if s.id in self.on_belt or s.id in self.reading
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
        node = self.wiring.nodes.get(key)
        if node is None or key in self.rank or node.kind in ("input", "previous"):
            return
        sources = [s.id for s in self.wiring.into(key)]
        hanging = self.below[key]
        later = [s for s in sources if s in self.reading]
        first = [s for s in sources if s == hanging and s == node.gate]
        self.rank[key] = -1  # in progress
        for source in (*first, *(s for s in sources if s not in later)):
            self._column(source)
        if self._needs_own_column(node, hanging):
            self.columns += 1
            self.rank[key] = self.columns
        else:
            self.rank[key] = self.rank[hanging or ""]
        for source in later:
            self._column_beside(source, self.rank[key])

    def _needs_own_column(self, node: Node, hanging: str | None) -> bool:
        if hanging is None or self._is_box(node):
            return True
        column = self.rank[hanging]
        if self.lane[node.id] in self._occupied(column):
            return True
        between = range(self.lane[node.id] + 1, self.lane[hanging])
        if any(r == column and self.lane[k] in between for k, r in self.rank.items()):
            return True
        before = [s.id for s in self.wiring.into(node.id) if s.id in self.on_belt]
        return any(self.rank.get(s, -1) >= column for s in before if node.id in self.on_belt)

    def _column_beside(self, key: str, column: int) -> None:
        """What reads the memory stands in the column of its user where that is free."""
        taken = any(r == column and self.lane[k] == self.lane[key] for k, r in self.rank.items())
        if key not in self.rank and not taken and self.below[key] is None:
            self.rank[key] = column
            for source in self.wiring.into(key):
                if source.id in self.reading:
                    self._column_beside(source.id, column)
        self._column(key)

    def _tighten(self) -> None:
        """Let a lone operation share the next column where no straight line runs through it."""
        for column in range(self.columns - 1, 0, -1):
            movers = [k for k, r in self.rank.items() if r == column]
            if any(self._is_box(self.wiring.nodes[k]) for k in movers):
                continue
            if any(self.rank.get(self.below[k] or "") == column for k in movers):
                continue
            lanes = {self.lane[k] for k in movers}
            if lanes & self._occupied(column + 1) or lanes & {*self.on_belt.values()}:
                continue
            self.rank.update(dict.fromkeys(movers, column + 1))

    def _occupied(self, column: int) -> set[int]:
        """Lanes of a column that hold a node or a straight line between two."""
        held: set[int] = set()
        for key, rank in self.rank.items():
            if rank == column:
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
