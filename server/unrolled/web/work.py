"""Computing beside the event loop: a bounded pool, and never the same thing twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from unrolled.web.problems import ProblemError

Result = TypeVar("Result")


class Work:
    """A pool of `threads`; beyond `queue` waiting computations a request is told to come again."""

    def __init__(self, threads: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="unrolled")
        self._most = threads + queue
        self._pending = 0
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    @property
    def pending(self) -> int:
        """Computations that run or wait."""
        return self._pending

    async def run(self, function: Callable[[], Result]) -> Result:
        """The function's result, computed in the pool.

        Raises:
            ProblemError: 503 where too many are waiting already.
        """
        if self._pending >= self._most:
            raise ProblemError(
                503, "too many computations are waiting", headers={"Retry-After": "1"}
            )
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, function)
        # Counted until the thread is free again, also where the one who asked has gone away.
        future.add_done_callback(lambda _: self._done())
        return await future

    def _done(self) -> None:
        self._pending -= 1

    async def once(self, key: Hashable, make: Callable[[], Awaitable[Result]]) -> Result:
        """What `make` gives; all who ask for `key` meanwhile share one computation."""
        task: asyncio.Task[Result] | None = self._running.get(key)
        if task is None:
            task = asyncio.create_task(_awaited(make))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        # One who leaves must not take the computation away from the others.
        return await asyncio.shield(task)

    def close(self) -> None:
        """Let running computations end, start no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _awaited(make: Callable[[], Awaitable[Result]]) -> Result:
    return await make()
