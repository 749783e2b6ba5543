"""Memory of a run: the record, its scratch, and the views that the loops step through.

Making a view costs as much as a small instruction, so views are made once for each space and
kept with it. A space whose arrays nobody looks at any more is used again by the next run of the
same shape; CPython's reference counts tell.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .instructions import Ref

Array = NDArray[Any]

VIEWS_KEPT_BELOW = 16 * 1024 * 1024
"""Bytes of a record up to which its per-step views are kept."""


class Space:
    """Arrays by buffer and cached views into them.

    `arrays`: time first, then rows, then the batch if there is one. `offset` of ``next`` is one
    step. `batch` is None for a single sequence.
    """

    def __init__(self, steps: int, batch: int | None, arrays: dict[str, Array]) -> None:
        self.steps = steps
        self.batch = batch
        self.arrays = arrays
        self.keep = sum(a.nbytes for a in arrays.values()) <= VIEWS_KEPT_BELOW
        self._lists: dict[tuple[Ref, int, int, int], list[Array]] = {}
        self._spans: dict[tuple[Ref, int, int, int], Array] = {}
        self._baseline = 0

    def span(self, ref: Ref, fold: int, start: int, stop: int) -> Array:
        """The view over timesteps `start`…`stop`; with `fold`, (time, fold, size[, batch])."""
        key = (ref, fold, start, stop)
        if key not in self._spans:
            array = self.arrays["record" if ref.buffer in ("now", "next") else ref.buffer]
            shift = ref.buffer == "next"
            view = array[start + shift : stop + shift, ref.start : ref.stop]
            if fold > 1:
                tail = view.shape[2:]
                whole = (ref.stop - ref.start) // fold
                view = view.reshape(stop - start, fold, whole, *tail)
            if not self.keep:
                return view
            self._spans[key] = view
        return self._spans[key]

    def each(self, ref: Ref, fold: int, start: int, stop: int) -> list[Array]:
        """The same as a list of one view a timestep."""
        key = (ref, fold, start, stop)
        found = self._lists.get(key)
        if found is None:
            found = list(self.span(ref, fold, start, stop))
            if self.keep:
                self._lists[key] = found
        return found

    def rest(self) -> None:
        """Note how many references the space itself holds."""
        self._baseline = self._references()

    def unseen(self) -> bool:
        """Whether nobody else refers to the arrays."""
        return self.keep and self._references() == self._baseline

    def _references(self) -> int:
        return sum(sys.getrefcount(array) for array in self.arrays.values())


class Pool:
    """Spaces that are free, by shape; a few of each."""

    def __init__(self, each: int = 4) -> None:
        self._each = each
        self._free: dict[object, list[Space]] = {}
        self._lock = threading.Lock()

    def take(self, key: object) -> Space | None:
        """A free space of this shape, or None."""
        with self._lock:
            held = self._free.get(key)
            return held.pop() if held else None

    def give(self, key: object, space: Space) -> None:
        """Hand a space back, to be used again if nobody looks at it."""
        if not space.unseen():
            return
        with self._lock:
            held = self._free.setdefault(key, [])
            if len(held) < self._each and len(self._free) <= 64:
                held.append(space)


def empty(steps: int, rows: int, batch: int | None, dtype: Any) -> Array:
    """Uninitialised (steps, rows) or (steps, rows, batch)."""
    shape = (steps, rows) if batch is None else (steps, rows, batch)
    return np.empty(shape, dtype)
