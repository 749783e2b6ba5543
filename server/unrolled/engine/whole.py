"""Frames of a network that has to know its whole sequence: layers that read it from the end.

Everything is run at once, then shown in the order in which each direction takes its steps: at step
t the forward directions stand at position t, the backward ones at T−1−t.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .frames import DirectionFrame, Frame, Values
from .layers import Direction, States
from .network import Network
from .records import Run

Array = NDArray[Any]


class WholeSequence:
    """One run over x (time, entries), seen step by step."""

    def __init__(
        self, network: Network, x: Array, initial: Sequence[States] = (),
        static: Array | None = None,
    ) -> None:  # fmt: skip
        self.steps = len(x)
        self._network = network
        with np.errstate(all="ignore"):
            self._run = network.forward(x, initial, static)

    def frame(self, t: int) -> Frame:
        """Step `t`."""
        layers = [
            [self._direction(direction, runs[name], t)
             for name, direction in layer.directions.items()]
            for layer, runs in zip(self._network.stack.layers, self._run.stack.runs, strict=True)
        ]  # fmt: skip
        rows = {} if self._pooled else {p: self._run.outputs[p] for p in self._reached(t)}
        place = self._row(t)
        if place is None:
            return Frame(t, layers, None, None, rows)
        readout = None
        if self._run.readout is not None:
            readout = {name: array[place] for name, array in self._run.readout.values.items()}
        return Frame(t, layers, readout, self._run.outputs[place], rows)

    def states(self) -> list[dict[str, Values]]:
        """The initial states, by layer and direction."""
        return [
            {
                name: {
                    state: run.record[0, slice(*run.program.layout.rows[root])]
                    for state, root in run.program.layout.states.items()
                }
                for name, run in runs.items()
            }
            for runs in self._run.stack.runs
        ]

    @property
    def _pooled(self) -> bool:
        return self._network.pool is not None

    def _direction(self, direction: Direction, run: Run, t: int) -> DirectionFrame:
        # A run stands in its direction's own order: its step t is position T−1−t backwards.
        position = self.steps - 1 - t if direction.reversed else t
        values = {name: array[t] for name, array in run.values.items()}
        return DirectionFrame(direction.name, position, values)

    def _directions(self) -> set[str]:
        return {name for layer in self._network.stack.layers for name in layer.directions}

    def _row(self, t: int) -> int | None:
        """The row of outputs that is this step's, None where a direction has not come there."""
        last = self.steps - 1
        if self._pooled:
            return 0 if t == last else None
        return t if t >= last - t else None

    def _reached(self, t: int) -> list[int]:
        """Positions at which every direction has been since this step."""
        last = self.steps - 1
        if "forward" not in self._directions():
            return [last - t]
        if t < last - t:
            return []
        return sorted({last - t, t})
