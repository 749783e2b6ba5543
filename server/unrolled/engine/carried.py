"""What goes back through time in one direction: the gradients of many results at once.

One step back is linear, s'[t-1] ↦ Σ (ds/ds'[t-1])ᵀ · gradient of s[t] over all states s. These
one-step Jacobians are made for many steps together; where a state reaches another unit by unit
only (a memory cell and its forget gate) no matrix product is spent on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .cotangent import Cotangent
from .expressions import Name
from .one_step import one_step
from .pullback import Window
from .records import Run

Array = NDArray[Any]
WINDOW_BYTES = 8 * 1024 * 1024
"""What one matrix for each step of a window may take; about a dozen live while it is made."""
WINDOWS_KEPT = 8


class Seed(Protocol):
    """Gradients that enter at the direction's output, in its own order of steps."""

    @property
    def results(self) -> int:
        """How many results there are."""

    def last(self) -> int:
        """The last step at which something enters."""

    def active(self, step: int) -> int:
        """Results, from the first on, that anything has entered for at this step or later."""

    def enter(self, step: int, passed: Array | None, into: Array) -> None:
        """Add what enters at a step, through `passed` (entries, units of the output), to `into`
        (entries, active results); None where nothing passes."""


@dataclass(frozen=True)
class Units:
    """Every unit of the output at each of `steps` as a result; the later steps' come first.

    The columns of a step are empty before it, so what enters is copied, not added.
    """

    steps: range
    size: int

    @property
    def results(self) -> int:
        """How many results there are."""
        return len(self.steps) * self.size

    def last(self) -> int:
        """The last step at which something enters."""
        return self.steps[-1]

    def active(self, step: int) -> int:
        """Results that have entered."""
        return min(self.steps[-1] - step + 1, len(self.steps)) * self.size

    def enter(self, step: int, passed: Array | None, into: Array) -> None:
        """One step's units, each by itself."""
        if step in self.steps:
            stop = self.active(step)
            into[:, stop - self.size : stop] = 0 if passed is None else passed


@dataclass(frozen=True)
class Spread:
    """Gradients of the output at every step, (time, units, results)."""

    gradients: Array

    @property
    def results(self) -> int:
        """How many results there are."""
        return int(self.gradients.shape[2])

    def last(self) -> int:
        """The last step at which something enters."""
        return len(self.gradients) - 1

    def active(self, step: int) -> int:
        """All of them, at any step."""
        return self.results

    def enter(self, step: int, passed: Array | None, into: Array) -> None:
        """What is given at the step, passed on."""
        if passed is not None:
            into += passed @ self.gradients[step]


@dataclass(frozen=True)
class States:
    """Every entry of all states after `step` as a result; nothing enters at the output."""

    step: int
    results: int

    def last(self) -> int:
        """The step after which the states stand."""
        return self.step

    def active(self, step: int) -> int:
        """All of them."""
        return self.results

    def enter(self, step: int, passed: Array | None, into: Array) -> None:
        """Nothing enters."""


@dataclass
class _Link:
    """How one name is reached from all carried states, transposed: diagonals and matrices.

    `diagonals` are (rows of the state, (time, entries) or None for the identity), `products`
    (rows of neighbouring states, (time, entries, those rows)); `entering` is how it is reached
    from the output, (time, entries, units).
    """

    diagonals: list[tuple[slice, Array | None]] = field(default_factory=list)
    products: list[tuple[slice, Array]] = field(default_factory=list)
    entering: Array | None = None

    @property
    def same(self) -> slice | None:
        """The rows that are the name's own gradient but for what enters, if there are such."""
        if self.products or len(self.diagonals) != 1:
            return None
        rows, diagonal = self.diagonals[0]
        return rows if diagonal is None else None

    def entered(self, step: int) -> Array | None:
        """How the name is reached from the output at one step, (entries, units)."""
        return None if self.entering is None else self.entering[step]

    def pass_on(self, step: int, carried: Array, out: Array, scratch: Array) -> None:
        """out (entries, results) = what reaches the name from `carried` (states, results)."""
        target = out
        for rows, matrix in self.products:
            np.matmul(matrix[step], carried[rows], target)
            target = _added(out, target, scratch)
        for rows, diagonal in self.diagonals:
            if diagonal is None:
                np.copyto(target, carried[rows])
            else:
                np.multiply(diagonal[step][:, None], carried[rows], target)
            target = _added(out, target, scratch)
        if target is out:
            out[...] = 0


def _added(out: Array, target: Array, scratch: Array) -> Array:
    """The first term stands in `out`; each next one comes through `scratch`."""
    if target is not out:
        out += target
    return scratch


