"""The server's side of its training process: requests one after the other, first come first served.

Each training asks for a short stretch of updates, then stands at the end of the line: so all that
go on at once get on alike.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import orjson

from unrolled.scenes.limits import Limits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.session import Order
from unrolled.web.trainer import LENGTH, Reply

_CLOSE_SECONDS = 2.0


class TrainingFailedError(RuntimeError):
    """What went wrong stands in the log."""


class TrainingProcess:
    """The process in which trainings take turns, begun with the first of them.

    `most` is how many there may be at once.
    """

    def __init__(self, most: int, limits: Limits) -> None:
        self._most, self._limits = most, asdict(limits)
        self._numbers = itertools.count()
        self._open: set[int] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._line = asyncio.Lock()
        self._tasks: set[asyncio.Task[Reply]] = set()

    @property
    def trainings(self) -> int:
        """Trainings that go on or rest."""
        return len(self._open)

    async def begin(self, order: Order) -> tuple[int, Reply]:
        """A new training's number, and what it answers to `train`; raises `LiveError`."""
        if len(self._open) >= self._most:
            limit = f"{self._most} trainings (UNROLLED_LIVE_TRAININGS)"
            raise LiveError("busy", f"expected at most {limit} at once, try again")
        number = next(self._numbers)
        self._open.add(number)
        asked = {"message": order.message, "scene": order.scene, "limits": self._limits}
        try:
            return number, await self.ask(number, "begin", **asked)
        except BaseException:
            self.leave(number)
            raise

    async def ask(self, number: int, kind: str, **fields: Any) -> Reply:
        """The reply to one request.

        Raises:
            TrainingFailedError: the training or its process has failed.
        """
        reply = await asyncio.shield(self._task({"training": number, "kind": kind, **fields}))
        if reply[0].get("failed"):
            raise TrainingFailedError
        return reply

    def leave(self, number: int) -> None:
        """A training has ended, or nobody wants it any more."""
        if number in self._open:
            self._open.remove(number)
            if self._process is not None:
                self._task({"training": number, "kind": "leave"})

    async def close(self) -> None:
        """End the process."""
        for task in tuple(self._tasks):
            task.cancel()
        process, self._process = self._process, None
        if process is not None:
            await _ended(process)

    def _task(self, request: Mapping[str, Any]) -> asyncio.Task[Reply]:
        """The request on its way: one who gives up must not leave half a reply in the pipe."""
        task = asyncio.create_task(self._exchange(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _exchange(self, request: Mapping[str, Any]) -> Reply:
        async with self._line:
            process = await self._begun()
            if request["kind"] == "begin":
                # With it come all the examples; everything else is short.
                data = await asyncio.to_thread(orjson.dumps, request)
            else:
                data = orjson.dumps(request)
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(LENGTH.pack(len(data)) + data)
                await process.stdin.drain()
                head, body = await _part(process.stdout), await _part(process.stdout)
            except (asyncio.IncompleteReadError, ConnectionError):
                # It was killed, perhaps for want of memory: whatever it held is lost.
                self._process = None
                await _ended(process)
                return {"failed": True}, b""
            return orjson.loads(head), body

    async def _begun(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            # Products of this size are done before a second thread has woken up.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "unrolled.web.trainer",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
            )  # fmt: skip
        return self._process


async def _part(stream: asyncio.StreamReader) -> bytes:
    (length,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
    return await stream.readexactly(length)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Close its input, on which it ends; where it is in the middle of something, end it."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
