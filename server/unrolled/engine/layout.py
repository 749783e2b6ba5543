"""Which nodes are kept, in which phase they are computed, and in which rows they stand.

Phases: ``before`` (depends on no earlier step: computed for all timesteps at once), ``loop``
(carries a state on), ``after`` (nothing later needs it: again all at once).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, permutations

from .dataflow import Dataflow, Node
from .joint import sources
from .sizes import entries

_MIXES = ("softmax", "concat")


@dataclass
class Layout:
    """The rows of every kept node, the phase of every node.

    `rows[n]` = (start, stop) in the record; `recorded` are the nodes that have rows: named values
    and the few unnamed ones that the backward pass must know (sums with matrix products, what a
    product is taken of, arguments of operations that mix units). `carried` are recorded nodes
    whose gradients the backward loop itself computes; all others follow from them afterwards.
    `vectors` are the rows of the vector parameters in one column. `inputs` has the rows of an
    input that stands in the record, beside the state it is joined with (`joint.py`); a 1 follows.
    """

    graph: Dataflow
    dimensions: Mapping[str, int]
    phase: dict[int, str] = field(default_factory=dict)
    recorded: list[int] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    total: int = 0
    vectors: dict[str, tuple[int, int]] = field(default_factory=dict)
    inputs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states = {key: self.graph.named[key] for key in self.graph.previous}
        self._find_phases()
        self._find_recorded()
        self.sources = sources(self.graph, self)
        for index in self._ordered():
            self.rows[index] = self._take(self.size(index))
            if self.sources and index == self.states[self.graph[self.sources.previous].key]:
                given = self.sources.given
                self.inputs[self.graph[given].key] = self._take(self.size(given))
                self._take(1)
        self._place_vectors()

    def _take(self, size: int) -> tuple[int, int]:
        self.total += size
        return self.total - size, self.total

    def size(self, index: int) -> int:
        """Entries of a node."""
        size = self.graph[index].size
        return entries("units" if size is None else size, self.dimensions)

    def products(self, index: int) -> list[Node]:
        """The matrix products that a sum adds up."""
        node = self.graph[index]
        found = [self.graph[a] for a in node.arguments] if node.kind == "sum" else []
        return [argument for argument in found if argument.kind == "product"]

    def stepwise(self, index: int) -> bool:
        """Whether a node's value is known only as the loop reaches its step."""
        return self.graph[index].kind == "previous" or self.phase.get(index) == "loop"

    def _place_vectors(self) -> None:
        """Vector parameters in the order of the sums they are terms of, the others after."""
        own: dict[str, int] = {}
        for node in self.graph.nodes[: self.graph.original]:
            if node.kind == "parameter":
                own[node.key] = node.index
        terms = [
            self.graph[a].key
            for index in sorted(self.rows, key=lambda i: self.rows[i])
            for a in self.graph[index].arguments
            if self.graph[index].kind == "sum" and self.graph[a].kind == "parameter"
        ]
        start = 0
        for name in dict.fromkeys([*terms, *own]):
            self.vectors[name] = (start, start + self.size(own[name]))
            start = self.vectors[name][1]

    def _find_phases(self) -> None:
        graph = self.graph
        depends: set[int] = set(self.states.values())
        for node in graph.nodes[: graph.original]:
            if node.kind == "previous" or any(a in depends for a in node.arguments):
                depends.add(node.index)
        feeds: set[int] = set(self.states.values())
        for node in reversed(graph.nodes[: graph.original]):
            if node.index in feeds:
                feeds.update(node.arguments)
        for node in graph.nodes[: graph.original]:
            if not node.leaf:
                late = "loop" if node.index in feeds else "after"
                self.phase[node.index] = late if node.index in depends else "before"

    def _find_recorded(self) -> None:
        graph = self.graph
        keep = set(graph.named.values())
        mixing: set[int] = set()
        sources: set[int] = set()
        for node in graph.nodes[: graph.original]:
            for product in self.products(node.index):
                keep.add(node.index)
                sources.add(product.arguments[0])
            if node.kind == "apply" and node.key in _MIXES:
                mixing.update((node.index, *node.arguments))
        inner = {i for i in sources | mixing if not graph[i].leaf}
        self.recorded = sorted(keep | inner)
        looped = {
            i for i in self.recorded
            if any(self.stepwise(p.arguments[0]) for p in self.products(i))
        }  # fmt: skip
        wanted = looped | inner | set(self.states.values())
        self.carried = {i for i in wanted if self.phase.get(i) == "loop"}

    def _ordered(self) -> list[int]:
        """Sums of one stack side by side, what is made of them in the same order."""
        graph = self.graph
        sums = [i for i in self.recorded if self.products(i)]
        applied = {
            node.arguments[0]: node
            for node in graph.nodes[: graph.original]
            if node.kind == "apply" and len(node.arguments) == 1 and node.index in self.recorded
        }
        ordered = self._best(sums, applied)
        made = [applied[i].index for i in ordered if i in applied and applied[i].index not in sums]
        states = [i for i in self.states.values() if i not in made and i not in ordered]
        for state in states:
            made.insert(self._beside(state, made), state)
        rest = [i for i in self.recorded if i not in {*ordered, *made}]
        return [*ordered, *made, *rest]

    def _beside(self, state: int, made: list[int]) -> int:
        """Where a state stands best: in f·c[t-1] + i·g beside g as f stands beside i, so that
        both products are one."""
        graph = self.graph
        previous = graph.previous[next(k for k, i in self.states.items() if i == state)]
        for node in graph.nodes[: graph.original]:
            pairs = [graph[a].arguments for a in node.arguments if graph[a].key == "multiply"]
            for keep, other in permutations(pairs, 2):
                if previous not in keep:
                    continue
                gate = keep[0] if keep[1] == previous else keep[1]
                for gate_two, partner in (other, other[::-1]):
                    if gate in made and gate_two in made and partner in made:
                        step = made.index(gate_two) - made.index(gate)
                        if abs(step) == 1:
                            return made.index(partner) + (step < 0)
        return len(made)

    def _best(self, sums: list[int], applied: Mapping[int, Node]) -> list[int]:
        """The order in which equal operations and equal consumers stand together most."""
        traits = {
            i: (
                tuple(sorted(self._source(p) for p in self.products(i))),
                applied[i].key if i in applied else "",
                self._consumer(applied[i].index if i in applied else i),
                self.phase[i],
            )
            for i in sums
        }
        if len(sums) > 6:
            return sorted(sums, key=lambda i: (traits[i], i))

        def breaks(order: Iterable[int]) -> int:
            pairs = pairwise(order)
            weights = (8, 2, 2, 8)
            return sum(
                weight
                for one, other in pairs
                for weight, a, b in zip(weights, traits[one], traits[other], strict=True)
                if a != b
            )

        return list(min(permutations(sums), key=breaks)) if sums else []

    def _source(self, product: Node) -> str:
        argument = product.arguments[0]
        return str(argument) if self.stepwise(argument) else ""

    def _consumer(self, index: int) -> int:
        """The carried node whose gradient reaches this one first."""
        for node in self.graph.nodes[index + 1 : self.graph.original]:
            if index in node.arguments:
                return node.index if node.index in self.recorded else self._consumer(node.index)
        return -1
