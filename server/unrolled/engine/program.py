"""A cell compiled at given sizes: forward over a sequence, backward over what was recorded.

Arrays inside are (time, entries) for one sequence and (time, entries, batch) for several, so that
every value of a step is contiguous and a stacked product needs no transposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bind import backward_executor, forward_executor
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
from .reductions import outer
from .sizes import entries
from .spaces import Pool, Space, empty
from .weights import Weights, places, zeros

Array = NDArray[Any]

SPAN_SHARE = 0.04
"""Scratch of the vectorised sections, of what a run and its gradients take: longer sequences are
worked through in stretches."""
SPAN_BYTES = 128 * 1024
"""Scratch that may be taken in any case."""
LEAST_STEPS = 16
"""The shortest stretch."""


class Program:
    """One cell (options applied) at given sizes, e.g. ``{"input": 3, "units": 8}``."""

    def __init__(self, cell: Cell, dimensions: Mapping[str, int]) -> None:
        self.cell = cell
        self.dimensions = dict(dimensions)
        self.graph = Dataflow(cell)
        self.layout = Layout(self.graph, dimensions)
        self.plan = ForwardPlan(self.graph, self.layout)
        self.loop = loop(self.plan.loop.instructions)
        self._single: ForwardPlan | None = None
        self._backward: dict[tuple[str, ...], tuple[BackwardPlan, Loop]] = {}
        self._pool = Pool()
        self.shapes = {
            p.name: tuple(entries(size, dimensions) for size in p.shape) for p in cell.parameters
        }
        self._parameters = sum(prod(shape) for shape in self.shapes.values())
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

    def input_ref(self, key: str) -> Ref:
        """Where an input stands."""
        rows = self.layout.inputs.get(key)
        return Ref("now", *rows) if rows else Ref("input", 0, self.size(key), key=key)

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
        executor: Executor | None = space.executor
        if executor is None or executor.weights is not weights:
            executor = space.executor = forward_executor(self, weights, space)
        for key in self.cell.inputs:
            executor.seeds[key][...] = inputs[key]
        for name in self.layout.states:
            executor.seeds[name][...] = initial.get(name, 0)
        with np.errstate(all="ignore"):
            executor.run()
        return Run(self, weights, space)

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
        space = self._gradient_space(run, tuple(given))
        executor: Executor = space.executor
        for name, gradient in given.items():
            executor.seeds[name][...] = gradient
        carry, vectors = executor.fixed["carry"], executor.fixed["vectors"]
        carry[...] = 0
        vectors[...] = 0
        for name, gradient in (final or {}).items():
            if name in self.layout.states:
                start, stop = self.layout.rows[self.layout.states[name]]
                carry[start:stop] = gradient
        with np.errstate(all="ignore"):
            executor.run()
            matrices = self._matrices(executor, vectors)
        parameters = Weights(self._places, matrices, vectors.copy())
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
            held = self.layout.sources if self.plan.joint else None
            settled = held.biases.values() if held else ()
            plan = BackwardPlan(self.graph, self.layout, self.plan.stacks, sorted(given), settled)
            found = self._backward[given] = (plan, loop(plan.loop.instructions))
        return found

    @property
    def single(self) -> ForwardPlan:
        """The forward pass as it is best for a single step, of the same record."""
        if self.plan.joint and self._single is None:
            self._single = ForwardPlan(self.graph, self.layout, joined=False)
        return self._single or self.plan

    def release(self, space: Space) -> None:
        """Take back the space of a run that is gone."""
        companion = space.companion
        if companion is not None and not companion.unseen():
            space.companion = None  # somebody still looks at its gradients
        self._pool.give((space.steps, space.batch, space.arrays["record"].dtype.str), space)

    def _record_space(self, steps: int, batch: int | None, dtype: Any) -> Space:
        found = self._pool.take((steps, batch, dtype.str))
        if found is not None:
            return found
        arrays = {"record": empty(steps + 1, self.layout.total, batch, dtype)}
        for _, stop in self.layout.inputs.values():
            arrays["record"][:, stop] = 1
        for key in self.cell.inputs:
            if key not in self.layout.inputs:
                arrays[f"input{key}"] = empty(steps, self.size(key), batch, dtype)
        return self._with_scratch(steps, batch, arrays, self.plan.scratch, dtype)

    def _with_scratch(
        self, steps: int, batch: int | None, arrays: dict[str, Array], rows: int, dtype: Any
    ) -> Space:
        """A space of these arrays with scratch for as many timesteps as seem fit."""
        whole = 2 * sum(a.nbytes for a in arrays.values()) + 2 * self._parameters * dtype.itemsize
        step = max(rows, 1) * (batch or 1) * dtype.itemsize
        parts = -(-steps * step // max(SPAN_BYTES, round(SPAN_SHARE * whole)))
        stretch = max(min(steps, LEAST_STEPS), -(-steps // parts))
        arrays["span"] = empty(stretch, rows, batch, dtype)
        value = self.layout.total * (batch or 1) * dtype.itemsize / len(self.layout.rows)
        return Space(steps, batch, arrays, value)

    def _gradient_space(self, run: Run, given: tuple[str, ...]) -> Space:
        """Rows for the gradients of a run: those of an earlier pass if nobody looks at them."""
        plan, _ = self.backward_plan(given)
        # Taken out while it is at work, so that a second pass at the same time has its own.
        held, run.space.companion = run.space.companion, None
        if held is not None and held.executor.serves(run.weights, plan) and held.unseen():
            return held
        steps, batch, dtype = run.space.steps, run.space.batch, run.weights.dtype
        arrays = {"grad": empty(steps, self.layout.total, batch, dtype)}
        for key, size in plan.input_sizes.items():
            arrays[f"input_grad{key}"] = empty(steps, size, batch, dtype)
        space = self._with_scratch(steps, batch, arrays, plan.scratch, dtype)
        space.executor = backward_executor(self, run, space, given)
        return space

    def _matrices(self, executor: Executor, vectors: Array) -> list[Array]:
        """dL/dM = Σ_t dL/dz[t] · source[t]ᵀ of every stack; a joint one has vectors as well."""
        plan = self.plan
        stacks: dict[int, Array] = {}
        for numbers, *pair in executor.pairs:
            product, column = outer(*pair), 0
            for number in numbers:
                stack = plan.stacks[number]
                part = product[:, column : column + stack.columns]
                if stack.tied is not None:
                    home, offset = stack.tied
                    stacks[home][offset : offset + len(part)] += part
                stacks[number] = part
                column += stack.columns
            if plan.joint and numbers == plan.joint.stacks:
                for row, start, stop in plan.joint.vectors:
                    vectors[start:stop] += product[row : row + stop - start, column]
        return [stacks[number] for number in range(len(stacks))]


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
