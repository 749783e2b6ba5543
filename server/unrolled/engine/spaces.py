"""Memory of a run, and the views into it that the instructions work on.

Making a view costs as much as a small instruction, so views are made once for each space and
kept with it. A space whose arrays nobody outside looks at any more is used again by the next run
of the same shape: CPython's reference counts tell, since every view refers to the array it is of.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref

Array = NDArray[Any]
Key = tuple[Ref, int, int]

VIEWS_KEPT_BELOW = 16 * 1024 * 1024
"""Bytes of a space up to which its views are kept."""


class Space:
    """Arrays by buffer — (time, rows[, batch]) — and views into them.

    ``now`` and ``next`` are both the record, one step apart. `companion` is whatever else belongs
    to the arrays: what was bound to them, the space of the gradients.
    """

    def __init__(self, steps: int, batch: int | None, arrays: dict[str, Array]) -> None:
        self.steps = steps
        self.batch = batch
        self.arrays = arrays
        self.keep = sum(a.nbytes for a in arrays.values()) <= VIEWS_KEPT_BELOW
        self.executor: Any = None
        self.companion: Space | None = None
        self._lists: dict[Key, list[Array]] = {}
        self._spans: dict[Key, Array] = {}
        self._views = 0
        self._own = self._references()

    def span(self, ref: Ref, start: int, stop: int) -> Array:
        """The view over timesteps `start`…`stop`."""
        key = (ref, start, stop)
        found = self._spans.get(key)
        if found is not None:
            return found
        shift = ref.buffer == "next"
        name = "record" if ref.buffer in ("now", "next") else ref.buffer + ref.key
        view = self.arrays[name][start + shift : stop + shift, ref.start : ref.stop]
        if self.keep:
            self._spans[key] = view
            self._views += 1
        return view

    def each(self, ref: Ref, start: int, stop: int) -> list[Array]:
        """The same as a list of one view a timestep."""
        key = (ref, start, stop)
        found = self._lists.get(key)
        if found is None:
            found = list(self.span(ref, start, stop))
            if self.keep:
                self._lists[key] = found
                self._views += len(found)
        return found

    def unseen(self) -> bool:
        """Whether all references to the arrays are the space's own."""
        return self._references() == self._own + self._views

    @property
    def bytes(self) -> int:
        """Bytes of the arrays, the companion's too."""
        own = sum(array.nbytes for array in self.arrays.values())
        return own + (self.companion.bytes if self.companion is not None else 0)

    def _references(self) -> int:
        return sum(sys.getrefcount(array) for array in self.arrays.values())


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
