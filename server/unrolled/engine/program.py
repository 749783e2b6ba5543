"""A cell compiled at given sizes: forward over a sequence, backward over what was recorded.

Arrays inside are (time, entries) for one sequence and (time, entries, batch) for several, so that
every value of a step is contiguous and a stacked product needs no transposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from .sizes import entries
from .spaces import Pool, Space, empty
from .weights import Weights

Array = NDArray[Any]

SPAN_BYTES = 1024 * 1024
"""Scratch of the vectorised sections; longer sequences are worked through in stretches."""


class Lease:
    """Gives a space back to its program when its holder is gone."""

    def __init__(self, program: Program, space: Space) -> None:
        self._program = program
        self._space = space

    def __del__(self) -> None:
        self._program.release(self._space)


class Run:
    """What a forward pass recorded. It owns its arrays; values are views.

    `values[name]` is (time, entries[, batch]) in the direction's own order.
    """

    def __init__(
        self, program: Program, weights: Weights, space: Space, inputs: Mapping[str, Array]
    ) -> None:
        self.program = program
        self.weights = weights
        self.space = space
        self.inputs = inputs
        self._lease = Lease(program, space)

    @property
    def values(self) -> dict[str, Array]:
        """Every named value at every timestep."""
        return {name: self.value(name) for name in self.program.cell.by_name}

    def value(self, name: str) -> Array:
        """One named value, (time, entries[, batch])."""
        return self.view(self.program.ref(name))

    @property
    def final(self) -> dict[str, Array]:
        """Every state after the last timestep, (entries[, batch])."""
        return {name: self.value(name)[-1] for name in self.program.cell.state}

    @property
    def record(self) -> Array:
        """The recorded rows of all timesteps."""
        return self.space.arrays["record"]

    def view(self, ref: Ref) -> Array:
        """Recorded rows over all timesteps."""
        shift = ref.buffer == "next"
        return self.record[shift : self.space.steps + shift, ref.start : ref.stop]


@dataclass(frozen=True)
class Gradients:
    """dL/d(everything): `values` and `inputs` as (time, entries[, batch]), `parameters` like the
    parameters, `initial` as (entries[, batch]) by state."""

    values: dict[str, Array]
    parameters: dict[str, Array]
    inputs: dict[str, Array]
    initial: dict[str, Array]
    _lease: Lease


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

    def weights(self, dtype: Any = np.float64) -> Weights:
        """Parameters, all zero."""
        return Weights(self.plan.stacks, self.shapes, dtype)

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
        dtype = weights.stacks[0].dtype if weights.stacks else inputs["x"].dtype
        scratch = max(self.plan.before.scratch.total, self.plan.after.scratch.total)
        space = self._space(steps, batch, dtype, "record", self.layout.total, scratch)
        self._start(space.arrays["record"], initial)
        fixed = {"step": empty(1, self.plan.loop.scratch.total, batch, dtype)[0]}
        spaces = {b: space for b in ("now", "next", "span")}
        executor = Executor(weights, batch, dtype, spaces, inputs, fixed)
        stretch = space.arrays["span"].shape[0]
        with np.errstate(all="ignore"):
            for start in range(0, steps, stretch):
                executor.sections(
                    self.plan.before.instructions, start, min(start + stretch, steps)
                )
            if self._loop.calls:
                for start in range(0, steps, stretch):
                    executor.loop(self._loop, start, min(start + stretch, steps))
            for start in range(0, steps, stretch):
                executor.sections(self.plan.after.instructions, start, min(start + stretch, steps))
        return Run(self, weights, space, inputs)

    def backward(
        self, run: Run, given: Mapping[str, Array], final: Mapping[str, Array] | None = None
    ) -> Gradients:
        """Gradients of L, given dL/d(value) from outside and dL/d(final states).

        Args:
            given: by named value, usually the output: (time, entries[, batch]).
            final: by state, (entries[, batch]); zero where absent.
        """
        steps, batch, dtype = run.space.steps, run.space.batch, run.record.dtype
        plan, backward_loop = self.backward_plan(tuple(sorted(given)))
        space = self._space(
            steps, batch, dtype, "grad", self.layout.total, plan.early.scratch.total
        )
        for name, gradient in given.items():
            start, stop = self.layout.rows[self.graph.named[name]]
            space.arrays["grad"][:, start:stop] = gradient
        carry = np.zeros_like(run.record[0])
        self._start(carry[None], final or {})
        fixed = {
            "carry": carry, "step": empty(1, plan.loop.scratch.total, batch, dtype)[0],
            **{f"d{key}": empty(steps, size, batch, dtype)
               for key, size in plan.input_sizes.items()},
        }  # fmt: skip
        spaces = {"now": run.space, "next": run.space, "grad": space, "span": space}
        executor = Executor(run.weights, batch, dtype, spaces, run.inputs, fixed)
        vectors = {name: np.zeros(self.shapes[name], dtype) for name in plan.vector_terms}
        stretch = space.arrays["span"].shape[0]
        with np.errstate(all="ignore"):
            for begin in reversed(range(0, steps, stretch)):
                end = min(begin + stretch, steps)
                executor.sections(plan.early.instructions, begin, end)
                if backward_loop.calls:
                    executor.loop(backward_loop, begin, end, reverse=True)
                executor.sections(plan.late.instructions, begin, end)
                _add_vectors(plan, vectors, space, begin, end)
            parameters = self._matrices(run, space) | vectors
        return self._gradients(space, fixed, parameters)

    def backward_plan(self, given: tuple[str, ...]) -> tuple[BackwardPlan, Loop]:
        """The backward pass for gradients given at these values, made once for each set."""
        found = self._backward.get(given)
        if found is None:
            plan = BackwardPlan(self.graph, self.layout, self.plan.stacks, given)
            found = self._backward[given] = (plan, loop(plan.loop.instructions))
        return found

    def release(self, space: Space) -> None:
        """Take back the space of a run that is gone."""
        (name, array), (_, span) = space.arrays.items()
        key = (space.steps, space.batch, name, array.dtype.str, span.shape[1])
        self._pool.give(key, space)

    def _space(
        self, steps: int, batch: int | None, dtype: Any, name: str, rows: int, scratch: int
    ) -> Space:
        found = self._pool.take((steps, batch, name, np.dtype(dtype).str, scratch))
        if found is not None:
            return found
        each = max(scratch, 1) * (batch or 1) * np.dtype(dtype).itemsize
        stretch = max(1, min(steps, max(16, SPAN_BYTES // each)))
        arrays = {
            name: empty(steps + (name == "record"), rows, batch, dtype),
            "span": empty(stretch, scratch, batch, dtype),
        }
        space = Space(steps, batch, arrays)
        space.rest()
        return space

    def _start(self, record: Array, initial: Mapping[str, Array]) -> None:
        """Put the states of before the first step into its rows."""
        for name, root in self.layout.states.items():
            start, stop = self.layout.rows[root]
            record[0, start:stop] = initial.get(name, 0)

    def _matrices(self, run: Run, space: Space) -> dict[str, Array]:
        """dL/dM = Σ_t dL/dz[t] · source[t]ᵀ, one product for each stack."""
        gradients: dict[str, Array] = {}
        stacks: list[Array] = []
        for stack in self.plan.stacks:
            above = space.arrays["grad"][:, stack.rows[0] : stack.rows[1]]
            product = _outer(above, self._source(run, stack.source))
            stacks.append(product)
            if stack.tied is not None:
                home, offset = stack.tied
                stacks[home][offset : offset + product.shape[0]] += product
                continue
            start = 0
            for name in stack.matrices:
                extent = self.shapes[name][0]
                gradients[name] = product[start : start + extent]
                start += extent
        return gradients

    def _source(self, run: Run, index: int) -> Array:
        node = self.graph[index]
        if node.kind == "input":
            return run.inputs[node.key]
        if node.kind == "previous":
            start, stop = self.layout.rows[self.layout.states[node.key]]
            return run.record[: run.space.steps, start:stop]
        return run.view(self.plan.place(index))

    def _gradients(
        self, space: Space, fixed: Mapping[str, Array], parameters: dict[str, Array]
    ) -> Gradients:
        grad = space.arrays["grad"]
        rows = {name: self.layout.rows[index] for name, index in self.graph.named.items()}
        initial = {}
        for name in self.cell.state:
            start, stop = rows[name]
            held = fixed["carry"][start:stop]
            initial[name] = held if name in self.layout.states else np.zeros_like(held)
        return Gradients(
            values={name: grad[:, slice(*rows[name])] for name in self.cell.by_name},
            parameters={name: parameters[name] for name in self.shapes},
            inputs={key: fixed[f"d{key}"] for key in self.cell.inputs},
            initial=initial,
            _lease=Lease(self, space),
        )


def _add_vectors(
    plan: BackwardPlan, totals: dict[str, Array], space: Space, begin: int, end: int
) -> None:
    """Σ over time (and batch) of the terms of every vector parameter."""
    axes = 0 if space.batch is None else (0, 2)
    for name, terms in plan.vector_terms.items():
        for ref in terms:
            shift = (begin, end) if ref.buffer == "grad" else (0, end - begin)
            totals[name] += space.span(ref, 1, *shift).sum(axis=axes)


def _outer(above: Array, source: Array) -> Array:
    """Σ over time (and batch) of above · sourceᵀ, as one matrix product."""
    if above.ndim == 2:
        return np.asarray(above.T @ source)
    rows, columns = above.shape[1], source.shape[1]
    left = above.transpose(1, 0, 2).reshape(rows, -1)
    right = source.transpose(0, 2, 1).reshape(-1, columns)
    return np.asarray(left @ right)


@lru_cache(maxsize=256)
def _compiled(
    key: tuple[str, ...], dimensions: tuple[tuple[str, int], ...], holder: _Holder
) -> Program:
    return Program(holder.cell, dict(dimensions))


class _Holder:
    """Carries a cell past the cache's key: two cells of one text are one program."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def compile_cell(
    cell: Cell, options: Mapping[str, str], dimensions: Mapping[str, int]
) -> Program:
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
    key = (cell.text, cell.output, *cell.state, "|", *chosen, "|", *sizes)
    return _compiled(key, tuple(sorted(dimensions.items())), _Holder(plain))
