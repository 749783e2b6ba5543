"""A decoder one step at a time: what was encoded stays, each step continues from the one before.

With greedy feedback a step's input is the one-hot of the likeliest output of the step before; the
first is zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoder_decoder import EncoderDecoder, EncoderDecoderRun
from .layers import StackRun, States

Array = NDArray[Any]


class Decoding:
    """The steps that a decoder has taken after an encoder's run.

    Of each step only what a next one needs is kept: the states after it, and its answer.
    """

    def __init__(
        self, network: EncoderDecoder, encoded: StackRun, static: Array | None = None
    ) -> None:
        self.network = network
        self.encoded = encoded
        self._static = static
        self._states: list[list[States]] = [network.handed(encoded)]
        self._answers: list[Array] = []

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self._answers)

    @property
    def initial(self) -> list[States]:
        """The states before the first step, by layer: where the encoder ended."""
        return self._states[0]

    def forget(self, steps: int = 0) -> None:
        """Keep the first `steps` steps, drop what followed."""
        del self._states[steps + 1 :], self._answers[steps:]

    def step(self, x: Array) -> EncoderDecoderRun:
        """Take one more step with the input x, (entries[, batch])."""
        static = self._static
        if static is not None and self.steps:
            static = np.zeros_like(static)
        with np.errstate(all="ignore"):
            run = self.network.decode(self.encoded, x[None], self._states[-1], static)
        self._states.append(
            [
                {name: {key: state.copy() for key, state in each.final.items()}
                 for name, each in layer.items()}
                for layer in run.decoder.runs
            ]
        )  # fmt: skip
        self._answers.append(run.outputs[0].copy())
        return run

    def fed_back(self) -> Array:
        """What the next step takes where the decoder feeds itself, (entries[, batch])."""
        if not self._answers:
            batch = self.encoded.output.shape[2:]
            return np.zeros((self.network.fed, *batch), self.network.dtype)
        output = self._answers[-1]
        likeliest = np.argmax(output.real, axis=0, keepdims=True)
        found: Array = np.zeros_like(output)
        np.put_along_axis(found, likeliest, 1, axis=0)
        return found


def greedy(
    network: EncoderDecoder, x: Array, steps: int, initial: Sequence[States] = (),
    static: Array | None = None,
) -> Array:  # fmt: skip
    """The decoder's inputs where it feeds itself for so many steps, (steps, entries[, batch])."""
    decoding = Decoding(network, network.encode(x, initial, static), static)
    fed = []
    for _ in range(steps):
        fed.append(decoding.fed_back())
        decoding.step(fed[-1])
    return np.stack(fed)
