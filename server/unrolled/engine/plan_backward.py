"""The backward pass as instructions.

Gradients run through a linear recurrence. Its factors (products of local derivatives) are known
from the forward pass and are computed for many timesteps at once, ahead of the loop; where a
gradient has one factor only, the factor is put where the gradient will stand and multiplied in
place. The loop carries no more than the gradients of states and of sums with recurrent matrices;
every other gradient follows from these afterwards, again for many timesteps at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from .adjoint import Factors, factors
from .allocate import compact, reuse, shift
from .dataflow import Dataflow
from .instructions import Instruction, Ref
from .layout import Layout
from .plan import Emitter, Section, Stack
from .reductions import VectorTerm, joined

Edge = tuple[int, int]
"""(node the gradient comes from, node that holds the factor)."""


class BackwardPlan(Emitter):
    """Instructions before, in and after the backward loop, those over `whole` sequences; terms of
    vector parameters.

    `given` are the named values whose rows hold a gradient from outside before the pass starts,
    `settled` the vectors whose gradients come with those of a joint matrix.
    """

    def __init__(
        self, graph: Dataflow, layout: Layout, stacks: list[Stack], given: Collection[str],
        settled: Collection[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(graph, layout)
        self.stacks = stacks
        self.early = Section("span")
        self.loop = Section("step")
        # One scratch for both vectorised sections: they are never alive at the same time,
        # but factors of the loop must survive it.
        self.late = Section("span", held=self.early.held, scratch=self.early.scratch)
        self.given = {graph.named[name] for name in given}
        recorded = set(layout.recorded)
        self.carried = layout.carried | {i for i in self.given if layout.phase[i] == "loop"}
        self._after = {i for i in recorded if layout.phase[i] == "after"}
        before = {i for i, phase in layout.phase.items() if phase == "before"}
        stops = self._after | self.carried | before
        self._coarse = {m: factors(graph, m, stops) for m in self._after | self.carried}
        self._fine = {m: factors(graph, m, recorded) for m in layout.recorded}
        for index in sorted(self._after, reverse=True):
            self._gather(index, self._grad(index), self._fine, self._after, self.early)
        self._seeds: dict[int, Ref] = {}
        seeded = {i for i in self.carried if self._seed(i)}
        self._carry_loop(seeded)
        for index in sorted(recorded - self._after - self.carried, reverse=True):
            self._gather(index, self._grad(index), self._fine, recorded, self.late)
        self.input_sizes: dict[str, int] = {}
        self.vector_terms: list[VectorTerm] = []
        self._leaves(recorded, settled)
        sections = (self.early, self.loop, self.late)
        moved = compact("span", [section.instructions for section in sections])
        compact("step", [self.loop.instructions])
        self.vector_terms = joined(
            (start, stop, shift(ref, "span", moved)) for start, stop, ref in self.vector_terms
        )
        for section in sections:
            section.fuse()
        terms = self.vector_terms
        moved, self.scratch = reuse(
            "span", [section.instructions for section in sections], [ref for _, _, ref in terms]
        )
        self.vector_terms = [(a, b, shift(ref, "span", moved)) for a, b, ref in terms]
        self.whole = self._separated()

    def _separated(self) -> list[Instruction]:
        """Products that are all of an input's gradient: nobody waits for them, and one product
        over all timesteps is faster than one a stretch."""
        late = self.late.instructions
        written = Counter(step.output.key for step in late if step.output.buffer == "input_grad")
        found = [
            step for step in late
            if step.function == "dot_transposed" and step.output.buffer == "input_grad"
            and step.inputs[0].buffer == "grad" and written[step.output.key] == 1
        ]  # fmt: skip
        self.late.instructions = [step for step in late if step not in found]
        return found

    def _grad(self, index: int) -> Ref:
        return Ref("grad", *self.layout.rows[index])

    def _edges(self, index: int, maps: dict[int, Factors], sources: Collection[int]) -> list[Edge]:
        return [
            (m, maps[m][index]) for m in sorted(sources, reverse=True) if index in maps.get(m, {})
        ]

    def _seed(self, index: int) -> bool:
        """What reaches a carried node from outside the loop, put into its rows ahead of it."""
        given = index in self.given
        edges = self._edges(index, self._coarse, self._after)
        if not (given or edges or self._others(index, self._after)):
            return False
        self._gather(index, self._grad(index), self._coarse, self._after, self.early)
        if self.layout.size(index) == 1:
            # A single entry is not added to where it stands: see `_in_place`.
            self._seeds[index] = self.early.temporary(1)
            self.add_up([(1, self._grad(index))], self._seeds[index], self.early)
        return True

    def _others(self, index: int, sources: Collection[int]) -> bool:
        """Whether products or mixing operations among `sources` take this node."""
        graph = self.graph
        return any(
            index in graph[p].arguments
            for m in sources
            for p in (m, *graph[m].arguments)
            if graph[p].kind == "product" or graph[p].key in ("softmax", "concat")
        )

    def _carry_loop(self, seeded: set[int]) -> None:
        layout = self.layout
        states = {index: key for key, index in layout.states.items()}
        for index in sorted(self.carried, reverse=True):
            target = self._grad(index)
            extra = [Ref("carry", *layout.rows[index])] if index in states else []
            self._gather_step(index, target, extra, held=index in seeded)
        for key, root in layout.states.items():
            previous = self.graph.previous[key]
            outside = self._edges(previous, self._coarse, self._after)
            extra = []
            if outside or self._others(previous, self._after):
                extra = [self.early.temporary(layout.size(root))]
                self._gather(previous, extra[0], self._coarse, self._after, self.early)
            self._gather_step(previous, Ref("carry", *layout.rows[root]), extra, held=False)

    def _gather_step(self, index: int, target: Ref, extra: list[Ref], *, held: bool) -> None:
        """One gradient inside the loop; `held`: its rows already hold a part of it."""
        carried, section = self.carried, self.loop
        edges = self._edges(index, self._coarse, carried)
        if target.buffer == "grad" and not held:
            edges, first = self._in_place(edges, target)
            held = first is not None
            if first is not None:
                section.emit("multiply", (self._grad(first), target), target)
        terms = [(1, self._seeds.get(index, target))] if held else []
        terms += [(1, ref) for ref in extra]
        single = target.stop - target.start == 1
        free = None if terms or (single and edges) else target
        terms += self._other_terms(index, carried, section, free, stepwise=True)
        self._sum(edges, terms, target, section)

    def _in_place(self, edges: list[Edge], target: Ref) -> tuple[list[Edge], int | None]:
        """The first factor that stands nowhere yet goes where the gradient will stand.

        It saves a pass through memory. Single entries stay out: there NumPy is three times slower
        in place.
        """
        for edge in edges if target.stop - target.start > 1 else ():
            source, factor = edge
            node = self.graph[factor]
            if not node.leaf and factor not in self.layout.rows and factor not in self.early.held:
                self.compute(factor, target, self.early)
                return [e for e in edges if e is not edge], source
        return edges, None

    def _gather(
        self, index: int, target: Ref, maps: dict[int, Factors], sources: Collection[int],
        section: Section,
    ) -> None:  # fmt: skip
        """One gradient outside the loop."""
        terms = [(1, target)] if index in self.given else []
        free = None if terms else target
        terms += self._other_terms(index, sources, section, free, stepwise=False)
        self._sum(self._edges(index, maps, sources), terms, target, section)

    def _sum(
        self, edges: list[Edge], terms: list[tuple[int, Ref]], target: Ref, section: Section
    ) -> None:
        """target = Σ terms + Σ gradient · factor."""
        size = target.stop - target.start
        for source, factor in edges:
            grad = self._grad(source)
            if self.graph.is_number(factor, 1) or self.graph.is_number(factor, -1):
                terms.append((int(self.graph[factor].value), grad))
                continue
            scale = self.ref(factor, self.early if section is self.loop else section)
            if scale.buffer == "number":
                scale = Ref("number", 0, size, value=scale.value)
            place = section.temporary(size) if terms else target
            section.emit("multiply", (grad, scale), place)
            terms.append((1, place))
        terms.sort(key=lambda term: (term[0] < 0, term[1] != target))
        if not terms:
            terms = [(1, Ref("number", 0, size, value=0.0))]
        self.add_up(terms, target, section)

    def _other_terms(
        self, index: int, sources: Collection[int], section: Section, free: Ref | None, *,
        stepwise: bool,
    ) -> list[tuple[int, Ref]]:  # fmt: skip
        """Parts that come through matrices, softmax and concat; the first one into `free`."""
        terms: list[tuple[int, Ref]] = []
        size = self.layout.size(index)
        for number, stack in enumerate(self.stacks):
            if stack.source == index and self._within(stack, sources, stepwise=stepwise):
                part = free if free and not terms else section.temporary(size)
                section.emit("dot_transposed", (Ref("grad", *stack.rows),), part, number)
                terms.append((1, part))
        for m in sorted(sources, reverse=True):
            terms += [(1, part) for part in self._mixed(m, index, section)]
        return terms

    def _within(self, stack: Stack, sources: Collection[int], *, stepwise: bool) -> bool:
        """Whether a stack's sums are among the sources, in the loop or outside it."""
        if stepwise or not self.layout.stepwise(stack.source):
            member = next(
                i for i, rows in self.layout.rows.items()
                if rows[0] == stack.rows[0] and self.layout.products(i)
            )  # fmt: skip
            return member in sources and stepwise == stack.stepwise
        return stack.phase == "after"

    def _mixed(self, source: int, index: int, section: Section) -> list[Ref]:
        node = self.graph[source]
        if node.kind != "apply" or node.key not in ("softmax", "concat"):
            return []
        if node.key == "softmax":
            if node.arguments[0] != index:
                return []
            part = section.temporary(self.layout.size(index))
            section.emit("softmax_pullback", (self._grad(source), self.place(source)), part)
            return [part]
        parts: list[Ref] = []
        start = self.layout.rows[source][0]
        for argument in node.arguments:
            size = self.layout.size(argument)
            if argument == index:
                parts.append(Ref("grad", start, start + size))
            start += size
        return parts

    def _leaves(self, recorded: Collection[int], settled: Collection[str]) -> None:
        """Gradients of the inputs, and the terms whose sums over time are vectors' gradients."""
        for node in self.graph.nodes[: self.graph.original]:
            if node.kind == "input":
                size = self.layout.size(node.index)
                self.input_sizes[node.key] = size
                target = Ref("input_grad", 0, size, key=node.key)
                self._gather(node.index, target, self._fine, recorded, self.late)
            elif node.kind == "parameter" and node.key not in settled:
                rows = self.layout.vectors[node.key]
                self.vector_terms += [(*rows, r) for r in self._vector(node.index, recorded)]

    def _vector(self, index: int, recorded: Collection[int]) -> list[Ref]:
        terms: list[Ref] = []
        for source, factor in self._edges(index, self._fine, recorded):
            grad = self._grad(source)
            if self.graph.is_number(factor, 1):
                terms.append(grad)
                continue
            part = self.late.temporary(grad.stop - grad.start)
            self._sum([(source, factor)], [], part, self.late)
            terms.append(part)
        for source in recorded:
            terms += self._mixed(source, index, self.late)
        return terms
