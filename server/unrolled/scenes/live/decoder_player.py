"""An encoder–decoder stepped: the encoder has run whole, each step writes one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from unrolled.engine import encoder_decoder_trace as engine
from unrolled.engine.decoding import Decoding
from unrolled.engine.encoder_decoder import EncoderDecoderRun
from unrolled.engine.frames import DirectionFrame, Frame
from unrolled.engine.layers import States
from unrolled.engine.trace import Trace, stack_traces
from unrolled.scenes import build
from unrolled.scenes.build import Array
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.player import Player
from unrolled.scenes.plan import Plan

STEP_NANOSECONDS = 300_000
"""About what one step of a small decoder takes, for each of its layers."""


class DecoderPlayer(Player):
    """Steps the decoder; its frames are the decoder's, `encoder` has the encoder's values."""

    fed = "decoder_inputs"
    prefix = "decoder."

    def __init__(self, scene: Plan, limits: Limits, history: int) -> None:
        super().__init__(scene, limits, history)
        assert scene.decoder is not None
        self._decoder = scene.decoder
        self._network = build.encoder_decoder(scene)
        self._rows = build.decoder_inputs(scene)
        self._initial: list[States] = list(build.initial(scene))
        self._static = build.static(scene)
        with np.errstate(all="ignore"):
            encoded = self._network.encode(build.inputs(scene), self._initial, self._static)
        self._decoding = Decoding(self._network, encoded, self._static)
        self._frames: list[Frame] = []
        self._taken: list[Array] = []

    @property
    def width(self) -> int:
        """Numbers in one input of the decoder."""
        return self._network.fed

    def work(self, t: int) -> int:
        """About how many nanoseconds it takes to come to step `t`."""
        layers = self._decoder.layers
        each = STEP_NANOSECONDS * (len(layers) + 1) + sum(layer.parameters() for layer in layers)
        if self._decoder.attention is not None:
            each += self._decoder.attention.work(len(self.plan.inputs), 1).cost
        return max(0, t + 1 - self._decoding.steps) * each

    def frame(self) -> Frame:
        """What the step shows; only where `t` is not None."""
        assert self.t is not None
        return self._frames[self.t]

    def states(self) -> Sequence[Mapping[str, Mapping[str, Array]]]:
        """The decoder's states before its first step: where the encoder ended."""
        return self._decoding.initial

    def input(self, t: int) -> Array:
        """The vector that step `t` took."""
        return self._taken[t]

    def encoder(self) -> dict[str, Any]:
        """Every value of the encoder at all its steps."""
        run = self._decoding.encoded
        layers = stack_traces(self._network.encoder, run, None)
        return {
            "steps": len(run.output),
            "layers": [
                {
                    "layer": f"encoder.layers.{number}",
                    "directions": [
                        {
                            "direction": held.direction,
                            "values": dict(held.values),
                            "initial": dict(held.initial),
                        }
                        for held in layer
                    ],
                }
                for number, layer in enumerate(layers)
            ],
        }

    def gradients(self) -> Trace:
        """The trace of the steps so far with its gradients; raises `LiveError`."""
        steps = self._so_far()
        found = engine.trace(
            self._network, build.inputs(self.plan), decoder_inputs=np.stack(self._taken[:steps]),
            initial=self._initial, static=self._static, loss=self.plan.scene.loss,
            targets=self._targets(steps), gradients=True,
        )  # fmt: skip
        if self._rows is None and not self._own:
            return replace(found, decoder_input_gradients=None)
        return found

    def _recorded(self) -> int:
        attention = self._decoder.attention
        layers = sum(layer.recorded() for layer in self._decoder.layers)
        weighed = 0 if attention is None else attention.work(len(self.plan.inputs), 1).recorded
        return layers + weighed + 2 * self.plan.width

    def _forget(self, steps: int) -> None:
        self._decoding.forget(steps)
        del self._frames[steps:], self._taken[steps:]

    def _reach(self, t: int) -> None:
        for number in range(self._decoding.steps, t + 1):
            row = self._row(number)
            self._frames.append(_frame(number, self._decoding.step(row)))
            self._taken.append(row)

    def _row(self, t: int) -> Array:
        """A vector of one's own, the scene's row, or the likeliest answer of the step before."""
        own = self._given(t)
        if own is not None:
            return own
        return self._decoding.fed_back() if self._rows is None else self._rows[t]


def _frame(t: int, run: EncoderDecoderRun) -> Frame:
    """A copy of the one step of a run."""
    layers = [
        [
            DirectionFrame(name, t, {key: a[0].copy() for key, a in each.values.items()})
            for name, each in runs.items()
        ]
        for runs in run.decoder.runs
    ]
    attention = None
    if run.attention is not None:
        attention = {name: array[0].copy() for name, array in run.attention.values.items()}
    readout = None
    if run.readout is not None:
        readout = {name: array[0].copy() for name, array in run.readout.values.items()}
    output = run.outputs[0].copy()
    return Frame(t, layers, readout, output, {t: output}, attention)
