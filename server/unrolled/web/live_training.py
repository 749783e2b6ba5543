"""A training on a live socket: stretch after stretch in a process of its own, and its answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import orjson
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.session import Session
from unrolled.web import encode
from unrolled.web.problems import ProblemError
from unrolled.web.sockets import sent
from unrolled.web.trainer import Reply
from unrolled.web.training_process import TrainingFailedError, TrainingProcess
from unrolled.web.work import Work

log = logging.getLogger("unrolled.web")

STRETCH_SECONDS = 0.05
"""How long a training works before others have their turn; a progress follows each stretch."""


class Trainings:
    """The training of one socket, if there is one.

    `lock` is held while the session follows a message or takes over what was learned.
    """

    def __init__(
        self, socket: WebSocket, session: Session, work: Work, process: TrainingProcess, idle: int
    ) -> None:
        self._socket, self._session, self._idle = socket, session, idle
        self._work, self._process = work, process
        self._task: asyncio.Task[None] | None = None
        self._number: int | None = None
        self._asked = asyncio.Event()
        self._paused = False
        self.lock = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether there is a training that does not rest."""
        return self._session.training and not self._paused

    def follow(self) -> None:
        """After every message: see to what was asked of the training."""
        self._asked.set()
        if self._session.orders and self._task is None:
            self._task = asyncio.create_task(self._run())

    def leave(self) -> None:
        """The socket is gone: its training ends."""
        if self._task is not None:
            self._task.cancel()
        self._forget()

    async def _run(self) -> None:
        try:
            answers = await self._trained()
        except LiveError as error:
            answers = await self._ended(encode.json_bytes(error.document()))
        except (WebSocketDisconnect, TimeoutError):
            await self._ended(b"")
            return  # who asked is gone, or does not read what it is sent
        except Exception as error:
            if not isinstance(error, TrainingFailedError):
                log.error("a live training failed", exc_info=error)
            told = LiveError("internal", "the training failed; the server's log says why")
            answers = await self._ended(encode.json_bytes(told.document()))
        with suppress(WebSocketDisconnect):
            for answer in answers:
                await sent(self._socket, answer, self._idle)

    async def _trained(self) -> list[bytes]:
        """The whole of a training; its last answers, after which another may begin."""
        self._number, (head, body) = await self._process.begin(self._session.orders.popleft())
        while not head.get("refused"):
            self._paused = head["paused"]
            if body and not await sent(self._socket, body, self._idle):
                raise TimeoutError
            if head["ended"]:
                _, last = await self._process.ask(self._number, "end")
                return await self._ended(last, trained=True)
            head, body = await self._next(self._number)
        return await self._ended(body)

    async def _next(self, number: int) -> Reply:
        """What was asked comes first; then the next stretch, unless the training rests."""
        while True:
            orders = self._session.orders
            if orders:
                return await self._process.ask(number, "follow", message=orders.popleft().message)
            if not self._paused:
                return await self._process.ask(number, "advance", seconds=STRETCH_SECONDS)
            self._asked.clear()
            await self._asked.wait()

    async def _ended(self, answer: bytes, *, trained: bool = False) -> list[bytes]:
        """The session goes on without the training, with what was learned if there is anything."""
        async with self.lock:
            if trained:
                await self._patiently(lambda: self._session.trained(orjson.loads(answer)))
            late = self._session.untrained()
            self._forget()
        return [answer, *map(encode.json_bytes, late)]

    async def _patiently(self, function: Callable[[], None]) -> None:
        """The function in the pool; where that is full, later."""
        while True:
            try:
                return await self._work.run(function)
            except ProblemError:
                await asyncio.sleep(STRETCH_SECONDS)

    def _forget(self) -> None:
        number, self._number, self._task, self._paused = self._number, None, None, False
        if number is not None:
            self._process.leave(number)
