"""An encoder reads one sequence, a decoder writes another from where the encoder ended.

Each decoder layer starts from the final states of the encoder layer at its height, both directions
concatenated. With attention the readout sees the decoder's output and the context, [h; context].
Sequences are in the inside order of `network.py`: (time, entries[, batch]).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .attention import Attention, AttentionGradients, AttentionRun, AttentionSpec
from .cell import Cell
from .errors import EngineError
from .layers import Layer, LayerSpec, LayerStack, StackGradients, StackRun, States
from .network import Model, Outcome, ReadoutSpec
from .records import Gradients

Array = NDArray[Any]


@dataclass
class EncoderDecoderRun(Outcome):
    """What a forward pass recorded; rows of answers are those of the decoder's steps.

    `fed` are the decoder's inputs, (decoder time, entries[, batch]).
    """

    encoder: StackRun
    decoder: StackRun
    attention: AttentionRun | None
    fed: Array


@dataclass
class EncoderDecoderGradients:
    """Gradients of everything; `static` is what reaches the vector ``v`` from both halves."""

    encoder: StackGradients
    decoder: StackGradients
    attention: AttentionGradients | None
    readout: Gradients | None

    @property
    def static(self) -> Array | None:
        """dL/dv, None where no cell reads it."""
        parts = [half.static for half in (self.encoder, self.decoder) if half.static is not None]
        return None if not parts else np.asarray(sum(parts))


class EncoderDecoder(Model):
    """Two stacks, attention or none, a readout or none; see `Model`.

    Raises:
        EngineError: a decoder that reads backward, or whose states are not those of the encoder.
    """

    def __init__(
        self, encoder: Sequence[LayerSpec], decoder: Sequence[LayerSpec],
        readout: ReadoutSpec | None = None, attention: AttentionSpec | None = None,
        dtype: Any = np.float64,
    ) -> None:  # fmt: skip
        self._specs = (tuple(encoder), tuple(decoder), readout, attention)
        self.encoder = LayerStack(encoder, dtype)
        self.decoder = LayerStack(decoder, dtype)
        check_handover(self.encoder.layers, self.decoder.layers)
        self.attention = None if attention is None else Attention(attention, dtype)
        context = 0 if attention is None else attention.key
        stacks = {"encoder.": self.encoder, "decoder.": self.decoder}
        super().__init__(stacks, readout, dtype, context)

    @property
    def fed(self) -> int:
        """Entries of one input of the decoder."""
        return self.decoder.layers[0].spec.dimensions["input"]

    def cells(self) -> Iterator[Cell]:
        """Every cell whose equations are computed, those of attention too."""
        yield from super().cells()
        if self.attention is not None:
            yield from self.attention.cells

    def parameters(self) -> dict[str, Array]:
        """Every parameter by address, e.g. ``decoder.attention.W_a``."""
        held = {} if self.attention is None else self.attention.weights
        own = {f"decoder.attention.{name}": array for name, array in held.items()}
        return {**super().parameters(), **own}

    def copy(self, dtype: Any = None) -> EncoderDecoder:
        """The same with weights of its own, in another number type on request."""
        other = EncoderDecoder(*self._specs, dtype=self.dtype if dtype is None else dtype)
        other.assign(self.parameters())
        return other

    def forward(
        self, x: Array, initial: Sequence[States] = (), static: Array | None = None, *,
        decoder_inputs: Array,
    ) -> EncoderDecoderRun:  # fmt: skip
        """Read x, then write one row for each of the decoder's inputs.

        Args:
            initial: the encoder's states before its first step, by layer.
            static: the vector ``v``, which enters each half at its first step.
        """
        encoded = self.encode(x, initial, static)
        return self.decode(encoded, decoder_inputs, self.handed(encoded), static)

    def encode(self, x: Array, initial: Sequence[States], static: Array | None) -> StackRun:
        """Run the encoder over x."""
        return self.encoder.forward(x, initial, _batch(x), static)

    def decode(
        self, encoded: StackRun, x: Array, states: Sequence[States], static: Array | None
    ) -> EncoderDecoderRun:
        """Run the decoder over x from its `states`, what was encoded in sight."""
        batch = _batch(x)
        written = self.decoder.forward(x, states, batch, static)
        seen, attention = {"x": written.output}, None
        if self.attention is not None:
            attention = self.attention.forward(written.output, encoded.output)
            seen["context"] = attention.values["context"]
        found = self.answer(seen, batch)
        return EncoderDecoderRun(found.readout, found.outputs, batch, encoded, written,
                                 attention, x)  # fmt: skip

    def handed(self, encoded: StackRun) -> list[States]:
        """The states that the decoder starts from."""
        return [
            {"forward": {state: np.concatenate([run.final[state] for run in runs.values()])
                         for state in layer.directions["forward"].cell.state}}
            for runs, layer in zip(encoded.runs, self.decoder.layers, strict=True)
        ]  # fmt: skip

    def backward(
        self, run: EncoderDecoderRun, output_gradients: Array, *, of_z: bool = False,
        final: Sequence[States] = (),
    ) -> EncoderDecoderGradients:  # fmt: skip
        """Gradients, given dL/d(outputs) (rows, entries[, batch]); `of_z`, see `Network.backward`.

        The decoder's inputs are taken as given, also where they were its own answers: nothing
        flows through the choice of the likeliest.
        """
        readout, above = self.answered(run, output_gradients, of_z=of_z)
        tops, keys, attention = above["x"], np.zeros_like(run.encoder.output), None
        if self.attention is not None and run.attention is not None:
            attention = self.attention.backward(run.attention, above["context"])
            tops, keys = tops + attention.queries, attention.keys
        decoder = self.decoder.backward(run.decoder, tops, final)
        ends = self._handed_back(decoder)
        encoder = self.encoder.backward(run.encoder, keys, ends)
        return EncoderDecoderGradients(encoder, decoder, attention, readout)

    def _handed_back(self, decoder: StackGradients) -> list[States]:
        """Gradients of the encoder's final states, from those of the decoder's first."""
        found: list[States] = []
        for held, layer in zip(decoder.layers, self.encoder.layers, strict=True):
            starts = held["forward"].initial
            parts = {state: np.split(array, len(layer.directions)) for state, array in
                     starts.items()}  # fmt: skip
            found.append({
                name: {state: each[number] for state, each in parts.items()}
                for number, name in enumerate(layer.directions)
            })  # fmt: skip
        return found


def check_handover(encoder: Sequence[Layer], decoder: Sequence[Layer]) -> None:
    """Refuse a decoder that cannot start where the encoder ended; raises `EngineError`."""
    if len(encoder) != len(decoder):
        raise EngineError("decoder.layers", f"{len(encoder)} layers, as the encoder has",
                          str(len(decoder)))  # fmt: skip
    for number, (reader, writer) in enumerate(zip(encoder, decoder, strict=True)):
        field = f"decoder.layers[{number}]"
        if tuple(writer.directions) != ("forward",):
            raise EngineError(f"{field}.direction", "forward, a decoder writes step by step",
                              writer.spec.direction)  # fmt: skip
        ended, starts = state_sizes(reader), state_sizes(writer)
        if ended != starts:
            raise EngineError(field, f"states of the encoder's final sizes, {_words(ended)}",
                              _words(starts))  # fmt: skip


def state_sizes(layer: Layer) -> dict[str, int]:
    """Entries of every state of a layer by name, of all its directions together."""
    sizes: dict[str, int] = {}
    for direction in layer.directions.values():
        for state in direction.cell.state:
            sizes[state] = sizes.get(state, 0) + direction.program.size(state)
    return sizes


def _words(sizes: dict[str, int]) -> str:
    return ", ".join(f"{name} of {size}" for name, size in sizes.items()) or "no state"


def _batch(x: Array) -> int | None:
    return None if x.ndim == 2 else x.shape[2]
