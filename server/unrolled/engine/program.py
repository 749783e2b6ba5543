"""A cell compiled at given sizes: forward over a sequence, backward over what was recorded.

Arrays inside are (time, entries) for one sequence and (time, entries, batch) for several, so that
every value of a step is contiguous and a stacked product needs no transposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cell import Cell
from .dataflow import Dataflow
from .errors import EngineError
from .execute import Executor
from .instructions import Ref
from .layout import Layout
from .loops import Loop, loop
from .plan import ForwardPlan
from .plan_backward import BackwardPlan
from .records import Gradients, Run
from .reductions import add_vectors, outer
from .sizes import entries
from .spaces import Pool, Space, empty
from .weights import Weights, places, zeros

Array = NDArray[Any]

SPAN_BYTES = 1024 * 1024
"""Scratch of the vectorised sections; longer sequences are worked through in stretches."""


class Program:
    """One cell (options applied) at given sizes, e.g. ``{"input": 3, "units": 8}``."""

    def __init__(self, cell: Cell, dimensions: Mapping[str, int]) -> None:
        self.cell = cell
        self.dimensions = dict(dimensions)
        self.graph = Dataflow(cell)
        self.layout = Layout(self.graph, dimensions)
        self.plan = ForwardPlan(self.graph, self.layout)
        self._loop = loop(self.plan.loop.instructions)
        self._backward: dict[tuple[str, ...], tuple[BackwardPlan, Loop]] = {}
        self._pool = Pool()
        self.shapes = {
            p.name: tuple(entries(size, dimensions) for size in p.shape) for p in cell.parameters
        }
        self._places = places(list(self.shapes), self.plan.stacks, self.shapes, self.layout.vectors)

    def weights(self, dtype: Any = np.float64) -> Weights:
        """Parameters, all zero."""
        return zeros(self.plan.stacks, self._places, dtype)

    def size(self, name: str) -> int:
        """Entries of a named value or input."""
        return entries(self.cell.size_of[name], self.dimensions)

    def ref(self, name: str) -> Ref:
        """Where a named value stands in the record."""
        return self.plan.place(self.graph.named[name])

    def forward(
        self, weights: Weights, inputs: Mapping[str, Array], initial: Mapping[str, Array],
        steps: int, batch: int | None = None,
    ) -> Run:  # fmt: skip
        """Step the cell `steps` times.

        Args:
            inputs: ``x`` and, where the cell uses it, ``v``: (time, entries[, batch]).
            initial: states before the first step, (entries[, batch]); zero where absent.
        """
        space = self._record_space(steps, batch, weights.dtype)
        record = space.arrays["record"]
        for name, root in self.layout.states.items():
            start, stop = self.layout.rows[root]
            record[0, start:stop] = initial.get(name, 0)
        for key in self.cell.inputs:
            space.arrays[f"input{key}"][...] = inputs[key]
        executor: Executor | None = space.executor
        if executor is None or executor.weights is not weights:
            executor = space.executor = self._forward_executor(weights, space)
        with np.errstate(all="ignore"):
            self._step(executor, space)
        return Run(self, weights, space)

    def _step(self, executor: Executor, space: Space) -> None:
        """The three phases, in stretches that keep scratch small."""
        steps, stretch = space.steps, space.arrays["span"].shape[0]
        starts = range(0, steps, stretch)
        for begin in starts:
            executor.section(
                "before", self.plan.before.instructions, begin, min(begin + stretch, steps)
            )
        if self._loop.calls:
            for begin in starts:
                executor.loop(self._loop, begin, min(begin + stretch, steps))
        if self.plan.after.instructions:
            for begin in starts:
                executor.section(
                    "after", self.plan.after.instructions, begin, min(begin + stretch, steps)
                )

    def _forward_executor(self, weights: Weights, space: Space) -> Executor:
        step = empty(1, self.plan.loop.scratch.total, space.batch, weights.dtype)[0]
        spaces = dict.fromkeys(("now", "next", "span", "input"), space)
        return Executor(weights, space.batch, weights.dtype, spaces, {"step": step})

    def backward(
        self, run: Run, given: Mapping[str, Array], final: Mapping[str, Array] | None = None
    ) -> Gradients:
        """Gradients of L, given dL/d(value) from outside and dL/d(final states).

        Args:
            given: by named value, usually the output: (time, entries[, batch]).
            final: by state, (entries[, batch]); zero where absent.
        """
        if final:
            given = self._with_ends(run, given, final)
        plan, backward_loop = self.backward_plan(tuple(given))
        space = self._gradient_space(run, plan)
        executor: Executor = space.executor
        seeds = executor.once("seeds", lambda: self._seeds(space, tuple(given)))
        for name, gradient in given.items():
            seeds[name][...] = gradient
        carry = executor.fixed["carry"]
        carry[...] = 0
        for name, gradient in (final or {}).items():
            if name in self.layout.states:
                start, stop = self.layout.rows[self.layout.states[name]]
                carry[start:stop] = gradient
        vectors = np.zeros(len(run.weights.vectors), run.weights.dtype)
        steps, stretch = space.steps, space.arrays["span"].shape[0]
        with np.errstate(all="ignore"):
            for begin in reversed(range(0, steps, stretch)):
                end = min(begin + stretch, steps)
                executor.section("early", plan.early.instructions, begin, end)
                if backward_loop.calls:
                    executor.loop(backward_loop, begin, end, reverse=True)
                executor.section("late", plan.late.instructions, begin, end)
                add_vectors(vectors, plan.vector_terms, space, begin, end)
            parameters = Weights(self._places, self._matrices(run, space), vectors)
        run.space.companion = space
        return Gradients(run, space, parameters, carry.copy())

    def _with_ends(
        self, run: Run, given: Mapping[str, Array], final: Mapping[str, Array]
    ) -> dict[str, Array]:
        """Final states that no equation reads at [t-1] are values of the last step, no more."""
        whole = dict(given)
        for name, gradient in final.items():
            if name not in self.layout.states:
                held = np.array(whole[name]) if name in whole else np.zeros_like(run.value(name))
                held[-1] += gradient
                whole[name] = held
        return whole

    def backward_plan(self, given: tuple[str, ...]) -> tuple[BackwardPlan, Loop]:
        """The backward pass for gradients given at these values, made once for each set."""
        found = self._backward.get(given)
        if found is None:
            plan = BackwardPlan(self.graph, self.layout, self.plan.stacks, sorted(given))
            found = self._backward[given] = (plan, loop(plan.loop.instructions))
        return found

    def release(self, space: Space) -> None:
        """Take back the space of a run that is gone."""
        companion = space.companion
        if companion is not None and not companion.unseen():
            space.companion = None  # somebody still looks at its gradients
        self._pool.give((space.steps, space.batch, space.arrays["record"].dtype.str), space)

    def _record_space(self, steps: int, batch: int | None, dtype: Any) -> Space:
        found = self._pool.take((steps, batch, np.dtype(dtype).str))
        if found is not None:
            return found
        scratch = max(self.plan.before.scratch.total, self.plan.after.scratch.total)
        arrays = {"record": empty(steps + 1, self.layout.total, batch, dtype),
                  "span": _scratch(steps, scratch, batch, dtype)}  # fmt: skip
        for key in self.cell.inputs:
            arrays[f"input{key}"] = empty(steps, self.size(key), batch, dtype)
        return Space(steps, batch, arrays)

    def _gradient_space(self, run: Run, plan: BackwardPlan) -> Space:
        """Rows for the gradients of a run: those of an earlier pass if nobody looks at them."""
        # Taken out while it is at work, so that a second pass at the same time has its own.
        held, run.space.companion = run.space.companion, None
        executor: Executor | None = held.executor if held is not None else None
        if (
            held is not None and executor is not None and executor.weights is run.weights
            and executor.plan is plan and held.unseen()
        ):  # fmt: skip
            return held
        steps, batch, dtype = run.space.steps, run.space.batch, run.record.dtype
        arrays = {"grad": empty(steps, self.layout.total, batch, dtype),
                  "span": _scratch(steps, plan.early.scratch.total, batch, dtype)}  # fmt: skip
        for key, size in plan.input_sizes.items():
            arrays[f"input_grad{key}"] = empty(steps, size, batch, dtype)
        space = Space(steps, batch, arrays)
        fixed = {name: empty(1, rows, batch, dtype)[0]
                 for name, rows in (("carry", self.layout.total),
                                    ("step", plan.loop.scratch.total))}  # fmt: skip
        spaces = {**dict.fromkeys(("now", "next", "input"), run.space),
                  **dict.fromkeys(("grad", "span", "input_grad"), space)}  # fmt: skip
        space.executor = Executor(run.weights, batch, dtype, spaces, fixed, plan)
        return space

    def _seeds(self, space: Space, names: tuple[str, ...]) -> dict[str, Array]:
        """Where gradients from outside are put."""
        rows = {name: self.layout.rows[self.graph.named[name]] for name in names}
        return {name: space.span(Ref("grad", *r), 0, space.steps) for name, r in rows.items()}

    def _matrices(self, run: Run, space: Space) -> list[Array]:
        """dL/dM = Σ_t dL/dz[t] · source[t]ᵀ, one product for each stack."""
        pairs = space.executor.once("pairs", lambda: self._pairs(run, space))
        stacks: list[Array] = []
        for stack, (above, source) in zip(self.plan.stacks, pairs, strict=True):
            product = outer(above, source)
            if stack.tied is not None:
                home, offset = stack.tied
                stacks[home][offset : offset + product.shape[0]] += product
            stacks.append(product)
        return stacks

    def _pairs(self, run: Run, space: Space) -> list[tuple[Array, Array]]:
        """(gradients of the sums, what the matrix multiplied) of every stack."""
        return [
            (
                space.span(Ref("grad", *stack.rows), 0, space.steps),
                self._source(run, stack.source),
            )
            for stack in self.plan.stacks
        ]

    def _source(self, run: Run, index: int) -> Array:
        node = self.graph[index]
        if node.kind == "input":
            size = self.layout.size(index)
            return run.space.span(Ref("input", 0, size, key=node.key), 0, run.space.steps)
        if node.kind == "previous":
            ref = Ref("now", *self.layout.rows[self.layout.states[node.key]])
        else:
            ref = self.plan.place(index)
        return run.space.span(ref, 0, run.space.steps)


def _scratch(steps: int, rows: int, batch: int | None, dtype: Any) -> Array:
    """Scratch of the vectorised sections for as many timesteps as fit."""
    each = max(rows, 1) * (batch or 1) * np.dtype(dtype).itemsize
    stretch = max(1, min(steps, max(16, SPAN_BYTES // each)))
    return empty(stretch, rows, batch, dtype)


@lru_cache(maxsize=256)
def _compiled(
    key: tuple[str, ...], dimensions: tuple[tuple[str, int], ...], holder: _Holder
) -> Program:
    return Program(holder.cell, dict(dimensions))


class _Holder:
    """Carries a cell past the cache's key, which says all that a program depends on."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def compile_cell(cell: Cell, options: Mapping[str, str], dimensions: Mapping[str, int]) -> Program:
    """The program of a cell with its options chosen, compiled once for each text and size.

    Raises:
        EngineError: an option or a size the cell does not have.
    """
    plain = cell.with_options(options)
    for size in dimensions.values():
        if size < 1:
            raise EngineError("units", "at least 1", str(size))
    chosen = tuple(f"{name}={options.get(name, allowed[0])}"
                   for name, allowed in cell.options.items())  # fmt: skip
    sizes = tuple(f"{k}={v}" for k, v in cell.declared_sizes.items())
    key = (cell.id, cell.text, cell.output, *cell.state, "|", *chosen, "|", *sizes)
    return _compiled(key, tuple(sorted(dimensions.items())), _Holder(plain))
