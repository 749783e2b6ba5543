"""The trace of an encoder–decoder: both stacks, attention, the rows that the decoder was fed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .attention import Attention, AttentionGradients, AttentionRun, part
from .decoding import greedy
from .encoder_decoder import EncoderDecoder
from .layers import States
from .trace import DirectionTrace, Judged, Layers, Trace, layers_document, stack_traces

Array = NDArray[Any]
ATTENTION = "decoder.attention"
"""Where the addresses of attention begin."""


@dataclass(frozen=True, kw_only=True)
class EncoderDecoderTrace(Trace):
    """A trace whose `layers`, `steps` and rows are the decoder's.

    `attention` has scores and alpha (steps, encoder's steps) and context; `keys` are the encoder's
    outputs, (encoder's steps, entries). `decoder_inputs` are the rows that the decoder was fed,
    with feedback its own answers, whose gradients are then not asked for.
    """

    encoder: Layers
    attention: DirectionTrace | None
    keys: Array
    decoder_inputs: Array
    decoder_input_gradients: Array | None

    @property
    def stacks(self) -> Mapping[str, Layers]:
        """Both halves by the beginning of their addresses."""
        return {"encoder.": self.encoder, "decoder.": self.layers}

    def fed_gradients(self, stack: str) -> Array | None:
        """dL/dx of what a half is fed, None for a decoder that feeds itself."""
        return self.input_gradients if stack == "encoder." else self.decoder_input_gradients

    def directions(self) -> Iterator[tuple[str, DirectionTrace]]:
        """Every direction of the encoder, then of the decoder, attention, the readout."""
        own = dict(super().directions())
        readout = own.pop("readout", None)
        yield from own.items()
        if self.attention is not None:
            yield ATTENTION, self.attention
        if readout is not None:
            yield "readout", readout

    def document(self) -> dict[str, Any]:
        """The form of the wire: ``encoder.layers``, ``decoder.layers`` and ``attention``."""
        return {
            "steps": self.steps,
            "encoder": {"steps": len(self.keys), "layers": layers_document(self.encoder)},
            "decoder": {"steps": self.steps, "layers": layers_document(self.layers),
                        "inputs": self.decoder_inputs},
            "attention": None if self.attention is None else self._weighed(self.attention),
            **self._answers(),
            "decoder_input_gradients": self.decoder_input_gradients,
        }  # fmt: skip

    @staticmethod
    def _weighed(attention: DirectionTrace) -> dict[str, Any]:
        """Attention's values stand beside its gradients and parameters, not below ``values``."""
        held = attention.document()
        return {**held.pop("values"), **held}

    def arrays(self) -> dict[str, Array]:
        """All arrays by flat names such as ``decoder.attention.values.alpha``."""
        own = {"decoder_inputs": self.decoder_inputs}
        if self.decoder_input_gradients is not None:
            own["decoder_input_gradients"] = self.decoder_input_gradients
        return {**super().arrays(), **own}


def trace(
    network: EncoderDecoder, inputs: ArrayLike, *, decoder_inputs: ArrayLike | None,
    steps: int = 0, initial: Sequence[States] = (), static: ArrayLike | None = None,
    targets: Sequence[Any] | None = None, loss: str | None = None, gradients: bool = False,
) -> EncoderDecoderTrace:  # fmt: skip
    """Read one sequence, write another, record everything; see `trace.trace`.

    Args:
        decoder_inputs: (decoder's time, entries); None lets the decoder feed itself for `steps`
            steps. No gradient goes through the choice of the likeliest.
        initial: states of the encoder.
    """
    x = np.asarray(inputs, network.dtype)
    vector = None if static is None else np.asarray(static, network.dtype)
    with np.errstate(all="ignore"):
        if decoder_inputs is None:
            fed = greedy(network, x, steps, initial, vector)
        else:
            fed = np.asarray(decoder_inputs, network.dtype)
        run = network.forward(x, initial, vector, decoder_inputs=fed)
        judged = Judged.of(network, run, targets, loss)
        found = judged.backward(network.backward) if gradients else None
    return EncoderDecoderTrace(
        network,
        stack_traces(network.decoder, run.decoder, found.decoder if found else None),
        judged.readout(found.readout if found else None),
        np.ascontiguousarray(run.outputs),
        **judged.fields(gradients=gradients),
        input_gradients=np.ascontiguousarray(found.encoder.input) if found else None,
        static_gradients=found.static if found else None,
        encoder=stack_traces(network.encoder, run.encoder, found.encoder if found else None),
        attention=_attention(network.attention, run.attention, found.attention if found else None),
        keys=np.ascontiguousarray(run.encoder.output),
        decoder_inputs=fed,
        decoder_input_gradients=np.ascontiguousarray(found.decoder.input)
        if found and decoder_inputs is not None
        else None,
    )


def _attention(
    attention: Attention | None, run: AttentionRun | None, found: AttentionGradients | None
) -> DirectionTrace | None:
    if attention is None or run is None:
        return None
    values = dict(run.values)
    return DirectionTrace(
        "attention", part("attention"), values,
        {name: np.array(array) for name, array in attention.weights.items()},
        {"scores": values["scores"]}, {},
        found.values if found else None, found.parameters if found else None,
    )  # fmt: skip
