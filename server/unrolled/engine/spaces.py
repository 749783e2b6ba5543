"""Memory of a run, and the views into it that the instructions work on.

Making a view costs as much as a small instruction, so views are made once for each space and
kept with it. A space whose arrays nobody outside looks at any more is used again by the next run
of the same shape: CPython's reference counts tell, since every view refers to the array it is of.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref

Array = NDArray[Any]
Key = tuple[Ref, int, int, bool | str]

LISTED_BELOW = 512
"""Bytes of a value at one timestep below which a view for each step is kept: larger ones take
longer to compute than to look up, and the views would be a fifth of the memory."""
LISTED_STEPS = 1024
"""The most timesteps for which they are kept."""


class Space:
    """Arrays by buffer — (time, rows[, batch]) — and views into them.

    ``now`` and ``next`` are both the record, one step apart. `executor` has what was bound to the
    arrays; `companion` is the space of the gradients. `value_bytes`: of an average value at one
    timestep.
    """

    def __init__(
        self, steps: int, batch: int | None, arrays: dict[str, Array], value_bytes: float = 0
    ) -> None:
        self.steps = steps
        self.batch = batch
        self.arrays = arrays
        self.own_bytes = sum(array.nbytes for array in arrays.values())
        self.executor: Any = None
        self.companion: Space | None = None
        self._listed = steps <= LISTED_STEPS and value_bytes < LISTED_BELOW
        self._lists: dict[Key, list[Array]] = {}
        self._held: dict[Key, Array] = {}
        self._views = 0
        self._own = self._references()

    def span(self, ref: Ref, start: int, stop: int, *, reverse: bool = False) -> Array:
        """The view over timesteps `start`…`stop`, from the last where `reverse`."""
        key = (ref, start, stop, reverse)
        found = self._held.get(key)
        if found is None:
            shift = ref.buffer == "next"
            name = "record" if ref.buffer in ("now", "next") else ref.buffer + ref.key
            found = self.arrays[name][start + shift : stop + shift, ref.start : ref.stop]
            found = self._hold(key, found[::-1] if reverse else found)
        return found

    def line(self, ref: Ref, start: int, stop: int) -> Array:
        """A single row over time, (time[, batch]): NumPy is faster with an axis less."""
        key = (ref, start, stop, "line")
        found = self._held.get(key)
        return self._hold(key, self.span(ref, start, stop)[:, 0]) if found is None else found

    def first(self, ref: Ref) -> Array:
        """The rows of the first timestep."""
        key = (ref, 0, 1, "first")
        found = self._held.get(key)
        return self._hold(key, self.span(ref, 0, 1)[0]) if found is None else found

    def each(self, ref: Ref, start: int, stop: int, *, reverse: bool) -> Sequence[Array] | Array:
        """The rows of every timestep, to be taken one by one."""
        view = self.span(ref, start, stop, reverse=reverse)
        if not self._listed:
            return view
        key = (ref, start, stop, reverse)
        found = self._lists.get(key)
        if found is None:
            found = self._lists[key] = list(view)
            self._views += len(found)
        return found

    def _hold(self, key: Key, view: Array) -> Array:
        self._held[key] = view
        self._views += 1
        return view

    def unseen(self) -> bool:
        """Whether all references to the arrays are the space's own."""
        return self._references() == self._own + self._views

    @property
    def bytes(self) -> int:
        """Bytes of the arrays, the companion's too."""
        return self.own_bytes + (self.companion.own_bytes if self.companion is not None else 0)

    def _references(self) -> int:
        return sum(map(sys.getrefcount, self.arrays.values()))


class Pool:
    """Free spaces by shape; the oldest go when they come to more than `limit` bytes."""

    def __init__(self, limit: int = 256 * 1024 * 1024, count: int = 32) -> None:
        self._limit = limit
        self._count = count
        self._free: list[tuple[object, Space]] = []
        self._lock = threading.Lock()

    def take(self, key: object) -> Space | None:
        """The free space of this shape that was used last, or None."""
        with self._lock:
            for place in reversed(range(len(self._free))):
                if self._free[place][0] == key:
                    return self._free.pop(place)[1]
        return None

    def give(self, key: object, space: Space) -> None:
        """Hand a space back, to be used again if nobody looks at it.

        The garbage collector may call this in the middle of anything, a `take` too: who has to
        wait lets the space go instead.
        """
        if not space.unseen() or not self._lock.acquire(blocking=False):
            return
        try:
            self._free.append((key, space))
            while len(self._free) > self._count or self._total() > self._limit:
                self._free.pop(0)
        finally:
            self._lock.release()

    def _total(self) -> int:
        return sum(space.bytes for _, space in self._free)


def empty(steps: int, rows: int, batch: int | None, dtype: Any) -> Array:
    """Uninitialised (steps, rows) or (steps, rows, batch)."""
    shape = (steps, rows) if batch is None else (steps, rows, batch)
    return np.empty(shape, dtype)
