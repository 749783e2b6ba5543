"""Layers one upon the other, each read in one direction or in both.

Sequences are (time, entries[, batch]). A backward direction is the same program on the reversed
sequence; what it recorded is seen in the order of the sequence again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cell import Cell
from .errors import EngineError
from .program import Program, compile_cell
from .records import Gradients, Run
from .weights import Weights

Array = NDArray[Any]
States = Mapping[str, Mapping[str, Array]]
"""Initial states of one layer: direction → state → (entries[, batch])."""


@dataclass(frozen=True)
class LayerSpec:
    """One layer: a cell, the sizes it works at (input, units, …), how it is read.

    `merge` says how both directions are joined: ``concat`` or ``sum``.
    """

    cell: Cell
    dimensions: Mapping[str, int]
    options: Mapping[str, str] = field(default_factory=dict)
    direction: str = "forward"
    merge: str = "concat"

    @property
    def directions(self) -> tuple[str, ...]:
        """forward, backward or both, in the order of the wire."""
        both = self.direction == "bidirectional"
        return ("forward", "backward") if both else (self.direction,)


class Direction:
    """One reading of a layer: a program and its weights."""

    def __init__(self, name: str, program: Program, dtype: Any) -> None:
        self.name = name
        self.program = program
        self.weights: Weights = program.weights(dtype)

    @property
    def cell(self) -> Cell:
        """The cell with its options applied."""
        return self.program.cell

    @property
    def reversed(self) -> bool:
        """Whether the sequence is read from its end."""
        return self.name == "backward"

    def ordered(self, values: Array) -> Array:
        """From the direction's own order to the sequence's, or back."""
        return values[::-1] if self.reversed else values

    def forward(
        self, inputs: Mapping[str, Array], initial: Mapping[str, Array], steps: int,
        batch: int | None,
    ) -> Run:  # fmt: skip
        """Run over a sequence given in its own order."""
        own = {key: np.ascontiguousarray(self.ordered(value)) for key, value in inputs.items()}
        return self.program.forward(self.weights, own, initial, steps, batch)

    def output(self, run: Run) -> Array:
        """What the direction hands on, in the order of the sequence."""
        return self.ordered(run.value(self.cell.output))


class Layer:
    """A layer compiled: its directions and how they are merged."""

    def __init__(self, spec: LayerSpec, dtype: Any) -> None:
        self.spec = spec
        program = compile_cell(spec.cell, spec.options, spec.dimensions)
        self.directions = {name: Direction(name, program, dtype) for name in spec.directions}
        own = program.size(spec.cell.output)
        self._both = len(self.directions) == 2
        self._concat = self._both and spec.merge == "concat"
        self.own_outputs = own
        self.outputs = own * (2 if self._concat else 1)

    def merge(self, parts: Sequence[Array]) -> Array:
        """One (time, outputs[, batch]) from one of each direction."""
        if not self._both:
            return parts[0]
        return np.concatenate(parts, axis=1) if self._concat else parts[0] + parts[1]

    def split(self, gradient: Array) -> list[Array]:
        """The gradient of each direction's output from that of the merged one."""
        if not self._both:
            return [gradient]
        size = self.own_outputs
        return [gradient[:, :size], gradient[:, size:]] if self._concat else [gradient, gradient]


@dataclass
class StackRun:
    """Runs by layer and direction; `output` of the top layer, (time, outputs[, batch])."""

    runs: list[dict[str, Run]]
    output: Array


@dataclass
class StackGradients:
    """Gradients by layer and direction, in each direction's own order; `input` and `static` in
    the order of the sequence."""

    layers: list[dict[str, Gradients]]
    input: Array
    static: Array | None


class LayerStack:
    """Layers, the first fed by the sequence, each next by the one beneath."""

    def __init__(self, specs: Sequence[LayerSpec], dtype: Any) -> None:
        self.layers = [Layer(spec, dtype) for spec in specs]

    @property
    def outputs(self) -> int:
        """Entries of the top layer's merged output."""
        return self.layers[-1].outputs

    def forward(
        self, x: Array, initial: Sequence[States], batch: int | None, static: Array | None
    ) -> StackRun:
        """Run all layers over x (time, entries[, batch]).

        `static` (entries[, batch]) is the vector ``v``: seen at the first step, zero after.

        Raises:
            EngineError: a cell reads ``v`` and there is none.
        """
        runs: list[dict[str, Run]] = []
        steps = len(x)
        for number, layer in enumerate(self.layers):
            states = initial[number] if number < len(initial) else {}
            held: dict[str, Run] = {}
            for name, direction in layer.directions.items():
                inputs = {"x": x}
                if "v" in direction.cell.inputs:
                    if static is None:
                        raise EngineError("static", "the vector that the cell reads as v", "none")
                    inputs["v"] = _once(static, steps, at_end=direction.reversed)
                held[name] = direction.forward(inputs, states.get(name, {}), steps, batch)
            runs.append(held)
            x = layer.merge([layer.directions[name].output(run) for name, run in held.items()])
        return StackRun(runs, x)

    def backward(
        self, run: StackRun, output_gradients: Array,
        final: Sequence[States] = (), ends: Mapping[str, Array] | None = None,
    ) -> StackGradients:  # fmt: skip
        """Gradients of everything, from the top layer down.

        Args:
            output_gradients: of the merged top output, (time, outputs[, batch]).
            final: gradients of final states by layer and direction.
            ends: further gradients of each top direction's own last output, (outputs[, batch]).
        """
        found: list[dict[str, Gradients]] = []
        static: Array | None = None
        gradient = output_gradients
        for number in reversed(range(len(self.layers))):
            layer = self.layers[number]
            states = final[number] if number < len(final) else {}
            held: dict[str, Gradients] = {}
            below: Array | None = None
            parts = zip(layer.directions.items(), layer.split(gradient), strict=True)
            for (name, direction), part in parts:
                given = np.array(direction.ordered(part))
                if ends and name in ends and number == len(self.layers) - 1:
                    given[-1] += ends[name]
                one = direction.program.backward(
                    run.runs[number][name], {direction.cell.output: given}, states.get(name)
                )
                held[name] = one
                below = _plus(below, _of_input(direction, one, run.runs[number][name]))
                if "v" in one.inputs:
                    static = _plus(static, one.inputs["v"][0])
            found.append(held)
            assert below is not None
            gradient = below
        return StackGradients(found[::-1], gradient, static)


def _of_input(direction: Direction, gradients: Gradients, run: Run) -> Array:
    """dL/dx in the order of the sequence; zero for a cell that does not use x."""
    if "x" not in gradients.inputs:
        batch = () if run.space.batch is None else (run.space.batch,)
        shape = (run.space.steps, direction.program.dimensions["input"], *batch)
        return np.zeros(shape, run.record.dtype)
    return direction.ordered(gradients.inputs["x"])


def _plus(left: Array | None, right: Array) -> Array:
    return right if left is None else left + right


def _once(static: Array, steps: int, *, at_end: bool) -> Array:
    sequence = np.zeros((steps, *static.shape), static.dtype)
    sequence[-1 if at_end else 0] = static
    return sequence
