"""A trace: every value and, on request, every gradient of one sequence through a network.

Nothing is computed twice and nothing is rounded; arrays are (time, entries) in the order of the
sequence, for backward directions too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import likelihood
from .cell import Cell
from .goal import Goal
from .layers import Direction, LayerStack, StackGradients, StackRun, States
from .network import Model, Network, Outcome
from .non_finite import first
from .records import Gradients, Run

Array = NDArray[Any]


@dataclass(frozen=True)
class DirectionTrace:
    """One direction of a layer, the readout or attention (``direction`` is then its name).

    `inputs` are x and, where used, v as the cell saw them; `initial` the states before its first
    step. Gradients are None where none were asked for.
    """

    direction: str
    cell: Cell
    values: Mapping[str, Array]
    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    initial: Mapping[str, Array]
    gradients: Mapping[str, Array] | None = None
    parameter_gradients: Mapping[str, Array] | None = None
    initial_gradients: Mapping[str, Array] | None = None

    @property
    def reads(self) -> bool:
        """Whether it goes through a sequence, from state to state."""
        return self.direction in ("forward", "backward")

    def document(self) -> dict[str, Any]:
        """The direction's part of the trace's document."""
        held: dict[str, Any] = {"values": dict(self.values), "parameters": dict(self.parameters)}
        if self.reads:
            held = {"direction": self.direction, "initial": dict(self.initial), **held}
        if self.gradients is not None:
            held["gradients"] = dict(self.gradients)
            held["parameter_gradients"] = dict(self.parameter_gradients or {})
            if self.reads:
                held["initial_gradients"] = dict(self.initial_gradients or {})
        return held


Layers = Sequence[Sequence[DirectionTrace]]


@dataclass(frozen=True)
class Trace:
    """Everything about one run. `loss_steps` has one entry a row of outputs, `targets` are dense
    rows with `counts` telling which of them the loss counts; `layers` are those that the answers
    are made of."""

    network: Model
    layers: Layers
    readout: DirectionTrace | None
    outputs: Array
    loss_name: str | None = None
    loss_steps: Array | None = None
    targets: Array | None = None
    counts: Array | None = None
    input_gradients: Array | None = None
    output_gradients: Array | None = None
    static_gradients: Array | None = None

    @property
    def steps(self) -> int:
        """Timesteps of the sequence."""
        values = self.layers[0][0].values
        return len(next(iter(values.values())))

    @property
    def loss(self) -> float | None:
        """The loss summed over rows, or None without one."""
        return None if self.loss_steps is None else float(self.loss_steps.sum())

    @property
    def perplexity(self) -> float | None:
        """e to the mean cross-entropy of the rows with a target, None with another loss."""
        if self.loss_name != "cross_entropy" or self.counts is None or not self.counts.any():
            return None
        assert self.loss_steps is not None
        return likelihood.perplexity(self.loss_steps, self.counts)

    @property
    def probabilities(self) -> Array | None:
        """The probability of all targets up to each row, (rows,); None with another loss."""
        if self.perplexity is None or self.loss_steps is None:
            return None
        return likelihood.probabilities(self.loss_steps)

    @property
    def stacks(self) -> Mapping[str, Layers]:
        """All layers by the beginning of their addresses, as `Model.stacks`."""
        return {"": self.layers}

    def fed_gradients(self, stack: str) -> Array | None:
        """dL/dx of what a stack is fed, (time, entries)."""
        return self.input_gradients

    def document(self) -> dict[str, Any]:
        """The trace as nested dicts with arrays as leaves, in the form of the wire."""
        return {"steps": self.steps, "layers": layers_document(self.layers), **self._answers()}

    def _answers(self) -> dict[str, Any]:
        return {
            "readout": None if self.readout is None else self.readout.document(),
            "outputs": self.outputs,
            "loss": self._loss_document(),
            "input_gradients": self.input_gradients,
            "non_finite": self.non_finite(),
        }

    def _loss_document(self) -> dict[str, Any] | None:
        if self.loss_steps is None:
            return None
        held = {"total": self.loss, "steps": self.loss_steps}
        if self.perplexity is None:
            return held
        return {**held, "perplexity": self.perplexity, "probabilities": self.probabilities}

    def directions(self) -> Iterator[tuple[str, DirectionTrace]]:
        """Every direction, then the readout, by the beginning of its addresses."""
        for prefix, layers in self.stacks.items():
            for number, layer in enumerate(layers):
                for direction in layer:
                    yield f"{prefix}layers.{number}.{direction.direction}", direction
        if self.readout is not None:
            yield "readout", self.readout

    def arrays(self) -> dict[str, Array]:
        """All arrays by flat names such as ``layers.0.forward.values.c``."""
        flat: dict[str, Array] = {"outputs": self.outputs}
        for address, direction in self.directions():
            for group, held in direction.document().items():
                if isinstance(held, Mapping):
                    flat |= {f"{address}.{group}.{name}": array for name, array in held.items()}
        if self.loss_steps is not None:
            flat["loss.steps"] = self.loss_steps
        if self.input_gradients is not None:
            flat["input_gradients"] = self.input_gradients
        return flat

    def non_finite(self) -> dict[str, Any] | None:
        """Where the first infinite or undefined number is, in the order of computation."""
        return first(self)


def trace(
    network: Network, inputs: ArrayLike, *, initial: Sequence[States] = (),
    static: ArrayLike | None = None, targets: Sequence[Any] | None = None,
    loss: str | None = None, gradients: bool = False,
) -> Trace:  # fmt: skip
    """Run one sequence and record everything.

    Args:
        inputs: (time, entries).
        initial: by layer: direction → state → (entries,); zero where absent.
        targets: a row, a class index or None (no loss there) for each row of outputs.
        loss: a row of `losses.LOSSES`, or None: gradients are then those of the sum of all
            outputs.

    Raises:
        EngineError: an unknown loss, or one that the readout's activation does not fit.
    """
    x = np.asarray(inputs, network.dtype)
    vector = None if static is None else np.asarray(static, network.dtype)
    with np.errstate(all="ignore"):
        run = network.forward(x, initial, vector)
        judged = Judged.of(network, run, targets, loss)
        found = judged.backward(network.backward) if gradients else None
    return Trace(
        network,
        stack_traces(network.stack, run.stack, found.stack if found else None),
        judged.readout(found.readout if found else None),
        np.ascontiguousarray(run.outputs),
        **judged.fields(gradients=gradients),
        input_gradients=None if found is None else np.ascontiguousarray(found.inputs),
        static_gradients=found.stack.static if found else None,
    )


Found = TypeVar("Found")


@dataclass(frozen=True)
class Judged:
    """A run and what it is judged by; `above` is dL/d(outputs)."""

    network: Model
    run: Outcome
    goal: Goal | None
    loss: str | None
    above: Array

    @classmethod
    def of(
        cls, network: Model, run: Outcome, targets: Sequence[Any] | None, loss: str | None
    ) -> Judged:
        """Without a loss or targets, by the sum of all outputs."""
        goal = None if loss is None or targets is None else Goal.of(network, loss, targets)
        above = goal.of_outputs(run) if goal else np.ones_like(run.outputs)
        return cls(network, run, goal, loss if goal else None, above)

    def backward(self, backward: Callable[..., Found]) -> Found:
        """The gradients that the network's own `backward` finds."""
        start, of_z = self.goal.start(self.run) if self.goal else (self.above, False)
        return backward(self.run, start, of_z=of_z)

    def readout(self, found: Gradients | None) -> DirectionTrace | None:
        """The readout's part of the trace."""
        if self.network.readout is None or self.run.readout is None:
            return None
        # Where the pass starts at z, dL/dy lies beside its way and is put in here.
        beside = self.above if self.goal and self.goal.loss.of_z else None
        return _direction(self.network.readout, self.run.readout, found, beside)

    def fields(self, *, gradients: bool) -> dict[str, Any]:
        """What the trace says of the loss."""
        goal = self.goal
        return {
            "loss_name": self.loss,
            "loss_steps": goal.rows(self.run) if goal else None,
            "targets": goal.dense if goal else None,
            "counts": goal.counts if goal else None,
            "output_gradients": self.above if gradients else None,
        }


