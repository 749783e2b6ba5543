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
    """The steps that a decoder has taken after an encoder's run."""

    def __init__(
        self, network: EncoderDecoder, encoded: StackRun, static: Array | None = None
    ) -> None:
        self.network = network
        self.encoded = encoded
        self.states: list[States] = network.handed(encoded)
        self._static = static
        self.runs: list[EncoderDecoderRun] = []

    def forget(self, steps: int = 0) -> None:
        """Keep the first `steps` steps, drop what followed."""
        del self.runs[steps:]

    def step(self, x: Array) -> EncoderDecoderRun:
        """Take one more step with the input x, (entries[, batch])."""
        states, static = self.states, self._static
        if self.runs:
            last = self.runs[-1].decoder.runs
            states = [{name: run.final for name, run in each.items()} for each in last]
            static = None if static is None else np.zeros_like(static)
        with np.errstate(all="ignore"):
            self.runs.append(self.network.decode(self.encoded, x[None], states, static))
        return self.runs[-1]

    def fed_back(self) -> Array:
        """What the next step takes where the decoder feeds itself, (entries[, batch])."""
        if not self.runs:
            batch = self.encoded.output.shape[2:]
            return np.zeros((self.network.fed, *batch), self.network.dtype)
        output: Array = self.runs[-1].outputs[0]
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
