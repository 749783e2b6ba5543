"""Training examples: sequences with what is wanted of them, checked, shuffled, put into batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoder_decoder import EncoderDecoder
from .errors import EngineError
from .goal import Goal, loss_of
from .groups import Example, Group, groups
from .network import Model, Network
from .tokens import shifted

Array = NDArray[Any]


@dataclass(frozen=True)
class Sentence:
    """An example of a language model: tokens by number, made into rows when they are needed."""

    tokens: Array
    network: Model
    loss: str

    def whole(self) -> Example:
        """The example with its rows: the token before as input, the token that comes as target."""
        inputs = shifted(self.tokens.tolist(), self.network.outputs, self.network.dtype)
        return Example(inputs, Goal.of(self.network, self.loss, self.tokens.tolist()))


class Examples:
    """The examples of a training and the order in which an epoch takes them."""

    def __init__(
        self, network: Network | EncoderDecoder, documents: Sequence[Any], loss: str
    ) -> None:
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
        """The examples of these numbers, side by side where they can be."""
        held = (self._held[number] for number in numbers)
        whole = [each.whole() if isinstance(each, Sentence) else each for each in held]
        return groups(whole)

    def digest(self) -> str:
        """A mark of the examples' content: a training goes on with its own only."""
        found = hashlib.sha256()
        for example in self._held:
            for array in _content(example):
                found.update(f"{array.shape}".encode() + array.tobytes())
        return found.hexdigest()

    def _shuffled(self, seed: int, epoch: int) -> Array:
        if self._order is None or self._order[0] != (seed, epoch):
            order = np.random.default_rng([seed, epoch]).permutation(len(self))
            self._order = ((seed, epoch), order)
        return self._order[1]


def _content(example: Example | Sentence) -> Iterator[Array]:
    """The arrays that an example is known by."""
    if isinstance(example, Sentence):
        return iter((example.tokens,))
    own = (example.inputs, example.goal.dense, example.goal.counts)
    return iter((*own, *(each for each in (example.fed, example.static) if each is not None)))


def _read(
    network: Network | EncoderDecoder, document: Any, loss: str, field: str
) -> Example | Sentence:
    if isinstance(document, Mapping) and "tokens" in document:
        return _sentence(network, document["tokens"], loss, f"{field}.tokens")
    if not isinstance(document, Mapping) or not {"inputs", "targets"} <= set(document):
        raise EngineError(field, "inputs and targets, or tokens", type(document).__name__)
    width = network.entrance[1].layers[0].spec.dimensions["input"]
    inputs = _rows(document["inputs"], width, network.dtype, f"{field}.inputs")
    static = _static(network, document.get("static"), f"{field}.static")
    given, targets = document.get("decoder_inputs"), document["targets"]
    if isinstance(network, EncoderDecoder):
        return replace(_translated(network, inputs, targets, given, loss, field), static=static)
    if given is not None:
        raise EngineError(f"{field}.decoder_inputs", "nothing, there is no decoder", "rows")
    rows = len(inputs) if network.pool is None else 1
    return Example(inputs, _goal(network, targets, loss, field, rows), static=static)


def _static(network: Model, given: Any, field: str) -> Array | None:
    """The example's own vector ``v``, None for that of all."""
    if given is None:
        return None
    stacks = [layer.spec.dimensions for each in network.stacks.values() for layer in each.layers]
    width = next((sizes["static"] for sizes in stacks if "static" in sizes), None)
    if width is None:
        raise EngineError(field, "nothing, no cell reads v", "a vector")
    return np.array(_rows([given], width, network.dtype, field)[0])


def _translated(
    network: EncoderDecoder, inputs: Array, targets: Any, given: Any, loss: str, field: str
) -> Example:
    """An example of a decoder: fed the given rows, else zeros and then each target before."""
    rows = None if given is None else len(given)
    goal = _goal(network, targets, loss, field, rows)
    where = f"{field}.decoder_inputs"
    if given is not None:
        return Example(inputs, goal, _rows(given, network.fed, network.dtype, where))
    if network.fed != network.outputs:
        raise EngineError(where, f"rows of {network.fed} numbers, targets have {network.outputs}",
                          "nothing")  # fmt: skip
    return Example(inputs, goal, np.concatenate([np.zeros_like(goal.dense[:1]), goal.dense[:-1]]))


def _goal(network: Model, targets: Any, loss: str, field: str, rows: int | None) -> Goal:
    """What is wanted, in so many rows of outputs; one at least where nothing says how many."""
    count = len(targets) if isinstance(targets, Sequence | np.ndarray) else None
    if not count or (rows is not None and count != rows):
        wanted = "one row at least" if rows is None else f"{rows} rows, one for each output"
        raise EngineError(f"{field}.targets", wanted, str(count))
    try:
        goal = Goal.of(network, loss, targets)
    except EngineError as error:
        where = error.field if error.field == "loss" else f"{field}.{error.field}"
        raise EngineError(where, error.expected, error.got) from None
    if not np.isfinite(goal.dense).all():
        raise EngineError(f"{field}.targets", "finite numbers", "others")
    return goal


def _sentence(network: Model, tokens: Any, loss: str, field: str) -> Sentence:
    """Tokens for a network whose outputs can be its inputs."""
    foretells = isinstance(network, Network) and network.pool is None
    if not foretells or loss_of(network, loss).activation != "softmax":
        raise EngineError(field, "none, but inputs and targets: the network foretells no tokens",
                          "tokens")  # fmt: skip
    entries = network.entrance[1].layers[0].spec.dimensions["input"]
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


def _rows(rows: Any, width: int, dtype: Any, field: str) -> Array:
    try:
        inputs = np.array(rows, dtype)
    except (TypeError, ValueError):
        raise EngineError(field, f"rows of {width} numbers", "others") from None
    if inputs.ndim != 2 or inputs.shape[1] != width or len(inputs) < 1:
        raise EngineError(field, f"rows of {width} numbers", f"shape {inputs.shape}")
    if not np.isfinite(inputs).all():
        raise EngineError(field, "finite numbers", "others")
    return inputs