def layers_document(layers: Layers) -> list[dict[str, Any]]:
    """Layers in the form of the wire."""
    return [
        {"cell": layer[0].cell.id, "directions": [each.document() for each in layer]}
        for layer in layers
    ]


def stack_traces(stack: LayerStack, run: StackRun, found: StackGradients | None) -> Layers:
    """Every direction of every layer, with its gradients where there are some."""
    return [
        [
            _direction(direction, run.runs[number][name],
                       found.layers[number][name] if found else None)
            for name, direction in layer.directions.items()
        ]
        for number, layer in enumerate(stack.layers)
    ]  # fmt: skip


def _direction(
    direction: Direction, run: Run, gradients: Gradients | None, of_y: Array | None = None
) -> DirectionTrace:
    program = run.program

    def ordered(arrays: Mapping[str, Array]) -> dict[str, Array]:
        return {k: np.ascontiguousarray(direction.ordered(a)) for k, a in arrays.items()}

    initial = {
        name: np.array(run.record[0, slice(*program.layout.rows[root])])
        for name, root in program.layout.states.items()
    }
    held = DirectionTrace(
        direction.name, program.cell, ordered(run.values),
        {name: np.array(array) for name, array in direction.weights.items()},
        ordered(run.inputs), initial,
    )  # fmt: skip
    if gradients is None:
        return held
    values = ordered(gradients.values)
    if of_y is not None:
        values["y"] = np.ascontiguousarray(of_y)
    return DirectionTrace(
        held.direction, held.cell, held.values, held.parameters, held.inputs, held.initial,
        values, gradients.parameters, gradients.initial,
    )  # fmt: skip
