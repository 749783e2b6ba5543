"""An encoder–decoder as arrays in, arrays out, in the order of PyTorch; see `compiled.py`.

`values`, `outputs` and `readout` are the decoder's; the encoder and attention stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from .compiled import (
    ByLayer,
    Compiled,
    CompiledGradients,
    CompiledRun,
    by_layer,
    final_states,
    in_batch,
    initial_states,
    like,
    parameter_gradients,
    sequence,
    turned,
    turned_states,
)
from .decoding import greedy
from .encoder_decoder import EncoderDecoder, EncoderDecoderGradients, EncoderDecoderRun
from .errors import EngineError
from .layers import States

Array = NDArray[Any]


class CompiledPairRun(CompiledRun):
    """What a forward pass recorded: `outputs` (decoder's time[, batch], entries)."""

    def __init__(self, network: EncoderDecoder, run: EncoderDecoderRun) -> None:
        self._pair = network
        self.pair = run

    @property
    def outputs(self) -> Array:
        """One row for each of the decoder's steps."""
        return turned(self.pair.outputs)

    @property
    def values(self) -> ByLayer:
        """The decoder's values: ``values[0]["forward"]["f"]`` is (time[, batch], units)."""
        return by_layer(self._pair.decoder, self.pair.decoder.runs)

    @property
    def encoder(self) -> ByLayer:
        """The encoder's values in the same form, in sequence order."""
        return by_layer(self._pair.encoder, self.pair.encoder.runs)

    @property
    def attention(self) -> dict[str, Array]:
        """``scores`` and ``alpha`` (decoder's time[, batch], encoder's time), ``context``."""
        held = self.pair.attention
        return {} if held is None else {name: turned(a) for name, a in held.values.items()}

    @property
    def readout(self) -> dict[str, Array]:
        """``z`` and ``y`` of the readout, empty without one."""
        held = self.pair.readout
        return {} if held is None else {name: turned(a) for name, a in held.values.items()}

    @property
    def decoder_inputs(self) -> Array:
        """What the decoder was fed, (decoder's time[, batch], entries)."""
        return turned(self.pair.fed)

    @property
    def final_states(self) -> ByLayer:
        """The decoder's states after its last step, ([batch, ]units)."""
        return final_states(self.pair.decoder)


class CompiledPairGradients(CompiledGradients):
    """Gradients in the forms of what they belong to."""

    def __init__(self, network: EncoderDecoder, found: EncoderDecoderGradients) -> None:
        self._pair = network
        self._both = found

    @property
    def values(self) -> ByLayer:
        """dL/d(value) of the decoder, the form of `CompiledPairRun.values`."""
        return by_layer(self._pair.decoder, self._both.decoder.layers)

    @property
    def encoder(self) -> ByLayer:
        """dL/d(value) of the encoder, the form of `CompiledPairRun.encoder`."""
        return by_layer(self._pair.encoder, self._both.encoder.layers)

    @property
    def attention(self) -> dict[str, Array]:
        """dL/d(scores, alpha, context), empty without attention."""
        held = self._both.attention
        return {} if held is None else {name: turned(a) for name, a in held.values.items()}

    @property
    def readout(self) -> dict[str, Array]:
        """dL/dz and dL/dy of the readout, empty without one."""
        held = self._both.readout
        return {} if held is None else {name: turned(a) for name, a in held.values.items()}

    @property
    def parameters(self) -> dict[str, Array]:
        """By address, e.g. ``encoder.layers.0.forward.W_f`` or ``decoder.attention.W_a``."""
        found = self._both
        stacks = {"encoder.": found.encoder, "decoder.": found.decoder}
        own = {} if found.attention is None else found.attention.parameters
        weighed = {f"decoder.attention.{name}": array for name, array in own.items()}
        return {**parameter_gradients(stacks, found.readout), **weighed}

    @property
    def inputs(self) -> Array:
        """dL/dx, (time[, batch], entries)."""
        return turned(self._both.encoder.input)

    @property
    def decoder_inputs(self) -> Array:
        """dL/d(decoder's inputs), taken as given also where the decoder fed itself."""
        return turned(self._both.decoder.input)

    @property
    def initial_states(self) -> ByLayer:
        """dL/d(the encoder's state before its first step), ([batch, ]units)."""
        return initial_states(self._both.encoder)


class CompiledPair(Compiled):
    """An encoder–decoder ready for many runs; edits of `parameters` take effect."""

    def __init__(self, network: EncoderDecoder, static: Array | None = None) -> None:
        self.network = self._pair = network
        self._static = static

    def forward(
        self, x: ArrayLike, initial: Sequence[States] = (), *,
        decoder_inputs: ArrayLike | None = None, steps: int | None = None,
    ) -> CompiledPairRun:  # fmt: skip
        """Read a sequence, or a batch of them, and write another.

        Args:
            x: (time, entries) or (time, batch, entries).
            initial: of the encoder, by layer: direction → state → ([batch, ]units).
            decoder_inputs: (decoder's time[, batch], entries); or
            steps: how many steps the decoder feeds itself the one-hot of its likeliest output.

        Raises:
            EngineError: arrays of another form, both of them or neither.
        """
        network = self._pair
        array = sequence(network.encoder, x, network.dtype, "x")
        static, states = in_batch(self._static, array), turned_states(initial)
        inner = turned(array)
        if (decoder_inputs is None) == (steps is None):
            got = "nothing" if steps is None else "both"
            raise EngineError("decoder_inputs", "decoder_inputs, or a number of steps", got)
        if decoder_inputs is None:
            fed = self._greedy(inner, steps, states, static)
        else:
            fed = turned(sequence(network.decoder, decoder_inputs, network.dtype, "decoder_inputs"))
            if fed.shape[2:] != inner.shape[2:]:
                raise EngineError("decoder_inputs", f"a batch as x has, {inner.shape[2:]}",
                                  f"{fed.shape[2:]}")  # fmt: skip
        run = network.forward(inner, states, static, decoder_inputs=fed)
        return CompiledPairRun(network, run)

    def _greedy(
        self, x: Array, steps: int | None, states: Sequence[States], static: Array | None
    ) -> Array:
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
            raise EngineError("steps", "a whole number of at least 1", repr(steps)[:40])
        if self._pair.outputs != self._pair.fed:
            raise EngineError("steps", f"{self._pair.fed} outputs, to be fed back",
                              str(self._pair.outputs))  # fmt: skip
        return greedy(self._pair, x, steps, states, static)

    def backward(
        self, run: CompiledRun, output_gradients: ArrayLike,
        final_state_gradients: Sequence[States] | None = None,
    ) -> CompiledPairGradients:  # fmt: skip
        """Gradients of L of every named value, parameter, input and initial state.

        Args:
            output_gradients: dL/d(outputs), the form of `CompiledPairRun.outputs`.
            final_state_gradients: dL/d(the decoder's final states).

        Raises:
            EngineError: gradients of another form than the outputs.
        """
        assert isinstance(run, CompiledPairRun)
        given = like(run.outputs, output_gradients, self._pair.dtype)
        final = turned_states(final_state_gradients or ())
        found = self._pair.backward(run.pair, given, final=final)
        return CompiledPairGradients(self._pair, found)
