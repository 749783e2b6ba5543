"""One product instead of two: z = U h[t-1] + W x + b is [U W b] times [h[t-1]; x; 1].

Where matrices are small a call costs more than the numbers in it. There the input stands beside
the state it is multiplied with, a 1 beside that, and a step has a product for all three. Large
matrices keep theirs apart: W x of all timesteps is one product, faster than one a step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .instructions import Ref

if TYPE_CHECKING:
    from .dataflow import Dataflow, Node
    from .layout import Layout
    from .plan import Stack

JOINT_ENTRIES = 16384
"""Entries of [U W b] up to which it is one matrix."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is put side by side: the nodes of a state's previous value and of an input, the sums
    that both are multiplied for, and the vector each of these adds."""

    previous: int
    given: int
    sums: tuple[int, ...]
    biases: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Joint:
    """The matrix [U W b]: the stacks of U and W, its rows in the record, what it multiplies, and
    (row of the matrix, first, last of the vectors) for the parts of b."""

    stacks: tuple[int, int]
    rows: tuple[int, int]
    source: Ref
    vectors: tuple[tuple[int, int, int], ...]


def sources(graph: Dataflow, layout: Layout) -> Sources | None:
    """What may be joined, or None: sums of one product with the same state and one with the same
    input each, and nothing else that is known beforehand but a vector."""
    sums = [i for i in layout.recorded if layout.products(i)]
    for previous in graph.previous.values():
        own = tuple(i for i in sums if previous in _arguments(layout.products(i)))
        pairs = {frozenset(_arguments(layout.products(i))) for i in own}
        given = {a for pair in pairs for a in pair if graph[a].kind == "input"}
        if len(pairs) != 1 or len(given) != 1 or not _alone(graph, layout, own):
            continue
        biases = {i: graph[a].key for i in own for a in _beside(graph, layout, i)}
        (source,) = given
        columns = layout.size(previous) + layout.size(source) + 1
        if columns * sum(map(layout.size, own)) <= JOINT_ENTRIES:
            return Sources(previous, source, own, biases)
    return None


def _arguments(products: Sequence[Node]) -> list[int]:
    return [product.arguments[0] for product in products]


def _alone(graph: Dataflow, layout: Layout, sums: Sequence[int]) -> bool:
    """Whether each sum has two products, matrices of its own, and no more than a vector that is
    known beforehand."""
    nodes = graph.nodes[: graph.original]
    used = [n.key for n in nodes if n.kind == "product"]
    taken = [a for n in nodes for a in n.arguments]
    for index in sums:
        products = layout.products(index)
        known = _beside(graph, layout, index)
        vectors = [a for a in known if graph[a].kind == "parameter"]
        if (
            len(products) != 2 or index in layout.states.values() or known != vectors
            or len(vectors) > 1 or any(used.count(p.key) > 1 for p in products)
        ):  # fmt: skip
            return False
        signs = dict(zip(graph[index].arguments, graph[index].signs, strict=True))
        if any(signs[a] < 0 or taken.count(a) > 1 for a in vectors):
            return False
    return True


def _beside(graph: Dataflow, layout: Layout, index: int) -> list[int]:
    """What a sum adds besides its products that no step before has to give."""
    return [
        a for a in graph[index].arguments
        if graph[a].kind != "product" and not layout.stepwise(a)
    ]  # fmt: skip


def joint(layout: Layout, stacks: Sequence[Stack]) -> Joint | None:
    """The joint matrix, where the sums stand together in one stack of each."""
    held = layout.sources
    if held is None:
        return None
    numbers = [
        n for source in (held.previous, held.given)
        for n, stack in enumerate(stacks) if stack.source == source
    ]  # fmt: skip
    rows = {stacks[n].rows for n in numbers}
    (start, stop), *others = rows
    inside = all(start <= layout.rows[i][0] < stop for i in held.sums)
    if len(numbers) != 2 or others or not inside:
        return None
    state, given = layout.rows[_state(layout, held.previous)], layout.inputs
    vectors = tuple(
        (layout.rows[i][0] - start, *layout.vectors[held.biases[i]])
        for i in held.sums if i in held.biases
    )  # fmt: skip
    source = Ref("now", state[0], given[layout.graph[held.given].key][1] + 1)
    return Joint((numbers[0], numbers[1]), (start, stop), source, _merged(vectors))


def _state(layout: Layout, previous: int) -> int:
    return layout.states[layout.graph[previous].key]


def _merged(vectors: Sequence[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Parts that continue each other, as one."""
    found: list[tuple[int, int, int]] = []
    for row, start, stop in sorted(vectors):
        if found and found[-1][2] == start and row - found[-1][0] == start - found[-1][1]:
            row, start, _ = found.pop()
        found.append((row, start, stop))
    return tuple(found)
