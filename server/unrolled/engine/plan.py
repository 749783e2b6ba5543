"""The forward pass as instructions: before the loop, in it, after it.

Matrix products of one source whose sums stand in neighbouring rows are one stacked product.
Products of what is known beforehand (the inputs of all timesteps) are made for all timesteps at
once, straight into the rows of the sums they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .allocate import compact, reuse
from .dataflow import Dataflow, Node
from .instructions import Instruction, Ref, fuse
from .joint import Joint, joint
from .layout import Layout
from .operations import OPERATIONS


@dataclass(frozen=True)
class Stack:
    """Matrices that multiply one source, one above the other; their sums' rows adjoin.

    `first`: the product is written into the rows, not added to them. `tied`: the (stack, row
    offset) that owns the matrix where it occurs a second time, else None.
    """

    matrices: tuple[str, ...]
    source: int
    rows: tuple[int, int]
    columns: int
    stepwise: bool
    first: bool
    phase: str
    tied: tuple[int, int] | None = None


@dataclass
class Scratch:
    """Rows handed out one after another."""

    total: int = 0

    def take(self, size: int) -> tuple[int, int]:
        """The next `size` rows."""
        self.total += size
        return self.total - size, self.total


@dataclass
class Section:
    """Instructions of one phase and the scratch its unnamed values stand in."""

    buffer: str
    instructions: list[Instruction] = field(default_factory=list)
    held: dict[int, Ref] = field(default_factory=dict)
    scratch: Scratch = field(default_factory=Scratch)

    def temporary(self, size: int) -> Ref:
        """Fresh scratch rows."""
        return Ref(self.buffer, *self.scratch.take(size))

    def emit(self, function: str, inputs: tuple[Ref, ...], output: Ref, stack: int = -1) -> None:
        """Append an instruction."""
        self.instructions.append(Instruction(function, inputs, output, stack=stack))

    def fuse(self) -> None:
        """Join what can be joined."""
        self.instructions = fuse(self.instructions)


class Emitter:
    """Turns nodes into instructions; shared by the forward and the backward plan."""

    def __init__(self, graph: Dataflow, layout: Layout) -> None:
        self.graph = graph
        self.layout = layout

    def ref(self, index: int, section: Section) -> Ref:
        """Where a node's value stands, computing it first if it has no place yet."""
        node = self.graph[index]
        size = self.layout.size(index)
        match node.kind:
            case "number":
                return Ref("number", 0, 1, value=node.value)
            case "parameter":
                return Ref("vector", *self.layout.vectors[node.key])
            case "input":
                rows = self.layout.inputs.get(node.key)
                return Ref("now", *rows) if rows else Ref("input", 0, size, key=node.key)
            case "previous":
                return Ref("now", *self.layout.rows[self.layout.states[node.key]])
        if index in self.layout.rows:
            return self.place(index)
        if index not in section.held:
            target = section.temporary(size)
            self.compute(index, target, section)
            section.held[index] = target
        return section.held[index]

    def place(self, index: int) -> Ref:
        """The rows of a recorded node."""
        state = index in self.layout.states.values()
        return Ref("next" if state else "now", *self.layout.rows[index])

    def compute(self, index: int, target: Ref, section: Section) -> None:
        """Instructions that put the node's value into `target`."""
        node = self.graph[index]
        if node.kind == "sum":
            terms = [(s, self.ref(a, section)) for s, a in _signed(node)]
            self.add_up(terms, target, section)
        elif node.key == "concat":
            self._concatenate(node, target, section)
        elif node.key == "softmax":
            section.emit("softmax", (self.ref(node.arguments[0], section),), target)
        else:
            operands = {
                name: self.ref(a, section) for name, a in zip("ab", node.arguments, strict=False)
            }
            self.apply(node.key, {**operands, "y": target}, section)

    def apply(self, operation: str, operands: dict[str, Ref], section: Section) -> None:
        """The steps of one row of the operations table."""
        for function, *inputs in OPERATIONS[operation].forward:
            refs = tuple(
                operands[i] if i in operands else Ref("number", 0, 1, value=float(i))
                for i in inputs
            )
            section.emit(function, _sized(refs, operands["y"]), operands["y"])

    def add_up(self, terms: list[tuple[int, Ref]], target: Ref, section: Section) -> None:
        """target = Σ ± term, without a pass more than needed.

        A term that stands in the target already comes first, before anything is written there.
        """
        (sign, first), *rest = sorted(terms, key=lambda term: term[1] != target)
        if sign < 0:
            minus = Ref("number", 0, 1, value=-1.0)
            section.emit("multiply", _sized((first, minus), target), target)
            first = target
        elif not rest and first != target:
            section.emit("positive", _sized((first,), target), target)
        for sign, ref in rest:
            function = "add" if sign > 0 else "subtract"
            section.emit(function, _sized((first, ref), target), target)
            first = target

    def _concatenate(self, node: Node, target: Ref, section: Section) -> None:
        start = target.start
        for argument in node.arguments:
            size = self.layout.size(argument)
            part = Ref(target.buffer, start, start + size, target.key)
            section.emit("positive", _sized((self.ref(argument, section),), part), part)
            start += size


