"""A program's instructions bound to the arrays of one run: what stands where, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .execute import Executor
from .instructions import Ref
from .reductions import VectorTerm, summing
from .spaces import Space, empty
from .weights import Weights

if TYPE_CHECKING:
    from .program import Program
    from .records import Run

Array = NDArray[Any]
Pair = tuple[tuple[int, ...], Array, Array]


def forward_executor(program: Program, weights: Weights, space: Space) -> Executor:
    """The forward pass over a space: before the loop, the loop, after it, stretch by stretch."""
    plan, layout = program.plan, program.layout
    step = empty(1, plan.loop.scratch.total, space.batch, weights.dtype)[0]
    spaces = dict.fromkeys(("now", "next", "span", "input"), space)
    seeds = {key: space.span(program.input_ref(key), 0, space.steps)
             for key in program.cell.inputs}  # fmt: skip
    for name, root in layout.states.items():
        seeds[name] = space.first(Ref("now", *layout.rows[root]))
    executor = Executor(weights, space.batch, spaces, {"step": step}, seeds)
    if plan.joint:
        executor.join(plan.joint)
    parts = (plan.before.instructions, program.loop, plan.after.instructions)
    for begin, end in _stretches(space):
        executor.bind(parts, begin, end)
    return executor


def backward_executor(program: Program, run: Run, space: Space, given: tuple[str, ...]) -> Executor:
    """The backward pass over the space of a run and that of its gradients."""
    plan, loop = program.backward_plan(given)
    layout, dtype = program.layout, run.weights.dtype
    fixed = {name: empty(1, rows, space.batch, dtype)[0]
             for name, rows in (("carry", layout.total),
                                ("step", plan.loop.scratch.total))}  # fmt: skip
    fixed["vectors"] = np.empty_like(run.weights.vectors)
    spaces = {**dict.fromkeys(("now", "next", "input"), run.space),
              **dict.fromkeys(("grad", "span", "input_grad"), space)}  # fmt: skip
    seeds = {name: space.span(Ref("grad", *layout.rows[program.graph.named[name]]),
                              0, space.steps) for name in given}  # fmt: skip
    executor = Executor(run.weights, space.batch, spaces, fixed, seeds, plan)
    parts = (plan.early.instructions, loop, plan.late.instructions)
    for begin, end in reversed(_stretches(space)):
        executor.bind(parts, begin, end, reverse=True)
        _bind_sums(executor, space, plan.vector_terms, "span", end - begin)
    executor.bind([plan.whole], 0, space.steps)
    _bind_sums(executor, space, plan.vector_terms, "grad", space.steps)
    executor.pairs = _pairs(program, run, space)
    return executor


def _bind_sums(
    executor: Executor, space: Space, terms: list[VectorTerm], buffer: str, steps: int
) -> None:
    """Gradients of vectors: scratch is summed stretch by stretch, the record as a whole."""
    for start, stop, ref in terms:
        if ref.buffer == buffer:
            others = [term for term in terms if term[0] < stop and start < term[1]]
            sums = executor.fixed["vectors"][start:stop]
            alone = buffer == "grad" and len(others) == 1
            executor.add(*summing(sums, space.span(ref, 0, steps), alone=alone))


def _pairs(program: Program, run: Run, space: Space) -> list[Pair]:
    """(stacks, gradients of the sums, what the matrices multiplied)."""
    steps, joint = run.space.steps, program.plan.joint
    pairs: list[tuple[tuple[int, ...], Ref, Ref]] = [
        ((number,), Ref("grad", *stack.rows), _source(program, stack.source))
        for number, stack in enumerate(program.plan.stacks)
        if joint is None or number not in joint.stacks
    ]
    if joint:
        pairs.insert(0, (joint.stacks, Ref("grad", *joint.rows), joint.source))
    return [
        (numbers, space.span(above, 0, steps), run.space.span(source, 0, steps))
        for numbers, above, source in pairs
    ]


def _source(program: Program, index: int) -> Ref:
    """Where what a matrix multiplies stands."""
    node = program.graph[index]
    if node.kind == "input":
        return program.input_ref(node.key)
    if node.kind == "previous":
        return Ref("now", *program.layout.rows[program.layout.states[node.key]])
    return program.plan.place(index)


def _stretches(space: Space) -> list[tuple[int, int]]:
    """(first, last) timesteps that are worked through at a time."""
    length = len(space.arrays["span"])
    return [(start, min(start + length, space.steps)) for start in range(0, space.steps, length)]
