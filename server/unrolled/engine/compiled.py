"""A network as arrays in, arrays out, in the order of PyTorch: (time[, batch], entries).

Inside, the batch stands last; here everything is turned, as views, never copied back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .encoder_decoder import EncoderDecoder
from .errors import EngineError
from .layers import LayerStack, StackGradients, StackRun, States
from .network import Network, NetworkGradients, NetworkRun
from .records import Gradients, Run

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
        return by_layer(self._network.stack, self.inner.stack.runs)

    @property
    def readout(self) -> dict[str, Array]:
        """``z`` and ``y`` of the readout, empty without one."""
        held = self.inner.readout
        return {} if held is None else {k: turned(v) for k, v in held.values.items()}

    @property
    def final_states(self) -> ByLayer:
        """Each state after its direction's last step, ([batch, ]units)."""
        return final_states(self.inner.stack)


class CompiledGradients:
    """Gradients in the forms of what they belong to."""

    def __init__(self, network: Network, found: NetworkGradients) -> None:
        self._network = network
        self._found = found

    @property
    def values(self) -> ByLayer:
        """dL/d(value) at every timestep, all paths included; form of `CompiledRun.values`."""
        return by_layer(self._network.stack, self._found.stack.layers)

    @property
    def parameters(self) -> dict[str, Array]:
        """By address, e.g. ``layers.0.forward.W_f`` or ``readout.V``."""
        return parameter_gradients({"": self._found.stack}, self._found.readout)

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
        return initial_states(self._found.stack)


class Compiled:
    """A network ready for many runs. `network.parameters()` are its weights, edits take effect."""

    network: Network | EncoderDecoder

    def __init__(self, network: Network, static: Array | None = None) -> None:
        self.network = self._network = network
        self._static = static

    @property
    def parameters(self) -> dict[str, Array]:
        """Every parameter by address; an edit in place takes effect."""
        return self.network.parameters()

    def forward(
        self, x: ArrayLike, initial: Sequence[States] = (), *,
        decoder_inputs: ArrayLike | None = None, steps: int | None = None,
    ) -> CompiledRun:  # fmt: skip
        """Run a sequence or a batch of them.

        Args:
            x: (time, entries) or (time, batch, entries).
            initial: by layer: direction → state → ([batch, ]units); zero where absent.
            decoder_inputs, steps: see `CompiledPair.forward`; only an encoder–decoder takes them.

        Raises:
            EngineError: x of another form, or something for a decoder.
        """
        for field, given in (("decoder_inputs", decoder_inputs), ("steps", steps)):
            if given is not None:
                raise EngineError(field, "nothing, this network has no decoder", "a value")
        network = self._network
        array = sequence(network.stack, x, network.dtype, "x")
        static = in_batch(self._static, array)
        return CompiledRun(network, network.forward(turned(array), turned_states(initial), static))

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
        network = self._network
        given = like(run.outputs, output_gradients, network.dtype)
        final = turned_states(final_state_gradients or ())
        return CompiledGradients(network, network.backward(run.inner, given, final=final))


def by_layer(
    stack: LayerStack, found: Sequence[Mapping[str, Run] | Mapping[str, Gradients]]
) -> ByLayer:
    """Values or gradients of a stack, (time[, batch], entries) in the order of the sequence."""
    return [
        {
            name: {
                key: turned(direction.ordered(array)) for key, array in each[name].values.items()
            }
            for name, direction in layer.directions.items()
        }
        for layer, each in zip(stack.layers, found, strict=True)
    ]


def final_states(run: StackRun) -> ByLayer:
    """The states after the last step, ([batch, ]units)."""
    return [
        {name: {key: state.T for key, state in one.final.items()} for name, one in each.items()}
        for each in run.runs
    ]


def initial_states(found: StackGradients) -> ByLayer:
    """dL/d(states before the first step), ([batch, ]units)."""
    return [
        {name: {k: a.T for k, a in one.initial.items()} for name, one in each.items()}
        for each in found.layers
    ]


def parameter_gradients(
    stacks: Mapping[str, StackGradients], readout: Gradients | None
) -> dict[str, Array]:
    """By address; stacks by the beginning of theirs."""
    found = {
        f"{prefix}layers.{number}.{name}.{key}": array
        for prefix, stack in stacks.items()
        for number, each in enumerate(stack.layers)
        for name, one in each.items()
        for key, array in one.parameters.items()
    }
    if readout is not None:
        found |= {f"readout.{key}": array for key, array in readout.parameters.items()}
    return found


def sequence(stack: LayerStack, x: ArrayLike, dtype: Any, field: str) -> Array:
    """A sequence for a stack, (time[, batch], entries); raises `EngineError`."""
    array = np.asarray(x, dtype)
    entries = stack.layers[0].spec.dimensions["input"]
    if array.ndim not in (2, 3) or array.shape[-1] != entries or not len(array):
        expected = f"(time, {entries}) or (time, batch, {entries})"
        raise EngineError(field, expected, f"shape {array.shape}")
    return array


def like(outputs: Array, gradients: ArrayLike, dtype: Any) -> Array:
    """Gradients of the outputs in the inside order; raises `EngineError`."""
    given = np.asarray(gradients, dtype)
    if given.shape != outputs.shape:
        raise EngineError("output_gradients", f"shape {outputs.shape}", f"{given.shape}")
    return turned(given)


def in_batch(static: Array | None, x: Array) -> Array | None:
    """The vector ``v`` for every sequence of x, (time[, batch], entries)."""
    if static is None or x.ndim == 2:
        return static
    return np.repeat(static[:, None], x.shape[1], axis=1)


def turned_states(layers: Sequence[States]) -> list[States]:
    """States of every layer in the inside order."""
    return [
        {
            direction: {name: np.asarray(array).T for name, array in held.items()}
            for direction, held in states.items()
        }
        for states in layers
    ]
