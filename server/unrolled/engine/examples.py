"""Training examples: sequences with what is wanted of them, checked, shuffled, put into batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .goal import Goal, loss_of, stacked
from .network import Network
from .tokens import shifted

Array = NDArray[Any]


@dataclass(frozen=True)
class Example:
    """Inputs (time, entries) and the goal of the sequence."""

    inputs: Array
    goal: Goal

    @property
    def steps(self) -> int:
        """Timesteps."""
        return len(self.inputs)

    def whole(self) -> Example:
        """The example itself."""
        return self

    def content(self) -> Iterator[Array]:
        """The arrays that it is known by."""
        return iter((self.inputs, self.goal.dense, self.goal.counts))


@dataclass(frozen=True)
class Sentence:
    """An example of a language model: tokens by number, made into rows when they are needed."""

    tokens: Array
    network: Network
    loss: str

    @property
    def steps(self) -> int:
        """Timesteps."""
        return len(self.tokens)

    def whole(self) -> Example:
        """The example with its rows: the token before as input, the token that comes as target."""
        inputs = shifted(self.tokens.tolist(), self.network.outputs, self.network.dtype)
        return Example(inputs, Goal.of(self.network, self.loss, self.tokens.tolist()))

    def content(self) -> Iterator[Array]:
        """The tokens."""
        return iter((self.tokens,))


@dataclass(frozen=True)
class Group:
    """Examples of one length side by side: inputs (time, entries[, batch]).

    A single example has no batch axis.
    """

    inputs: Array
    goal: Goal
    size: int


class Examples:
    """The examples of a training and the order in which an epoch takes them."""

    def __init__(self, network: Network, documents: Sequence[Any], loss: str) -> None:
        if not documents:
            raise EngineError("examples", "at least one example", "none")
        self._held = [
            _read(network, document, loss, f"examples[{number}]")
            for number, document in enumerate(documents)
        ]
        self._order: tuple[tuple[int, int], Array] | None = None

    def __len__(self) -> int:
        return len(self._held)

    def batch(self, update: int, size: int | None, seed: int) -> list[int]:
        """The examples of an update, counted from 0.

        All in their own order without a size; else the next `size` of the epoch, which is
        shuffled by its own stream of (seed, epoch). The last batch of an epoch may be smaller.
        """
        if size is None:
            return list(range(len(self)))
        epoch, place = divmod(update, self.updates_per_epoch(size))
        return [int(n) for n in self._shuffled(seed, epoch)[place * size : (place + 1) * size]]

    def updates_per_epoch(self, size: int | None) -> int:
        """How many updates see every example once."""
        return 1 if size is None else -(-len(self) // size)

    def groups(self, numbers: Sequence[int]) -> Iterator[Group]:
        """The examples by length, so that nothing is padded; the order of first appearance."""
        by_length: dict[int, list[Example]] = {}
        for number in numbers:
            example = self._held[number]
            by_length.setdefault(example.steps, []).append(example.whole())
        for each in by_length.values():
            if len(each) == 1:
                yield Group(each[0].inputs, each[0].goal, 1)
            else:
                inputs = np.stack([example.inputs for example in each], axis=-1)
                yield Group(inputs, stacked([example.goal for example in each]), len(each))

    def digest(self) -> str:
        """A mark of the examples' content: a training goes on with its own only."""
        found = hashlib.sha256()
        for example in self._held:
            for array in example.content():
                found.update(f"{array.shape}".encode() + array.tobytes())
        return found.hexdigest()

    def _shuffled(self, seed: int, epoch: int) -> Array:
        if self._order is None or self._order[0] != (seed, epoch):
            order = np.random.default_rng([seed, epoch]).permutation(len(self))
            self._order = ((seed, epoch), order)
        return self._order[1]


def _read(network: Network, document: Any, loss: str, field: str) -> Example | Sentence:
    if isinstance(document, Mapping) and "tokens" in document:
        return _sentence(network, document["tokens"], loss, f"{field}.tokens")
    if not isinstance(document, Mapping) or not {"inputs", "targets"} <= set(document):
        raise EngineError(field, "inputs and targets, or tokens", type(document).__name__)
    inputs = _rows(document["inputs"], network, f"{field}.inputs")
    rows = len(inputs) if network.pool is None else 1
    targets = document["targets"]
    count = len(targets) if isinstance(targets, Sequence | np.ndarray) else None
    if count != rows:
        raise EngineError(f"{field}.targets", f"{rows} rows, one for each output", str(count))
    try:
        goal = Goal.of(network, loss, targets)
    except EngineError as error:
        where = error.field if error.field == "loss" else f"{field}.{error.field}"
        raise EngineError(where, error.expected, error.got) from None
    if not np.isfinite(goal.dense).all():
        raise EngineError(f"{field}.targets", "finite numbers", "others")
    return Example(inputs, goal)


def _sentence(network: Network, tokens: Any, loss: str, field: str) -> Sentence:
    """Tokens for a network whose outputs can be its inputs."""
    if loss_of(network, loss).activation != "softmax" or network.pool is not None:
        raise EngineError(field, "none, but inputs and targets: the network foretells no tokens",
                          "tokens")  # fmt: skip
    entries = network.stack.layers[0].spec.dimensions["input"]
    if entries != network.outputs:
        raise EngineError(field, f"none, the network reads {entries} entries and writes "
                          f"{network.outputs}", "tokens")  # fmt: skip
    try:
        held = np.array(tokens)
    except ValueError:
        raise EngineError(field, "whole numbers", "others") from None
    if held.dtype.kind not in "iu" or held.ndim != 1:
        raise EngineError(field, "whole numbers, at least one", "others")
    if held.min() < 0 or held.max() >= entries:
        raise EngineError(field, f"tokens from 0 to {entries - 1}", "others")
    return Sentence(held, network, loss)


def _rows(rows: Any, network: Network, field: str) -> Array:
    width = network.stack.layers[0].spec.dimensions["input"]
    try:
        inputs = np.array(rows, network.dtype)
    except (TypeError, ValueError):
        raise EngineError(field, f"rows of {width} numbers", "others") from None
    if inputs.ndim != 2 or inputs.shape[1] != width or len(inputs) < 1:
        raise EngineError(field, f"rows of {width} numbers", f"shape {inputs.shape}")
    if not np.isfinite(inputs).all():
        raise EngineError(field, "finite numbers", "others")
    return inputs