def _signed(node: Node) -> Iterator[tuple[int, int]]:
    """(sign, argument) of every term of a sum."""
    return zip(node.signs, node.arguments, strict=True)


def _sized(refs: tuple[Ref, ...], output: Ref) -> tuple[Ref, ...]:
    """Numbers take the size of the output, so that joint runs stay joint."""
    size = output.stop - output.start
    return tuple(Ref("number", 0, size, value=r.value) if r.buffer == "number" else r for r in refs)


class ForwardPlan(Emitter):
    """Stacks and instructions of the three phases of one cell at given sizes.

    `joined`: whether state and input may have one product (`joint.py`); over a single step it does
    not pay to put its matrix together.
    """

    def __init__(self, graph: Dataflow, layout: Layout, *, joined: bool = True) -> None:
        super().__init__(graph, layout)
        self.stacks: list[Stack] = _stacks(graph, layout)
        self.joint = joint(layout, self.stacks) if joined else None
        self.before = Section("span")
        self.loop = Section("step")
        self.after = Section("span")
        self._made: dict[int, Ref] = {}
        self._written = False
        sections = {"before": self.before, "loop": self.loop, "after": self.after}
        for phase, section in sections.items():
            for index in range(graph.original):
                if layout.phase.get(index) == phase and index in layout.rows:
                    self._record(index, section)
        for section in sections.values():
            compact(section.buffer, [section.instructions])
            section.fuse()
        self.scratch = max(
            reuse("span", [section.instructions])[1] for section in (self.before, self.after)
        )

    def _record(self, index: int, section: Section) -> None:
        if self.graph[index].kind == "sum":
            self._sum(index, section)
        else:
            self.compute(index, self.place(index), section)

    def _sum(self, index: int, section: Section) -> None:
        """Own rows may already hold what is known beforehand; the rest is added to it."""
        if self.joint and self.layout.sources and index in self.layout.sources.sums:
            self._joined_sum(index, section, self.joint)
            return
        node = self.graph[index]
        target = self.place(index)
        early = [s for s in self._of(index) if s.phase == "before"]
        terms: list[tuple[int, Ref]] = []
        based = False
        if section is self.loop and (early or self._base_beside(index)):
            self._base(index, self.before)
            terms.append((1, target))
            based = True
        for sign, argument in _signed(node):
            early_term = based and self._known(argument)
            if self.graph[argument].kind != "product" and not early_term:
                terms.append((sign, self.ref(argument, section)))
        for stack in self._of(index):
            if based and stack.phase == "before":
                continue
            terms.insert(0, (1, self._product(stack, index, section)))
        terms.sort(key=lambda term: -term[0])
        self.add_up(terms, target, section)

    def _joined_sum(self, index: int, section: Section, matrix: Joint) -> None:
        """The joint product writes the rows of all its sums; the rest is added."""
        target = self.place(index)
        if not self._written:
            section.emit("dot_joint", (matrix.source,), Ref("now", *matrix.rows))
            self._written = True
        rest = [
            (sign, self.ref(argument, section))
            for sign, argument in _signed(self.graph[index])
            if self.graph[argument].kind != "product" and self.layout.stepwise(argument)
        ]
        self.add_up([(1, target), *rest], target, section)

    def _base(self, index: int, section: Section) -> None:
        """What of a loop's sum is known beforehand, for all timesteps."""
        node, target = self.graph[index], self.place(index)
        terms = [
            (1, self._product(stack, index, section))
            for stack in self._of(index)
            if stack.phase == "before"
        ]
        terms += [
            (sign, self.ref(argument, section))
            for sign, argument in _signed(node)
            if self.graph[argument].kind != "product" and self._known(argument)
        ]
        self.add_up(terms, target, section)

    def _base_beside(self, index: int) -> bool:
        """Whether a vector had better stand in the rows beforehand: those beside it, of the same
        product, hold something that it is added to, and all are one addition."""
        if not any(self._known(a) for a in self.graph[index].arguments):
            return False
        wide = [stack.rows for stack in self._of(index) if stack.stepwise]
        early = [stack.rows for stack in self.stacks if stack.phase == "before"]
        return any(a < stop and start < b for a, b in early for start, stop in wide)

    def _known(self, index: int) -> bool:
        """Whether a value is there before the loop."""
        node = self.graph[index]
        return node.kind != "previous" and (node.leaf or self.layout.phase[index] == "before")

    def _of(self, index: int) -> list[Stack]:
        start, stop = self.layout.rows[index]
        return [
            s for s in self.stacks
            if s.rows[0] <= start and stop <= s.rows[1]
        ]  # fmt: skip

    def _product(self, stack: Stack, index: int, section: Section) -> Ref:
        """The rows of a stacked product that belong to one sum."""
        number = self.stacks.index(stack)
        if number not in self._made:
            size = stack.rows[1] - stack.rows[0]
            direct = stack.first and section.buffer == "span"
            output = (
                Ref(self.place(index).buffer, *stack.rows) if direct else section.temporary(size)
            )
            section.emit("dot", (self.ref(stack.source, section),), output, number)
            self._made[number] = output
        made = self._made[number]
        start, stop = self.layout.rows[index]
        offset = made.start - stack.rows[0]
        return Ref(made.buffer, start + offset, stop + offset, made.key)


