"""The socket of live sessions: `/api/v1/live`, JSON text frames, one answer a message.

Any origin may open one: it holds nothing but the scene that came through it. Small work is done on
the event loop, everything else in the pool, so that no session keeps another waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from unrolled.scenes import lessons, reading
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.session import Session
from unrolled.web import encode
from unrolled.web.live_training import Trainings
from unrolled.web.problems import ProblemError
from unrolled.web.services import Services
from unrolled.web.sockets import received, sent
from unrolled.web.training_process import TrainingProcess

log = logging.getLogger("unrolled.web")

IDLE_CLOSE = 4408
FULL_CLOSE = 1013
SMALL_MESSAGE = 20_000
"""Bytes that are parsed on the event loop."""


def router(services: Services) -> APIRouter:
    """The route, with the count of its open sockets, and the process of its trainings."""
    process = TrainingProcess(services.settings.live_trainings, services.settings.limits)

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield
        await process.close()

    routes = APIRouter(lifespan=lifespan)
    sockets = LiveSockets(services, process)
    routes.add_api_websocket_route("/api/v1/live", sockets.serve)
    services.metrics.gauges["unrolled_live_sessions"] = lambda: sockets.open
    services.metrics.gauges["unrolled_live_trainings"] = lambda: process.trainings
    return routes


class LiveSockets:
    """The live sockets of one process."""

    def __init__(self, services: Services, process: TrainingProcess) -> None:
        self._services, self._process = services, process
        self._settings = services.settings
        self.open = 0

    async def serve(self, socket: WebSocket) -> None:
        """Answer one socket until it closes."""
        await socket.accept()
        if self.open >= self._settings.live_sessions:
            limit = f"{self._settings.live_sessions} live sockets (UNROLLED_LIVE_SESSIONS)"
            await self._leave(socket, LiveError("busy", f"at most {limit}"), FULL_CLOSE)
            return
        self.open += 1
        lesson = partial(lessons.scene, folder=self._settings.lessons_folder)
        session = Session(self._settings.limits, lesson, self._settings.live_history)
        trainings = Trainings(
            socket, session, self._services.work, self._process, self._settings.live_idle
        )
        try:
            await self._converse(socket, session, trainings)
        except WebSocketDisconnect:
            pass  # gone, perhaps in the middle of an answer: there is nobody to tell
        finally:
            trainings.leave()
            self.open -= 1

    async def _converse(self, socket: WebSocket, session: Session, trainings: Trainings) -> None:
        idle = self._settings.live_idle
        while True:
            try:
                async with asyncio.timeout(idle):
                    text = await received(socket)
            except TimeoutError:
                if trainings.running:
                    continue
                words = f"no message for {idle} seconds (UNROLLED_LIVE_IDLE)"
                await self._leave(socket, LiveError("idle", words), IDLE_CLOSE)
                return
            async with trainings.lock:
                answer = await self._answer(session, text)
            if answer is not None and not await sent(socket, answer, idle):
                await self._leave(socket, LiveError("idle", "no answer was read"), IDLE_CLOSE)
                return
            trainings.follow()
            # One whose messages are all there already must not hold the loop.
            await asyncio.sleep(0)

    async def _answer(self, session: Session, text: str | None) -> bytes | None:
        """The answer to one frame, as JSON; whatever happens the session stays."""
        try:
            message = await self._message(text)
            if session.small(message):
                return _answered(session, message)
            return await self._services.work.run(lambda: _answered(session, message))
        except LiveError as error:
            return _bytes(error)
        except DocumentError as error:
            return _bytes(LiveError.of("bad_message", error))
        except ProblemError as error:
            return _bytes(LiveError("busy", error.detail))
        except Exception as error:
            # What went wrong inside the server is not said; its log has it.
            log.error("a live message failed", exc_info=error)
            return _bytes(LiveError("internal", "the server could not do this; its log says why"))

    async def _message(self, text: str | None) -> Any:
        if text is None:
            raise LiveError("bad_message", "expected JSON in a text frame, got a binary one")
        most = self._settings.live_frame
        if len(text) > most or len(data := text.encode("utf-8", "surrogatepass")) > most:
            limit = f"{most} bytes (UNROLLED_LIVE_FRAME)"
            raise LiveError("too_large", f"expected at most {limit}, got more")
        if len(data) <= SMALL_MESSAGE:
            return reading.parse(data)
        return await self._services.work.run(lambda: reading.parse(data))

    async def _leave(self, socket: WebSocket, error: LiveError, code: int) -> None:
        try:
            async with asyncio.timeout(5):
                await socket.send_text(_bytes(error).decode())
                await socket.close(code)
        except (TimeoutError, WebSocketDisconnect):
            return


def _answered(session: Session, message: Any) -> bytes | None:
    answer = session.answer(message)
    return None if answer is None else encode.json_bytes(answer)


def _bytes(error: LiveError) -> bytes:
    return encode.json_bytes(error.document())
