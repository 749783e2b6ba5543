"""A network as arrays in, arrays out, in the order of PyTorch: (time[, batch], entries).

Inside, the batch stands last; here everything is turned, as views, never copied back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import EngineError
from .layers import States
from .network import Network, NetworkGradients, NetworkRun

Array = NDArray[Any]
ByLayer = list[dict[str, dict[str, Array]]]
"""Layer → direction → name → array."""


def turned(array: Array) -> Array:
    """The batch from last to second place, or back for an array of states."""
    if array.ndim == 3:
        return array.transpose(0, 2, 1)
    return array


class CompiledRun:
    """What a forward pass recorded: `outputs` (rows[, batch], entries); it owns its arrays."""

    def __init__(self, network: Network, run: NetworkRun) -> None:
        self._network = network
        self.inner = run

    @property
    def outputs(self) -> Array:
        """One row a timestep, or one where the network pools."""
        return turned(self.inner.outputs)

    @property
    def values(self) -> ByLayer:
        """``values[0]["forward"]["f"]`` is (time[, batch], units), in sequence order."""
        return [
            {
                name: {
                    key: turned(layer.directions[name].ordered(array))
                    for key, array in run.values.items()
                }
                for name, run in runs.items()
            }
            for layer, runs in zip(self._network.stack.layers, self.inner.stack.runs, strict=True)
        ]

    @property
    def readout(self) -> dict[str, Array]:
        """``z`` and ``y`` of the readout, empty without one."""
        held = self.inner.readout
        return {} if held is None else {k: turned(v) for k, v in held.values.items()}

    @property
    def final_states(self) -> ByLayer:
        """Each state after its direction's last step, ([batch, ]units)."""
        return [
            {name: {key: state.T for key, state in run.final.items()} for name, run in runs.items()}
            for runs in self.inner.stack.runs
        ]


class CompiledGradients:
    """Gradients in the forms of what they belong to."""

    def __init__(self, network: Network, found: NetworkGradients) -> None:
        self._network = network
        self._found = found

    @property
    def values(self) -> ByLayer:
        """dL/d(value) at every timestep, all paths included; form of `CompiledRun.values`."""
        return [
            {
                name: {
                    key: turned(layer.directions[name].ordered(array))
                    for key, array in one.values.items()
                }
                for name, one in each.items()
            }
            for layer, each in zip(
                self._network.stack.layers, self._found.stack.layers, strict=True
            )
        ]

    @property
    def parameters(self) -> dict[str, Array]:
        """By address, e.g. ``layers.0.forward.W_f`` or ``readout.V``."""
        found = {
            f"layers.{number}.{name}.{key}": array
            for number, each in enumerate(self._found.stack.layers)
            for name, one in each.items()
            for key, array in one.parameters.items()
        }
        readout = self._found.readout
        if readout is not None:
            found |= {f"readout.{key}": array for key, array in readout.parameters.items()}
        return found

    @property
    def readout(self) -> dict[str, Array]:
        """dL/dz and dL/dy of the readout, empty without one."""
        held = self._found.readout
        return {} if held is None else {k: turned(v) for k, v in held.values.items()}

    @property
    def inputs(self) -> Array:
        """dL/dx, (time[, batch], entries)."""
        return turned(self._found.inputs)

    @property
    def initial_states(self) -> ByLayer:
        """dL/d(state before the first step), ([batch, ]units)."""
        return [
            {name: {k: a.T for k, a in one.initial.items()} for name, one in each.items()}
            for each in self._found.stack.layers
        ]


class Compiled:
    """A network ready for many runs. `network.parameters()` are its weights, edits take effect."""

    def __init__(self, network: Network, static: Array | None = None) -> None:
        self.network = network
        self._static = static

    @property
    def parameters(self) -> dict[str, Array]:
        """Every parameter by address; an edit in place takes effect."""
        return self.network.parameters()

    def forward(self, x: ArrayLike, initial: Sequence[States] = ()) -> CompiledRun:
        """Run a sequence or a batch of them.

        Args:
            x: (time, entries) or (time, batch, entries).
            initial: by layer: direction → state → ([batch, ]units); zero where absent.

        Raises:
            EngineError: x of another form.
        """
        array = np.asarray(x, self.network.dtype)
        entries = self.network.stack.layers[0].spec.dimensions["input"]
        if array.ndim not in (2, 3) or array.shape[-1] != entries or not len(array):
            raise EngineError(
                "x", f"(time, {entries}) or (time, batch, {entries})", f"shape {array.shape}"
            )
        states = [_turned_states(states) for states in initial]
        static = self._static
        if static is not None and array.ndim == 3:
            static = np.repeat(static[:, None], array.shape[1], axis=1)
        return CompiledRun(self.network, self.network.forward(turned(array), states, static))

    def backward(
        self, run: CompiledRun, output_gradients: ArrayLike,
        final_state_gradients: Sequence[States] | None = None,
    ) -> CompiledGradients:  # fmt: skip
        """Gradients of L of every named value, parameter, input and initial state.

        Args:
            output_gradients: dL/d(outputs), the form of `CompiledRun.outputs`.
            final_state_gradients: dL/d(final states), the form of `CompiledRun.final_states`.

        Raises:
            EngineError: gradients of another form than the outputs.
        """
        given = np.asarray(output_gradients, self.network.dtype)
        if given.shape != run.outputs.shape:
            raise EngineError("output_gradients", f"shape {run.outputs.shape}", f"{given.shape}")
        final = [_turned_states(states) for states in final_state_gradients or ()]
        return CompiledGradients(
            self.network, self.network.backward(run.inner, turned(given), final=final)
        )


def _turned_states(states: States) -> dict[str, Mapping[str, Array]]:
    return {
        direction: {name: np.asarray(array).T for name, array in held.items()}
        for direction, held in states.items()
    }
