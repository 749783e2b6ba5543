"""Sampling: a network writes by itself, each drawn token its next input.

The first input is zeros; what follows is the one-hot of the token just drawn, until the token that
ends a sentence comes (Graves 2013, "Generating Sequences With Recurrent Neural Networks", eq. 1–3).
A step costs the same however much was written before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .goal import activation
from .layers import States
from .network import Network
from .stepper import Stepper

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Draw:
    """One step: the token, what it was drawn from (outputs,), and the network's own probability
    of it, which the temperature does not touch."""

    token: int
    distribution: Array
    probability: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written; `ended` by the end token, which is then the last, or after all steps."""

    draws: Sequence[Draw]
    ended: Literal["eos", "steps"]

    @property
    def tokens(self) -> list[int]:
        """The tokens drawn."""
        return [draw.token for draw in self.draws]

    @property
    def distributions(self) -> Array:
        """What each was drawn from, (steps, outputs)."""
        return np.stack([draw.distribution for draw in self.draws])

    @property
    def probabilities(self) -> Array:
        """The network's own probability of each, (steps,)."""
        return np.array([draw.probability for draw in self.draws])


def tempered(z: Array, temperature: float) -> Array:
    """softmax(z / temperature), (outputs,); at 0 its limit, all on the first of the largest."""
    if temperature == 0:
        found = np.zeros_like(z)
        found[np.argmax(z)] = 1
        return found
    with np.errstate(all="ignore"):
        # What is taken away first cannot overflow, however low the temperature.
        weights = np.exp((z - z.max()) / temperature)
        return np.asarray(weights / weights.sum())


def drawn(distribution: Array, share: float) -> int:
    """The token at which the probabilities, added up, pass `share` of their sum (0 ≤ share < 1)."""
    sums = np.cumsum(distribution)
    place = int(np.searchsorted(sums, share * sums[-1], side="right"))
    return min(place, int(np.flatnonzero(distribution)[-1]))


def draws(
    network: Network, *, temperature: float = 1.0, seed: int = 0,
    initial: Sequence[States] = (), static: Array | None = None,
) -> Iterator[Draw]:  # fmt: skip
    """Token after token, without end.

    Raises:
        EngineError: no softmax readout as wide as the inputs, a network that pools or reads
            backward, a temperature below 0, or outputs that are no numbers.
    """
    check(network)
    if not isfinite(temperature) or temperature < 0:
        raise EngineError("temperature", "a number of at least 0", f"{temperature}")
    return _draws(Stepper(network, initial, static), network, temperature, seed)


def sample(
    network: Network, steps: int, *, temperature: float = 1.0, seed: int = 0,
    eos: int | None = None, initial: Sequence[States] = (), static: Array | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Sample:  # fmt: skip
    """Up to so many steps, fewer where the token `eos` comes or nobody wants more.

    Args:
        temperature: what the readout's z is divided by; 0 always takes the likeliest.
        seed: of the draws.
        initial: states before the first step; see `network.Network.forward`.
        static: the vector ``v``.

    Raises:
        EngineError: see `draws`; or an end token that is no output.
    """
    if eos is not None and not 0 <= eos < network.outputs:
        raise EngineError("eos", f"null or a token below {network.outputs}", str(eos))
    written: list[Draw] = []
    endless = draws(network, temperature=temperature, seed=seed, initial=initial, static=static)
    for _, draw in zip(range(steps), endless, strict=False):
        written.append(draw)
        if draw.token == eos:
            return Sample(written, "eos")
        if not wanted():
            break
    return Sample(written, "steps")


def check(network: Network) -> None:
    """Refuse a network whose outputs cannot be its next inputs; raises `EngineError`."""
    entries = network.stack.layers[0].spec.dimensions["input"]
    if network.pool is not None:
        raise EngineError("network.shape", "an answer at every step", "one for the whole sequence")
    if activation(network) != "softmax":
        got = activation(network)
        raise EngineError("network.readout", "a softmax readout to draw from", got or "none")
    if network.outputs != entries:
        raise EngineError(
            "network.readout.outputs", f"{entries}, one for each entry of an input",
            str(network.outputs),
        )  # fmt: skip


def _draws(stepper: Stepper, network: Network, temperature: float, seed: int) -> Iterator[Draw]:
    random = np.random.default_rng(seed)
    row = np.zeros(network.outputs, network.dtype)
    for step in range(2**63):
        stepper.step(row)
        readout = stepper.frame(step).readout
        assert readout is not None
        distribution = tempered(readout["z"], temperature)
        if not np.isfinite(distribution).all() or not np.isfinite(readout["z"]).all():
            raise EngineError("network", "finite outputs to draw from", f"others at t = {step}")
        token = drawn(distribution, random.random())
        yield Draw(token, distribution, float(readout["y"][token]))
        row = np.zeros_like(row)
        row[token] = 1
