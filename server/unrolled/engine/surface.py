"""The loss over two entries of the weights, and the paths that gradient descent takes over it.

All points of the grid are one batch (or a few, where memory asks for it); all descents are another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clipping import Clip
from .errors import EngineError
from .goal import Goal
from .layers import States
from .network import Network, NetworkRun
from .varied import Place, Varied

Array = NDArray[Any]

BATCH_BYTES = 4 * 1024 * 1024
"""What the record of one batch of points may take."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An entry of a parameter and the values it takes, (points,)."""

    parameter: str
    entry: tuple[int, ...]
    values: Array


@dataclass(frozen=True, slots=True)
class Descent:
    """Plain gradient descent on the two entries alone, all other weights held."""

    start: tuple[float, float]
    rate: float
    updates: int
    clip: Clip | None = None


@dataclass(frozen=True)
class Path:
    """Points (first entry, second entry, loss) from the start on, and why there are no more.

    ``updates``: all were made. ``non_finite``: loss, gradient or the next point is no finite
    number; the last point is the last one that can be drawn on the axes.
    """

    points: Array
    stopped: str

    def document(self) -> dict[str, Any]:
        """The path as it goes over the wire."""
        return {"points": self.points, "stopped": self.stopped}


@dataclass(frozen=True)
class Surface:
    """`loss` is (first axis, second axis)."""

    axes: tuple[Array, Array]
    loss: Array
    descents: list[Path] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The surface as it goes over the wire."""
        return {"axes": list(self.axes), "loss": self.loss,
                "descents": [path.document() for path in self.descents]}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """What the loss is of: a network, one sequence (time, entries), a goal, where it starts."""

    network: Network
    inputs: Array
    goal: Goal
    initial: Sequence[States] = ()
    static: Array | None = None


class Landscape:
    """The loss as a function of two entries, for many points at once."""

    def __init__(self, task: Task, axes: Sequence[tuple[str, Sequence[int]]]) -> None:
        places = [
            Place.of(task.network, parameter, entry, f"axes[{number}]")
            for number, (parameter, entry) in enumerate(axes)
        ]
        if len(set(places)) != len(places):
            raise EngineError("axes[1].entry", "another entry than that of axes[0]", "the same")
        self._task = task
        self._goal = task.goal.batch()
        self._varied = Varied(task.network, places)
        self._initial = _columns(task.initial)
        self._static = None if task.static is None else task.static[:, None]
        self._most = max(1, BATCH_BYTES // _bytes(self._varied.network, len(task.inputs)))

    def loss(self, points: Array) -> Array:
        """The loss at points (2, count), (count,)."""
        found = np.empty(points.shape[1])
        for start in range(0, points.shape[1], self._most):
            part = slice(start, start + self._most)
            with np.errstate(all="ignore"):
                found[part] = self._goal.value(self._run(points[:, part]))
        return found

    def slope(self, points: Array) -> tuple[Array, Array]:
        """Loss (count,) and gradient (2, count) at points (2, count)."""
        with np.errstate(all="ignore"):
            run = self._run(points)
            found = self._goal.backward(self._varied.network, run)
            return self._goal.value(run), self._varied.gradient(found)

    def _run(self, points: Array) -> NetworkRun:
        self._varied.set(points)
        inputs = self._task.inputs[..., None]
        x = np.broadcast_to(inputs, (*inputs.shape[:2], points.shape[1]))
        return self._varied.network.forward(x, self._initial, self._static)


def surface(task: Task, axes: tuple[Axis, Axis], descents: Sequence[Descent] = ()) -> Surface:
    """The loss over the grid of both axes, and the descents' paths.

    Raises:
        EngineError: an axis names no entry of the network, or both name the same.
    """
    landscape = Landscape(task, [(axis.parameter, axis.entry) for axis in axes])
    first, second = np.meshgrid(axes[0].values, axes[1].values, indexing="ij")
    loss = landscape.loss(np.stack([first.ravel(), second.ravel()])).reshape(first.shape)
    return Surface((axes[0].values, axes[1].values), loss, descend(landscape, descents))


def descend(landscape: Landscape, descents: Sequence[Descent]) -> list[Path]:
    """Walk all descents side by side until the last has ended."""
    walkers = [_Walker(descent) for descent in descents]
    while any(walker.stopped is None for walker in walkers):
        places = np.array([walker.place for walker in walkers], float).T
        losses, slopes = landscape.slope(places)
        for column, walker in enumerate(walkers):
            walker.see(float(losses[column]), slopes[:, column])
    return [Path(np.array(walker.points), walker.stopped or "") for walker in walkers]


class _Walker:
    """One descent on its way: where it is, where it was, why it has ended."""

    def __init__(self, descent: Descent) -> None:
        self._descent = descent
        self.place = np.array(descent.start, float)
        self.points: list[tuple[float, float, float]] = []
        self.stopped: str | None = None

    def see(self, loss: float, slope: Array) -> None:
        """Note the loss at the place, then take a step, unless it has ended."""
        if self.stopped is not None:
            return
        self.points.append((float(self.place[0]), float(self.place[1]), loss))
        if len(self.points) > self._descent.updates:
            self.stopped = "updates"
            return
        clip = self._descent.clip
        with np.errstate(all="ignore"):
            there = self.place - self._descent.rate * (slope if clip is None else clip(slope))
        if np.isfinite((loss, *slope, *there)).all():
            self.place = there
        else:
            self.stopped = "non_finite"


def _columns(initial: Sequence[States]) -> list[States]:
    """Initial states that every column shares."""
    return [
        {direction: {name: np.asarray(value)[:, None] for name, value in held.items()}
         for direction, held in layer.items()}
        for layer in initial
    ]  # fmt: skip


def _bytes(network: Network, steps: int) -> int:
    """What one point takes in the record of a run."""
    rows = sum(direction.program.layout.total + sum(map(direction.program.size,
               direction.cell.inputs)) for _, direction in network.directions())  # fmt: skip
    return int(rows * steps * network.dtype.itemsize)
