"""A training on a live socket: stretches in the pool, progress as often as a page can draw it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.session import Session
from unrolled.scenes.live.training import LiveTraining
from unrolled.web import encode
from unrolled.web.problems import ProblemError
from unrolled.web.work import Work

log = logging.getLogger("unrolled.web")
Result = TypeVar("Result")

STRETCH_SECONDS = 0.05
"""How long a training holds a thread before others have their turn; a progress follows each."""


class Trainings:
    """The training of one socket, if there is one.

    `lock` is held while the session follows a message or takes over what was learned.
    """

    def __init__(self, socket: WebSocket, session: Session, work: Work, idle: int) -> None:
        self._socket, self._session, self._work, self._idle = socket, session, work, idle
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.lock = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether there is a training that does not rest."""
        training = self._session.training
        return training is not None and not training.paused

    def follow(self) -> None:
        """After every message: begin what was asked for, wake what was paused or stopped."""
        self._changed.set()
        if self._session.training is not None and self._task is None:
            self._task = asyncio.create_task(self._run(self._session.training))

    def leave(self) -> None:
        """The socket is gone: its training ends after the update at hand."""
        if self._session.training is not None:
            self._session.training.stop()
        if self._task is not None:
            self._task.cancel()

    async def _run(self, training: LiveTraining) -> None:
        with suppress(WebSocketDisconnect):
            try:
                await self._advance(training)
                async with self.lock:
                    answer = await self._patiently(
                        lambda: encode.json_bytes(self._session.trained())
                    )
            except Exception as error:
                if isinstance(error, WebSocketDisconnect):
                    raise
                log.error("a live training failed", exc_info=error)
                self._session.training = None
                told = LiveError("internal", "the training failed; the server's log says why")
                answer = encode.json_bytes(told.document())
            self._task = None
            await sent(self._socket, answer, self._idle)

    async def _advance(self, training: LiveTraining) -> None:
        """Stretch after stretch, until the end."""
        while training.ended is None:
            if training.paused:
                self._changed.clear()
                await self._changed.wait()
                continue
            await self._patiently(lambda: training.advance(STRETCH_SECONDS))
            told = encode.json_bytes(training.progress())
            if not training.paused and not await sent(self._socket, told, self._idle):
                training.stop()

    async def _patiently(self, function: Callable[[], Result]) -> Result:
        """The function's result from the pool; where it is full, later."""
        while True:
            try:
                return await self._work.run(function)
            except ProblemError:
                await asyncio.sleep(STRETCH_SECONDS)


async def sent(socket: WebSocket, answer: bytes, seconds: float) -> bool:
    """Send an answer; False where the client does not read what it is sent."""
    try:
        async with asyncio.timeout(seconds):
            await socket.send_text(answer.decode())
    except TimeoutError:
        return False
    return True
