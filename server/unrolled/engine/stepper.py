"""A network stepped one timestep at a time, without knowing how long the sequence will be.

A step costs the same however many went before: each cell keeps the memory of a single step with
everything bound to it, starts from the states of the step before, and leaves a copy of what it
recorded. Only networks whose every layer reads forward can do this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .execute import Executor
from .frames import DirectionFrame, Frame, Values
from .instructions import Ref
from .layers import Direction, States
from .loops import loop
from .network import Network
from .program import Program
from .spaces import Space, empty

Array = NDArray[Any]


class CellStepper:
    """One direction's cell, a timestep a call.

    What `step` returns is the cell's own record of that step, (2 · rows,): the states before it
    with its values, then the states after it. It is also the whole of what the next step needs.
    """

    def __init__(self, direction: Direction) -> None:
        program, dtype = direction.program, direction.weights.dtype
        self.cell = program.cell
        self._space = _one_step(program, dtype)
        plan = program.single
        fixed = {"step": empty(1, plan.loop.scratch.total, None, dtype)[0]}
        spaces = dict.fromkeys(("now", "next", "span", "input"), self._space)
        executor = Executor(direction.weights, None, spaces, fixed, {})
        whole = loop([*plan.before.instructions, *plan.loop.instructions, *plan.after.instructions])
        self._run = whole.run
        self._rows = [tuple(executor.views(whole.stepped))]
        self._constants = [*executor.functions(whole.calls), *executor.views(whole.fixed)]
        self._record = self._space.arrays["record"].reshape(-1)
        self._next = program.layout.total
        self._inputs = {key: self._space.first(program.input_ref(key)) for key in self.cell.inputs}
        self._states = {name: self._slice(Ref("next", *program.layout.rows[root]))
                        for name, root in program.layout.states.items()}  # fmt: skip
        self._places = {name: self._slice(program.ref(name)) for name in self.cell.by_name}
        self._output = self._places[self.cell.output]

    def _slice(self, ref: Ref) -> slice:
        after = self._next if ref.buffer == "next" else 0
        return slice(ref.start + after, ref.stop + after)

    def start(self, initial: Mapping[str, Array]) -> Array:
        """The record that stands before the first step; states that are absent are zero."""
        record = np.zeros_like(self._record)
        for name, place in self._states.items():
            record[place] = initial.get(name, 0)
        return record

    def step(self, inputs: Mapping[str, Any], before: Array) -> Array:
        """The record of the step that follows `before`; each input is (entries,) or a number."""
        record = self._record
        record[: self._next] = before[self._next :]
        for key, held in self._inputs.items():
            held[...] = inputs[key]
        self._run(self._rows, self._constants)
        return record.copy()

    def output(self, record: Array) -> Array:
        """What the cell hands on, (entries,), a view."""
        return record[self._output]

    def values(self, record: Array) -> Values:
        """Every named value of the step, (entries,), views."""
        return {name: record[place] for name, place in self._places.items()}

    def states(self, record: Array) -> Values:
        """The states after the step, those that a next step reads."""
        return {name: record[place] for name, place in self._states.items()}


class Stepper:
    """A forward-only network and the steps it has taken.

    Its weights are the network's own arrays: who edits them calls `forget` and steps anew.
    """

    def __init__(
        self, network: Network, initial: Sequence[States] = (), static: Array | None = None
    ) -> None:
        if not forward_only(network):
            raise EngineError("network", "layers that all read forward", "a backward direction")
        self._cells = [CellStepper(layer.directions["forward"]) for layer in network.stack.layers]
        self._readout = None if network.readout is None else CellStepper(network.readout)
        self._mean = network.pool == "mean"
        self._pooled = network.pool is not None
        self._static = static
        self._width = network.stack.layers[0].spec.dimensions["input"]
        self._records: list[list[Array]] = [
            [cell.start(initial[n].get("forward", {}) if n < len(initial) else {})]
            for n, cell in enumerate(self._cells)
        ]  # fmt: skip
        self._answers: list[Array | None] = []
        self._sums: list[Array] = []

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self._answers)

    def forget(self, steps: int = 0) -> None:
        """Keep the first `steps` steps, drop what followed."""
        for records in self._records:
            del records[steps + 1 :]
        del self._answers[steps:], self._sums[steps:]

    def step(self, x: Array) -> None:
        """Take one more step.

        Args:
            x: (entries,).

        Raises:
            EngineError: a vector of another length.
        """
        if x.shape != (self._width,):
            raise EngineError("input", f"a vector of {self._width}", f"shape {x.shape}")
        v: Any = 0.0 if self._static is None or self.steps else self._static
        with np.errstate(all="ignore"):
            for cell, records in zip(self._cells, self._records, strict=True):
                record = cell.step({"x": x, "v": v}, records[-1])
                records.append(record)
                x = cell.output(record)
            self._answers.append(self._answer(x))

    def frame(self, t: int) -> Frame:
        """Step `t` of those taken."""
        layers = [
            [DirectionFrame("forward", t, cell.values(records[t + 1]))]
            for cell, records in zip(self._cells, self._records, strict=True)
        ]
        answer = self._answers[t]
        readout = None
        if self._readout is not None and answer is not None:
            readout = self._readout.values(answer)
            output = self._readout.output(answer)
        elif self._mean:
            output = self._sums[t] / (t + 1)
        else:
            output = self._cells[-1].output(self._records[-1][t + 1])
        return Frame(t, layers, readout, output, {} if self._pooled else {t: output})

    def states(self, steps: int) -> list[dict[str, Values]]:
        """The states after so many steps, by layer and direction; after 0 the initial ones."""
        return [
            {"forward": cell.states(records[steps])}
            for cell, records in zip(self._cells, self._records, strict=True)
        ]

    def _answer(self, top: Array) -> Array | None:
        """The readout's record of this step; a network that pools answers for the steps so far."""
        if self._mean:
            self._sums.append(self._sums[-1] + top if self._sums else top)
            top = self._sums[-1] / len(self._sums)
        if self._readout is None:
            return None
        return self._readout.step({"x": top}, self._readout.start({}))


def forward_only(network: Network) -> bool:
    """Whether no layer has to know the end of the sequence."""
    return all(not d.reversed for layer in network.stack.layers for d in layer.directions.values())


def _one_step(program: Program, dtype: Any) -> Space:
    """Memory of a single step, the stepper's alone: nothing is bound twice."""
    arrays = {"record": empty(2, program.layout.total, None, dtype),
              "span": empty(1, program.single.scratch, None, dtype)}  # fmt: skip
    for key in program.cell.inputs:
        arrays[f"input{key}"] = empty(1, program.size(key), None, dtype)
    return Space(1, None, arrays)