class Links:
    """The links of a run's states among themselves and to one wanted name, window by window."""

    def __init__(self, run: Run, output: str, wanted: Name) -> None:
        program = run.program
        self.states: dict[str, slice] = {}
        start = 0
        for state in program.layout.states:
            self.states[state] = slice(start, start + program.size(state))
            start += program.size(state)
        self.total = start
        self.wanted = wanted
        self.width = program.size(wanted.id)
        self._run, self._output = run, output
        square = max(start, program.size(output), self.width) ** 2
        each = max(1, WINDOW_BYTES // (square * run.record.itemsize))
        steps = run.space.steps
        self.windows = [range(n, min(n + each, steps)) for n in range(0, steps, each)]
        self._kept: dict[range, dict[Name, _Link]] = {}

    def at(self, steps: range) -> dict[Name, _Link]:
        """The links of one window; those of the last few are kept."""
        found = self._kept.pop(steps, None)
        if found is None:
            found = self._made(Window(self._run, steps.start, steps.stop))
        self._kept[steps] = found
        if len(self._kept) > WINDOWS_KEPT:
            del self._kept[next(iter(self._kept))]
        return found

    def _made(self, window: Window) -> dict[Name, _Link]:
        before = [Name(state, previous=True) for state in self.states]
        leaves = {*before, self.wanted}
        found = {state: one_step(window, state, leaves) for state in self.states}
        output = one_step(window, self._output, leaves)
        return {leaf: self._link(leaf, found, output) for leaf in leaves}

    def _link(
        self, leaf: Name, found: Mapping[str, Mapping[Name, Cotangent]],
        output: Mapping[Name, Cotangent],
    ) -> _Link:  # fmt: skip
        link = _Link()
        if leaf in output:
            link.entering = output[leaf].dense()
        run: list[tuple[slice, Array]] = []
        for state, rows in self.states.items():
            reached = found[state].get(leaf)
            if reached is None:
                continue
            if reached.diagonal is not None:
                plain = bool((reached.diagonal == 1).all())
                link.diagonals.append((rows, None if plain else reached.diagonal))
            if reached.full is not None:
                run.append((rows, reached.full))
        link.products = list(_joined(run))
        return link


def _joined(parts: Sequence[tuple[slice, Array]]) -> Iterator[tuple[slice, Array]]:
    """Matrices of neighbouring rows side by side: one product for all of them."""
    start = 0
    while start < len(parts):
        stop = start + 1
        while stop < len(parts) and parts[stop][0].start == parts[stop - 1][0].stop:
            stop += 1
        rows = slice(parts[start][0].start, parts[stop - 1][0].stop)
        yield rows, np.concatenate([matrix for _, matrix in parts[start:stop]], axis=2)
        start = stop


class Descent:
    """One way back through time: from the steps at which a seed enters, or from gradients of all
    states after a step that are there already."""

    def __init__(self, links: Links, seed: Seed, dtype: Any) -> None:
        self._links, self._seed = links, seed
        self.carried = np.zeros((links.total, seed.results), dtype)
        """Gradients of all states before the step that was last taken, (states, results)."""
        self._after = np.zeros_like(self.carried)
        self._wanted = np.empty((links.width, seed.results), dtype)
        self._scratch = np.empty((max(links.total, links.width), seed.results), dtype)

    def steps(self, stop: int = 0) -> Iterator[tuple[int, Array]]:
        """(step, gradient of the wanted name (entries, active results)), from the seed's last step
        down to `stop`. The array is used again for the next step."""
        last = self._seed.last()
        for window in reversed(self._links.windows):
            if window.start <= last and window.stop > stop:
                found = self._links.at(window)
                steps = range(max(window.start, stop), min(window.stop, last + 1))
                yield from self._through(found, window, steps)

    def _through(
        self, found: Mapping[Name, _Link], window: range, steps: range
    ) -> Iterator[tuple[int, Array]]:
        seed, scratch = self._seed, self._scratch
        last, same = found[self._links.wanted], found[self._links.wanted].same
        jobs = [(found[Name(s, previous=True)], rows) for s, rows in self._links.states.items()]
        for step in reversed(steps):
            own, active = step - window.start, seed.active(step)
            now = self.carried[:, :active]
            for link, rows in jobs:
                out = self._after[rows, :active]
                link.pass_on(own, now, out, scratch[: len(out), :active])
                seed.enter(step, link.entered(own), out)
            # Read for the last time, so that what enters here may stand in the same place.
            out = self._wanted[:, :active] if same is None else now[same]
            if same is None:
                last.pass_on(own, now, out, scratch[: len(out), :active])
            seed.enter(step, last.entered(own), out)
            self.carried, self._after = self._after, self.carried
            yield step, out
