"""Encoder–decoders with random numbers, for the tests that compare gradients."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.engine.attention import KINDS, AttentionSpec
from unrolled.engine.cell import catalogue
from unrolled.engine.check import Problem
from unrolled.engine.encoder_decoder import EncoderDecoder
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec

Array = NDArray[Any]
UNITS = 2
WAYS = ("forward", "backward", "bidirectional concat", "bidirectional sum")


@dataclass(frozen=True)
class Pair:
    """What is built: an encoder's cell and direction, how deep, which attention, which loss."""

    cell: str
    direction: str = "forward"
    depth: int = 1
    attention: str | None = None
    loss: str | None = None
    readout: bool = True

    @property
    def name(self) -> str:
        """The form in a few words, for the name of a test."""
        parts = (self.cell, self.direction, self.depth, self.attention, self.loss)
        return "-".join(str(part) for part in parts).replace(" ", "_")


def every_pair() -> list[Pair]:
    """Every kind of attention × three cells × direction of the encoder × depth, losses in turn;
    dot products only where a query and a key have one size."""
    losses = itertools.cycle((None, "squared_error", "cross_entropy", "binary_cross_entropy"))
    kinds = (None, *KINDS)
    forms = itertools.product(("elman", "lstm", "gru"), WAYS, (1, 2), kinds)
    return [Pair(*form, next(losses)) for form in forms
            if form[3] != "dot" or form[1] != "bidirectional sum"]  # fmt: skip


def network(pair: Pair, seed: int) -> EncoderDecoder:
    """An encoder–decoder of small sizes with random weights."""
    way, _, merge = pair.direction.partition(" ")
    cell = catalogue()[pair.cell]
    both = 2 if way == "bidirectional" else 1
    encoder, decoder, read, fed = [], [], 3, 2
    for _ in range(pair.depth):
        sizes = {"outputs": UNITS, "static": 2, "units": UNITS}
        encoder.append(LayerSpec(cell, {**sizes, "input": read}, {}, way, merge or "concat"))
        written = {**sizes, "units": both * UNITS, "outputs": both * UNITS, "input": fed}
        decoder.append(LayerSpec(cell, written))
        read, fed = Network([encoder[-1]]).outputs, both * UNITS
    attention = None if pair.attention is None else AttentionSpec(pair.attention, fed, read, 3)
    kinds = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
    readout = ReadoutSpec(2, kinds.get(pair.loss or "", "tanh")) if pair.readout else None
    made = EncoderDecoder(encoder, decoder, readout, attention)
    rng = np.random.default_rng(seed)
    made.assign({name: rng.uniform(-0.8, 0.8, array.shape)
                 for name, array in made.parameters().items()})  # fmt: skip
    return made


def problem(pair: Pair, seed: int, read: int = 3, written: int = 2) -> Problem:
    """Something to differentiate: `read` steps of the encoder, `written` of the decoder."""
    made = network(pair, seed)
    rng = np.random.default_rng([seed, 1])
    initial = [
        {way: {state: rng.uniform(-1, 1, direction.program.size(state))
               for state in direction.cell.state}
         for way, direction in layer.directions.items()}
        for layer in made.encoder.layers
    ]  # fmt: skip
    targets: list[Any] | None = None
    if pair.loss is not None:
        rows = np.eye(2)[rng.integers(0, 2, written)]
        targets = [None if row == 1 else list(target) for row, target in enumerate(rows)]
    return Problem(
        made, rng.uniform(-1, 1, (read, 3)), initial, None, targets, pair.loss,
        rng.uniform(-1, 1, (written, 2)),
    )  # fmt: skip
