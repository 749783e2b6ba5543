"""Training: one update at a time, to be watched, paused, stopped, and taken up again exactly.

An update takes the next minibatch, whose loss is the mean over its examples of each example's
loss (summed over units and steps), clips the gradient of all parameters together, and moves the
network's own parameters. With `truncate`, gradients reach back within stretches of so many steps
only; there is one update for the whole sequence all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .clipping import Clip, norm, positive
from .encoder_decoder import EncoderDecoder
from .errors import EngineError
from .examples import Examples
from .goal import natural_loss
from .groups import Group
from .layers import States
from .network import Network
from .optimisers import OPTIMISERS, chosen
from .packing import Packing, parameter_gradients
from .stretches import stretched

Array = NDArray[Any]
VERSION = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What an update found, `update` counted from 1: the minibatch's loss before the update, the
    norm of its gradient before and after clipping, how many examples and in which epoch (from 0).
    """

    update: int
    loss: float
    gradient_norm: float
    clipped_norm: float
    examples: int
    epoch: int

    def document(self) -> dict[str, float]:
        """The report as it goes over the wire."""
        return {"update": self.update, "loss": self.loss, "gradient_norm": self.gradient_norm,
                "clipped_norm": self.clipped_norm}  # fmt: skip


class Trainer:
    """Trains `network` in place on examples ``{"inputs": rows, "targets": rows}``.

    An encoder–decoder's may have ``decoder_inputs``; without, the decoder is fed zeros and then
    each target before (teacher forcing: Williams & Zipser 1989). A language model's may be
    ``{"tokens": numbers}``; see `tokens.shifted`.

    Args:
        examples: inputs (time, entries), of any lengths; targets as a scene has them: a row, a
            class or None for each row of outputs.
        optimiser: a name of `optimisers.OPTIMISERS`, or ``{"name": "adam", "beta1": 0.8}``.
        rate: how far an update goes, positive.
        batch: examples of an update, None for all; batches are drawn from a shuffled epoch.
        clip: None, ``{"norm": 1}`` or ``{"value": 1}``.
        truncate: steps that a gradient reaches back at most in one stretch, None for all.
        seed: of the shuffling.
        loss: None for the one that belongs to the readout.
        initial: states before the first step, of every example; see `network.Network.forward`.
        static: the vector ``v`` of every example that has no ``static`` of its own.

    Raises:
        EngineError: names the argument.
    """

    def __init__(
        self, network: Network | EncoderDecoder, examples: Sequence[Any], *, optimiser: Any = "sgd",
        rate: float = 0.1, batch: int | None = None, clip: Mapping[str, float] | None = None,
        truncate: int | None = None, seed: int = 0, loss: str | None = None,
        initial: Sequence[States] = (), static: ArrayLike | None = None,
    ) -> None:  # fmt: skip
        self.network = network
        self.loss = natural_loss(network) if loss is None else loss
        self.optimiser, self._options = chosen(optimiser)
        self.rate = positive(rate, "rate")
        self.batch = _whole(batch, "batch", 1)
        self.clip = Clip.of(clip)
        self.truncate = truncate
        self.seed = _whole(seed, "seed", 0) or 0
        self._examples = Examples(network, examples, self.loss)
        # A network, whole or in stretches, or an encoder–decoder: each takes the runs it makes.
        self._reader: Any = network if truncate is None else stretched(network, truncate)
        self._initial = initial
        self._static = None if static is None else np.asarray(static, network.dtype)
        self._packing = Packing(network)
        if not self._packing.size:
            raise EngineError("network", "parameters to train", "none")
        self._slots = {name: np.zeros(self._packing.size, network.dtype)
                       for name in OPTIMISERS[self.optimiser].slots}  # fmt: skip
        self.updates = 0
        self._halted = threading.Event()
        self._stopped = threading.Event()

    def update(self) -> Report:
        """One update, also while paused.

        Raises:
            EngineError: the training was stopped.
        """
        if self.stopped:
            raise EngineError("training", "one that goes on", "one that was stopped")
        numbers = self._examples.batch(self.updates, self.batch, self.seed)
        with np.errstate(all="ignore"):
            loss, gradient = self._gradient(numbers)
            clipped = gradient if self.clip is None else self.clip(gradient)
            self._move(clipped)
            norms = float(norm(gradient)), float(norm(clipped))
        epoch = self.updates // self._examples.updates_per_epoch(self.batch)
        self.updates += 1
        return Report(self.updates, loss, *norms, len(numbers), epoch)

    def run(self, updates: int) -> Iterator[Report]:
        """Up to so many updates, a report after each; ends early where paused or stopped."""
        for _ in range(updates):
            if self.paused or self.stopped:
                return
            yield self.update()

    def pause(self) -> None:
        """Let a `run` end after the update at hand; may be called from another thread."""
        self._halted.set()

    def resume(self) -> None:
        """Let `run` go on when it is called next."""
        self._halted.clear()

    def stop(self) -> None:
        """End the training for good; its `state` stays and another may go on from it."""
        self._stopped.set()

    @property
    def paused(self) -> bool:
        """Whether `pause` was called since the last `resume`."""
        return self._halted.is_set()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def state(self) -> dict[str, Any]:
        """All that `from_state` needs: plain values, and arrays by address, copies of their own.

        With the arrays as lists it is JSON, and loses nothing.
        """
        return {
            "version": VERSION,
            "settings": {
                "optimiser": {"name": self.optimiser, **self._options}, "rate": self.rate,
                "batch": self.batch, "clip": None if self.clip is None else self.clip.document(),
                "truncate": self.truncate, "seed": self.seed, "loss": self.loss,
            },
            "updates": self.updates,
            "examples": self._examples.digest(),
            "parameters": {name: np.array(a) for name, a in self.network.parameters().items()},
            "slots": {name: self._packing.unpack(slot.copy())
                      for name, slot in self._slots.items()},
        }  # fmt: skip

    @classmethod
    def from_state(
        cls, network: Network | EncoderDecoder, examples: Sequence[Any],
        state: Mapping[str, Any], *, initial: Sequence[States] = (),
        static: ArrayLike | None = None,
    ) -> Trainer:  # fmt: skip
        """The training that goes on from a state, in a network of the same form.

        Raises:
            EngineError: the state is another version's, another network's or of other examples.
        """
        if state.get("version") != VERSION:
            raise EngineError("version", str(VERSION), repr(state.get("version"))[:60])
        made = cls(network, examples, **state["settings"], initial=initial, static=static)
        if made._examples.digest() != state["examples"]:
            raise EngineError("examples", "those the training began with", "others")
        if set(state["slots"]) != set(made._slots):
            raise EngineError("slots", ", ".join(made._slots) or "none", ", ".join(state["slots"]))
        parameters = made._packing.pack(state["parameters"], network.dtype)
        for name, slot in made._slots.items():
            slot[:] = made._packing.pack(state["slots"][name], network.dtype)
        network.assign(made._packing.unpack(parameters))
        made.updates = _whole(state["updates"], "updates", 0) or 0
        return made

    def _gradient(self, numbers: Sequence[int]) -> tuple[float, Array]:
        """Loss and gradient of a minibatch, the mean over its examples."""
        total, gradient = 0.0, np.zeros(self._packing.size, self.network.dtype)
        for group in self._examples.groups(numbers):
            initial, static = _spread(self._initial, self._static, group)
            run = self._reader.forward(group.inputs, initial, static, **group.further)
            total += float(group.goal.value(run).sum())
            slopes, of_z = group.goal.start(run)
            found = self._reader.backward(run, slopes / len(numbers), of_z=of_z)
            gradient += self._packing.pack(parameter_gradients(found))
        return total / len(numbers), gradient

    def _move(self, gradient: Array) -> None:
        row = OPTIMISERS[self.optimiser]
        parameters = self._packing.pack(self.network.parameters())
        row.rule(parameters, gradient, self.rate, self.updates + 1, self._slots, self._options)
        self.network.assign(self._packing.unpack(parameters))


def _spread(
    initial: Sequence[States], static: Array | None, group: Group
) -> tuple[Sequence[States], Array | None]:
    """Initial states and static vector for every example of a group."""
    if group.inputs.ndim == 2:
        return initial, static if group.static is None else group.static
    states = [
        {direction: {name: value[:, None] for name, value in held.items()}
         for direction, held in layer.items()}
        for layer in initial
    ]  # fmt: skip
    if group.static is not None:
        return states, group.static
    return states, None if static is None else static[:, None]


def _whole(value: Any, field: str, least: int) -> int | None:
    if value is None and least:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise EngineError(field, f"a whole number of at least {least}", repr(value)[:60])
    return value
