"""A trace: every value and, on request, every gradient of one sequence through a network.

Nothing is computed twice and nothing is rounded; arrays are (time, entries) in the order of the
sequence, for backward directions too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cell import Cell
from .errors import EngineError
from .layers import Direction, States
from .losses import LOSSES, Loss
from .network import Network, NetworkGradients, NetworkRun
from .records import Gradients, Run

Array = NDArray[Any]


@dataclass(frozen=True)
class DirectionTrace:
    """One direction of a layer, or the readout (``direction`` is then ``readout``).

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

    def document(self) -> dict[str, Any]:
        """The direction's part of the trace's document."""
        held: dict[str, Any] = {"values": dict(self.values), "parameters": dict(self.parameters)}
        if self.direction != "readout":
            held = {"direction": self.direction, "initial": dict(self.initial), **held}
        if self.gradients is not None:
            held["gradients"] = dict(self.gradients)
            held["parameter_gradients"] = dict(self.parameter_gradients or {})
            if self.direction != "readout":
                held["initial_gradients"] = dict(self.initial_gradients or {})
        return held


@dataclass(frozen=True)
class Trace:
    """Everything about one run. `loss_steps` has one entry a row of outputs, `targets` are dense
    rows with `counts` telling which of them the loss counts."""

    network: Network
    layers: Sequence[Sequence[DirectionTrace]]
    readout: DirectionTrace | None
    outputs: Array
    loss_name: str | None = None
    loss_steps: Array | None = None
    targets: Array | None = None
    counts: Array | None = None
    input_gradients: Array | None = None
    output_gradients: Array | None = None
    static_gradients: Array | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Timesteps of the sequence."""
        values = self.layers[0][0].values
        return len(next(iter(values.values())))

    @property
    def loss(self) -> float | None:
        """The loss summed over rows, or None without one."""
        return None if self.loss_steps is None else float(self.loss_steps.sum())

    def document(self) -> dict[str, Any]:
        """The trace as nested dicts with arrays as leaves, in the form of the wire."""
        return {
            "steps": self.steps,
            "layers": [
                {"cell": layer[0].cell.id, "directions": [d.document() for d in layer]}
                for layer in self.layers
            ],
            "readout": None if self.readout is None else self.readout.document(),
            "outputs": self.outputs,
            "loss": None
            if self.loss_steps is None
            else {"total": self.loss, "steps": self.loss_steps},
            "input_gradients": self.input_gradients,
            "non_finite": self.non_finite(),
        }

    def directions(self) -> Iterator[tuple[str, DirectionTrace]]:
        """Every direction, then the readout, by the beginning of its addresses."""
        for number, layer in enumerate(self.layers):
            for direction in layer:
                yield f"layers.{number}.{direction.direction}", direction
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
        for forward in (True, False):
            for number, (_, direction) in enumerate(self.directions()):
                group = direction.values if forward else direction.gradients
                found = _first_non_finite(group or {}, direction.direction == "backward")
                if found is not None:
                    readout = direction is self.readout
                    return {
                        "layer": "readout" if readout else self._layer(number),
                        "direction": direction.direction,
                        "t": found[0],
                        "name": found[1],
                        "pass": "forward" if forward else "backward",
                    }
        return None

    def _layer(self, number: int) -> int:
        for index, layer in enumerate(self.layers):
            if number < len(layer):
                return index
            number -= len(layer)
        raise AssertionError("a direction belongs to a layer")


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
        goal = _Goal.of(network, run, targets, loss)
        found = goal.backward(network, run) if gradients else None
    layers = [
        [
            _direction(direction, run.stack.runs[number][name],
                       found.stack.layers[number][name] if found else None)
            for name, direction in layer.directions.items()
        ]
        for number, layer in enumerate(network.stack.layers)
    ]  # fmt: skip
    readout = None
    if network.readout is not None and run.readout is not None:
        above = found.readout if found else None
        readout = _direction(network.readout, run.readout, above, goal.of_y)
    return Trace(
        network, layers, readout, np.ascontiguousarray(run.outputs),
        loss if goal.row else None, goal.steps, goal.dense, goal.counts,
        None if found is None else np.ascontiguousarray(found.inputs),
        goal.of_outputs if gradients else None,
        found.stack.static if found else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Goal:
    """What is differentiated: a loss, or the sum of all outputs."""

    row: Loss | None
    z: Array
    y: Array
    dense: Array | None
    counts: Array | None

    @classmethod
    def of(
        cls, network: Network, run: NetworkRun, targets: Sequence[Any] | None, loss: str | None
    ) -> _Goal:
        y = run.outputs
        z = run.readout.value("z") if run.readout is not None else y
        if loss is None or targets is None:
            return cls(None, z, y, None, None)
        row = LOSSES.get(loss)
        if row is None:
            raise EngineError("loss", "one of " + ", ".join(LOSSES), repr(loss))
        counts = np.array([target is not None for target in targets])
        return cls(row, z, y, _dense(targets, y.shape[1], y.dtype), counts)

    @property
    def steps(self) -> Array | None:
        """The loss at each row; 0 where there is no target."""
        if self.row is None or self.dense is None or self.counts is None:
            return None
        return np.where(self.counts, self.row.value(self.z, self.y, self.dense), 0)

    @property
    def of_outputs(self) -> Array:
        """dL/dy, or 1 without a loss."""
        if self.row is None or self.dense is None or self.counts is None:
            return np.ones_like(self.y)
        return np.where(self.counts[:, None], self.row.of_y(self.z, self.y, self.dense), 0)

    @property
    def of_y(self) -> Array | None:
        """dL/dy where the pass back starts at z and would leave it out."""
        return self.of_outputs if self.row is not None and self.row.of_z else None

    def backward(self, network: Network, run: NetworkRun) -> NetworkGradients:
        """All gradients."""
        if self.row is None or self.row.of_z is None or self.dense is None:
            return network.backward(run, self.of_outputs)
        assert self.counts is not None
        of_z = np.where(self.counts[:, None], self.row.of_z(self.z, self.y, self.dense), 0)
        return network.backward(run, of_z, of_z=True)


def _dense(targets: Sequence[Any], width: int, dtype: Any) -> Array:
    """Targets as rows: a class index becomes one-hot, None a row of zeros."""
    rows = np.zeros((len(targets), width), dtype)
    for row, target in zip(rows, targets, strict=True):
        if isinstance(target, int | np.integer):
            row[target] = 1
        elif target is not None:
            row[:] = target
    return rows


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


def _first_non_finite(group: Mapping[str, Array], backwards: bool) -> tuple[int, str] | None:
    """(t, name) of the first in the order in which a direction steps; the wire's t."""
    best: tuple[int, int, str] | None = None
    for name, array in group.items():
        bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
        if len(bad):
            t = int(bad[-1] if backwards else bad[0])
            key = (-t if backwards else t, t, name)
            if best is None or key[0] < best[0]:
                best = key
    return None if best is None else (best[1], best[2])