def _stacks(graph: Dataflow, layout: Layout) -> list[Stack]:
    """Runs of neighbouring sums whose matrices multiply the same source in the same phase."""
    stacks: list[Stack] = []
    homes: dict[str, tuple[int, int]] = {}
    sums = sorted((i for i in layout.rows if layout.products(i)), key=lambda i: layout.rows[i])
    filled: set[int] = set()
    open_runs: dict[tuple[object, ...], int] = {}
    for index in sums:
        for product in layout.products(index):
            source = product.arguments[0]
            phase = layout.phase[index]
            if phase == "loop" and not layout.stepwise(source):
                phase = "before"
            first = index not in filled and phase != "loop"
            if first:
                filled.add(index)
            key = (source, phase, first, index in layout.states.values())
            rows = layout.rows[index]
            run = open_runs.get(key)
            if product.key in homes:
                stacks.append(_stack(layout, product, rows, phase, first, homes[product.key]))
            elif run is not None and stacks[run].rows[1] == rows[0]:
                held = stacks[run]
                homes[product.key] = (run, rows[0] - held.rows[0])
                stacks[run] = Stack(
                    (*held.matrices, product.key), source, (held.rows[0], rows[1]),
                    held.columns, held.stepwise, first, phase,
                )  # fmt: skip
            else:
                open_runs[key] = len(stacks)
                homes[product.key] = (len(stacks), 0)
                stacks.append(_stack(layout, product, rows, phase, first, None))
    return stacks


def _stack(
    layout: Layout, product: Node, rows: tuple[int, int], phase: str, first: bool,
    tied: tuple[int, int] | None,
) -> Stack:  # fmt: skip
    source = product.arguments[0]
    return Stack(
        (product.key,), source, rows, layout.size(source), phase == "loop", first, phase, tied
    )
