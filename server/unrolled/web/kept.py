"""Answers that are pure functions of what was asked: made once, kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from unrolled.web import encode
from unrolled.web.work import Work


class Kept:
    """Encoded answers up to `capacity` bytes, the least recently used leaving first.

    All methods belong to the event loop's thread; computing and encoding happen in `work`.
    """

    def __init__(self, work: Work, capacity: int) -> None:
        self._work, self._capacity = work, capacity
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()
        self.size = 0

    async def answer(self, key: Hashable, make: Callable[[], Any]) -> bytes:
        """The document that `make` gives as JSON; all who ask for `key` share one computation."""
        held = self._held.get(key)
        if held is not None:
            self._held.move_to_end(key)
            return held

        async def made() -> bytes:
            data = await self._work.run(lambda: encode.json_bytes(make()))
            self._keep(key, data)
            return data

        return await self._work.once(key, made)

    def _keep(self, key: Hashable, data: bytes) -> None:
        self._held[key] = data
        self.size += len(data)
        while self.size > self._capacity:
            _, oldest = self._held.popitem(last=False)
            self.size -= len(oldest)
