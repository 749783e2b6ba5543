"""From one value of a network down to another: what goes back through layers and through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .addresses import Address
from .carried import Descent, Links, Seed, Spread, Units
from .expressions import Name
from .layers import Direction
from .network import Network, NetworkRun
from .records import Run

Array = NDArray[Any]
BLOCK_BYTES = 4 * 1024 * 1024
"""What the gradients of one block of results may take."""


class Way:
    """From one value down to another through a network that has run."""

    def __init__(self, network: Network, run: NetworkRun, top: Address, low: Address) -> None:
        self._network, self._run, self._top, self._low = network, run, top, low
        self._homes: dict[str, Direction] = dict(network.directions())
        self._made: dict[tuple[str, str, Name], Links] = {}
        self.rows, self.columns = self._steps(top), self._steps(low)
        self.size = self._size(top)
        self.reversed = self._homes[top.part].reversed

    def blocks(self) -> Iterator[tuple[list[int], int, Array]]:
        """(steps t, latest first, step k, Jacobians (entries, steps t, units)), all pairs.

        Steps are the sequence's; only the first of `t` are there where the others come too late.
        """
        if not self.reached().any():
            return
        home, size = self._homes[self._top.part], self.size
        each = max(1, BLOCK_BYTES // (size * self._bytes()))
        for start in range(0, self.rows, each):
            own = range(start, min(start + each, self.rows))
            steps = [self._turned(home, step, self.rows) for step in reversed(own)]
            for k, found in self._descend(Units(own, size)):
                yield steps, k, found.reshape(len(found), -1, size)

    def links(self) -> Links | None:
        """How the one value is reached from the other where both stand in one direction."""
        if self._top.part != self._low.part or self._top.layer is None:
            return None
        return self._links(self._top.part, self._top.name, Name(self._low.name))

    def reached(self) -> Array:
        """Which k (columns) can reach which t (rows)."""
        return reach(self._network, self._top, self._low, (self.rows, self.columns))

    def _descend(self, seed: Seed) -> Iterator[tuple[int, Array]]:
        """(k, gradients of the lower value) for results at the upper one."""
        top, low = self._top, self._low
        if top.part == low.part:
            yield from self._down(top.part, seed, top.name, Name(low.name))
            return
        number, ends = self._level(top) - 1, None
        below = self._inputs(top.part, seed, top.name)
        if top.layer is None:
            below, ends = self._network.spread(below, len(self._run.stack.output))
        while number > self._level(low):
            seeds = self._seeds(number, below, ends)
            number, ends = number - 1, None
            parts = [self._inputs(part, each, self._output(part)) for part, each in seeds]
            below = parts[0] if len(parts) == 1 else parts[0] + parts[1]
        seed = dict(self._seeds(number, below, ends))[low.part]
        yield from self._down(low.part, seed, self._output(low.part), Name(low.name))

    def _down(self, part: str, seed: Seed, name: str, wanted: Name) -> Iterator[tuple[int, Array]]:
        """One direction from its value `name` to `wanted`, steps as the sequence counts them."""
        home = self._homes[part]
        links = self._links(part, name, wanted)
        for step, found in Descent(links, seed, self._network.dtype).steps():
            yield self._turned(home, step, self._steps_of(part)), found

    def _inputs(self, part: str, seed: Seed, name: str) -> Array:
        """Gradients of a direction's inputs, (time, entries, results)."""
        size = self._homes[part].program.size("x")
        whole = np.zeros((self._steps_of(part), size, seed.results), self._network.dtype)
        for step, found in self._down(part, seed, name, Name("x")):
            whole[step, :, : found.shape[1]] = found
        return whole

    def _seeds(
        self, number: int, below: Array, ends: Mapping[str, Array] | None
    ) -> Iterator[tuple[str, Seed]]:
        """What enters each direction of a layer, from the gradients of its merged output."""
        layer = self._network.stack.layers[number]
        for (name, home), part in zip(layer.directions.items(), layer.split(below), strict=True):
            given = home.ordered(part)
            if ends:
                given = given.copy()
                given[-1] += ends[name]
            yield f"layers.{number}.{name}", Spread(given)

    def _links(self, part: str, name: str, wanted: Name) -> Links:
        key = part, name, wanted
        if key not in self._made:
            self._made[key] = Links(record(self._run, part), name, wanted)
        return self._made[key]

    def _steps(self, place: Address) -> int:
        return self._steps_of(place.part)

    def _steps_of(self, part: str) -> int:
        return record(self._run, part).space.steps

    def _turned(self, home: Direction, step: int, steps: int) -> int:
        """A direction's own step as the sequence's, or back."""
        return steps - 1 - step if home.reversed else step

    def _output(self, part: str) -> str:
        return self._homes[part].cell.output

    def _size(self, place: Address) -> int:
        return self._homes[place.part].program.size(place.name)

    def _level(self, place: Address) -> int:
        """The layer's number; the readout stands above all."""
        return len(self._network.stack.layers) if place.layer is None else place.layer

    def _bytes(self) -> int:
        """What one result takes: carried gradients, and those of every layer's input between."""
        between = range(self._level(self._low) + 1, self._level(self._top) + 1)
        layers = self._network.stack.layers
        wide = sum(2 * layers[number - 1].outputs for number in between)
        states = (sum(map(home.program.size, home.cell.state)) for home in self._homes.values())
        held = 3 * max(states) + self._size(self._low)
        steps = self._run.stack.output.shape[0]
        return int((wide * steps + held) * self._network.dtype.itemsize)


def record(run: NetworkRun, part: str) -> Run:
    """What one part recorded: a direction, ``layers.0.forward``, or the readout."""
    if part == "readout":
        assert run.readout is not None
        return run.readout
    _, number, direction = part.split(".")
    return run.stack.runs[int(number)][direction]


def reach(network: Network, top: Address, low: Address, shape: tuple[int, int]) -> Array:
    """Which steps of `low` (columns) can reach which of `top` (rows): in the order of reading, at
    all steps where a direction on the way reads the other way round."""
    t, k = np.ogrid[: shape[0], : shape[1]]
    every = np.ones(shape, bool)
    if top.part == low.part == "readout":
        return np.asarray((t == k) & every)
    layers = network.stack.layers
    high = len(layers) if top.layer is None else top.layer
    base = len(layers) if low.layer is None else low.layer
    if base > high or (base == high and top.part != low.part):
        return ~every
    if top.layer is None and network.pool:
        return every
    ways = {place.part.split(".")[-1] for place in (top, low) if place.layer is not None}
    ways = ways.union(*(layer.directions for layer in layers[base + 1 : high]))
    if len(ways) == 2:
        return every
    return np.asarray(k >= t if ways == {"backward"} else k <= t)
