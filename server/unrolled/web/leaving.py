"""Computations that end where the one who asked has gone away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request

from unrolled.web.work import Work

Result = TypeVar("Result")


async def attended(
    request: Request, work: Work, function: Callable[[Callable[[], bool]], Result]
) -> Result:
    """The function's result from the pool; what it is given says whether anybody waits for it.

    The request's body has been read. Raises `ProblemError` where the pool is full.
    """
    gone = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        return await work.run(lambda: function(lambda: not gone.is_set()))
    finally:
        gone.set()
        watching.cancel()
