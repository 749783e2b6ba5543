"""The socket of a room: `/api/v1/rooms/CODE`, JSON text frames."""

from __future__ import annotations

import asyncio
import logging
import time

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from unrolled.rooms import frames, tokens
from unrolled.rooms import messages as said
from unrolled.rooms.errors import CLOSES, RoomError
from unrolled.rooms.hall import Member
from unrolled.rooms.hub import Hub
from unrolled.rooms.pace import Bucket, Guesses
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.settings import Settings
from unrolled.web import addresses, wire
from unrolled.web.sockets import received
from unrolled.web.wire import SocketClient

log = logging.getLogger("unrolled.web")

BURST_SECONDS = 2.0
"""What a client may send at once, in seconds of its rate."""
TOLD = 2
"""A message over its limit is answered up to so many times the limit; beyond, nobody reads it."""
FREE_GUESSES, FORGIVEN_SECONDS = 20, 15.0


class Patience:
    """Lets guesses of one address wait for their turn; see `Guesses`."""

    def __init__(self, settings: Settings) -> None:
        rate, longest = settings.room_guess_rate, settings.room_guess_wait
        self._guesses = Guesses(FREE_GUESSES, rate, longest, FORGIVEN_SECONDS)

    async def turn(self, caller: str) -> None:
        """Wait until this guess may be looked at."""
        wait = self._guesses.wait(caller, time.monotonic())
        if wait > 0:
            await asyncio.sleep(wait)

    def failed(self, caller: str) -> None:
        """There was no such room or token."""
        self._guesses.failed(caller, time.monotonic())


class RoomSockets:
    """The room sockets of one process."""

    def __init__(self, settings: Settings, hub: Hub) -> None:
        self._settings, self._hub = settings, hub
        self.guesses = Patience(settings)
        self.open = 0

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket until it closes."""
        if not addresses.own_origin(socket, self._settings):
            await socket.close(4403)
            return
        await socket.accept()
        client = wire.client(socket, self._settings.room_patience)
        self.open += 1
        try:
            await self._converse(socket, client)
        except WebSocketDisconnect:
            pass
        finally:
            self.open -= 1
            client.gone()

    async def _converse(self, socket: WebSocket, client: SocketClient) -> None:
        code = socket.path_params["code"]
        try:
            if self.open > self._settings.room_sockets:
                limit = f"{self._settings.room_sockets} sockets (UNROLLED_ROOM_SOCKETS)"
                raise RoomError("busy", f"at most {limit}")
            member = await self._entered(socket, client, tokens.read_code(code) or "")
        except RoomError as error:
            client.send(frames.error(error.document()))
            client.close(CLOSES.get(error.code, 1008))
            await _drained(socket)
            return
        try:
            await self._listen(socket, client, tokens.read_code(code) or "", member)
        finally:
            self._hub.leave(tokens.read_code(code) or "", member)

    async def _entered(self, socket: WebSocket, client: SocketClient, code: str) -> Member:
        """The member, once a hello was good; raises `RoomError` where the connection is to end."""
        caller = addresses.caller(socket)
        pace = self._pace(presents=False)
        client.reads(TOLD * self._settings.room_viewer_frame)
        while True:
            try:
                async with asyncio.timeout(self._settings.room_hello):
                    text = await received(socket)
            except TimeoutError:
                limit = f"{self._settings.room_hello} seconds (UNROLLED_ROOM_HELLO)"
                raise RoomError("idle", f"no hello within {limit}") from None
            await _paced(pace)
            try:
                hello = self._message(text, presents=False)
                if not isinstance(hello, said.Hello):
                    raise RoomError.of("bad_message", "type", "hello first", "another")
                await self.guesses.turn(caller)
                return await self._hub.enter(code, hello, client)
            except RoomError as error:
                if error.code in ("no_room", "forbidden"):
                    self.guesses.failed(caller)
                if error.code in CLOSES:
                    raise
                client.send(frames.error(error.document()))

    async def _listen(
        self, socket: WebSocket, client: SocketClient, code: str, member: Member
    ) -> None:
        presents = member.seat is not None
        if presents:
            client.reads(TOLD * self._settings.room_frame)
        pace = self._pace(presents)
        while True:
            text = await received(socket)
            await _paced(pace)
            if client.lost:
                return  # what is left of its flood is nobody's
            try:
                message = self._message(text, presents)
                await self._hub.hear(code, member, message)
            except RoomError as error:
                client.send(frames.error(error.document()))
            except Exception as error:
                # What went wrong inside the server is not said; its log has it.
                log.error("a message to a room failed", exc_info=error)
                hidden = RoomError("internal", "the server could not do this; its log says why")
                client.send(frames.error(hidden.document()))

    def _message(self, text: str | None, presents: bool) -> said.Client:
        if text is None:
            raise RoomError("bad_message", "expected JSON in a text frame, got a binary one")
        name = "room_frame" if presents else "room_viewer_frame"
        most = getattr(self._settings, name)
        if len(text) > most:
            limit = f"{most} bytes (UNROLLED_{name.upper()})"
            raise RoomError("too_large", f"expected at most {limit}, got more")
        return read(text)

    def _pace(self, presents: bool) -> Bucket:
        rate = self._settings.room_rate if presents else self._settings.room_viewer_rate
        return Bucket(rate, rate * BURST_SECONDS)


def read(text: str) -> said.Client:
    """The message that a frame is; raises `RoomError`, `bad_message`."""
    try:
        # Strictly JSON: what passes through to a thousand browsers must be read by all of them.
        document = orjson.loads(text)
        if not isinstance(document, dict):
            raise DocumentError.of("(message)", "an object", shown(document))
        name = document.get("type")
        kind = said.BY_NAME.get(name) if isinstance(name, str) else None
        if kind is None:
            raise DocumentError.of("type", "one of " + ", ".join(said.BY_NAME), shown(name))
        return reading.model(kind, document)
    except DocumentError as error:
        raise RoomError("bad_message", str(error.errors[0])) from None
    except (ValueError, RecursionError):
        raise RoomError("bad_message", "expected JSON, got something else") from None


async def _paced(pace: Bucket) -> None:
    """Read on when the pace allows; meanwhile the client's own writing has to wait."""
    wait = pace.wait(time.monotonic())
    if wait > 0:
        await asyncio.sleep(wait)


async def _drained(socket: WebSocket) -> None:
    """Wait for the end of a connection that is being closed, listening to nothing."""
    while True:
        await received(socket)
