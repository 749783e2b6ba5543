"""What a program hands out: the run it recorded, the gradients it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref
from .spaces import Space
from .weights import Weights

if TYPE_CHECKING:
    from .program import Program

Array = NDArray[Any]


class Run:
    """What a forward pass recorded. It owns its arrays; values are views.

    `values[name]` is (time, entries[, batch]) in the direction's own order.
    """

    def __init__(self, program: Program, weights: Weights, space: Space) -> None:
        self.program = program
        self.weights = weights
        self.space = space

    def __del__(self) -> None:
        self.program.release(self.space)

    @property
    def inputs(self) -> dict[str, Array]:
        """x and, where the cell uses it, v: (time, entries[, batch])."""
        whole = (0, self.space.steps)
        return {key: self.space.span(self.program.input_ref(key), *whole)[:]
                for key in self.program.cell.inputs}  # fmt: skip

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


class Gradients:
    """dL/d(everything) of a run, views into one record.

    `values` and `inputs` are (time, entries[, batch]), `parameters` have the shapes of the
    parameters, `initial` is (entries[, batch]) by state.
    """

    def __init__(self, run: Run, space: Space, parameters: Weights, carry: Array) -> None:
        self._arrays = dict(space.arrays)
        self.parameters = parameters
        self._carry = carry
        # The run goes last: while its gradients are looked at, its memory is not used again.
        self.run = run

    @property
    def inputs(self) -> dict[str, Array]:
        """dL/dx and, where the cell uses it, dL/dv."""
        return {key: self._arrays[f"input_grad{key}"] for key in self.run.program.cell.inputs}

    @property
    def values(self) -> dict[str, Array]:
        """dL/d(value) of every named value."""
        return {name: self.value(name) for name in self.run.program.cell.by_name}

    def value(self, name: str) -> Array:
        """dL/d(value) of one named value, (time, entries[, batch])."""
        ref = self.run.program.ref(name)
        return self._arrays["grad"][:, ref.start : ref.stop]

    @property
    def initial(self) -> dict[str, Array]:
        """dL/d(state before the first step)."""
        return {name: self._initial(name) for name in self.run.program.cell.state}

    def _initial(self, name: str) -> Array:
        ref = self.run.program.ref(name)
        held = self._carry[ref.start : ref.stop]
        carried = name in self.run.program.layout.states
        return held if carried else np.zeros_like(held)
