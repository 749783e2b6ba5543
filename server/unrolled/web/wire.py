"""Sockets of a class as a room sees them: `send` never waits.

Under uvicorn a frame is written to the transport itself, its bytes shared by the whole class; going
through a task and a queue for each student costs ten times as much. Under any other server the same
goes through the server's own `send`.
"""

from __future__ import annotations

import asyncio
import socket as socket_options
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from unrolled.rooms.frames import Frame

EXTENSION = "unrolled.wire"
BUFFER = 32_768
"""Bytes that wait in a transport before the client counts as one that does not read."""


class Protocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, which lets a `WireClient` write beneath its `send`."""

    listener: WireClient | None = None

    def handle_connect(self, event: Any) -> None:
        """Put a way to the transport into the connection's scope."""
        super().handle_connect(event)
        if self.handshake_initiated and not self.close_sent:
            extensions: Any = self.scope["extensions"]
            extensions[EXTENSION] = self

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        if self.listener is not None:
            self.listener.paused()

    def resume_writing(self) -> None:
        """It reads again: first what it missed, then whatever waits in `send`."""
        if self.listener is not None:
            self.listener.resumed()
        super().resume_writing()


class WireClient:
    """A socket whose transport is written to."""

    def __init__(self, socket: WebSocket, protocol: Protocol, patience: float) -> None:
        self._socket, self._protocol, self._patience = socket, protocol, patience
        self._transport = protocol.transport
        self._transport.set_write_buffer_limits(high=BUFFER)
        # Left to itself the system would hold megabytes for a phone with a bad line, which would
        # go on seeing steps of long ago.
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket_options.SOL_SOCKET, socket_options.SO_SNDBUF, BUFFER)
        self._mail: dict[str, Frame] | None = None
        self._cut: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        protocol.listener = self

    def send(self, frame: Frame) -> None:
        """Write the frame, or keep the newest of its kind until the client reads."""
        if self._mail is not None:
            self._mail[frame.kind] = frame
        elif not (self._protocol.close_sent or self._protocol.disconnected):
            self._transport.write(frame.wire)

    def reads(self, most: int) -> None:
        """From now on a longer message closes the connection before it is in memory."""
        self._protocol.conn.max_message_size = most

    def close(self, code: int) -> None:
        """Close after what was sent."""
        if self._closing is None:
            self._closing = asyncio.create_task(closed(self._socket, code))

    @property
    def lost(self) -> bool:
        """Whether the connection has ended, whatever of it is still to be read."""
        return self._protocol.disconnected

    def paused(self) -> None:
        """Whoever reads nothing for too long is cut off."""
        self._mail = {}
        self._cut = asyncio.get_running_loop().call_later(self._patience, self._transport.abort)

    def resumed(self) -> None:
        """Write what waited."""
        mail, self._mail = self._mail or {}, None
        if self._cut is not None:
            self._cut.cancel()
        for frame in mail.values():
            self.send(frame)

    def gone(self) -> None:
        """The connection has ended."""
        self._protocol.listener = None
        if self._cut is not None:
            self._cut.cancel()


class QueueClient:
    """A socket under a server that is not ours to look beneath."""

    lost = False  # nobody says so here; what is left to read is read to its end

    def __init__(self, socket: WebSocket, patience: float) -> None:
        self._socket, self._patience = socket, patience
        self._mail: dict[str, Frame] = {}
        self._code: int | None = None
        self._waiting = asyncio.Event()
        self._task = asyncio.create_task(self._deliver())

    def send(self, frame: Frame) -> None:
        """Send soon; of each kind the newest."""
        self._mail[frame.kind] = frame
        self._waiting.set()

    def reads(self, most: int) -> None:
        """The server beneath has a limit of its own."""

    def close(self, code: int) -> None:
        """Close after what was sent."""
        self._code = code
        self._waiting.set()

    def gone(self) -> None:
        """The connection has ended."""
        self._task.cancel()

    async def _deliver(self) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            mail, self._mail = self._mail, {}
            try:
                async with asyncio.timeout(self._patience):
                    for frame in mail.values():
                        await self._socket.send_text(frame.data.decode())
            except (WebSocketDisconnect, RuntimeError):
                return
            except TimeoutError:
                self._code = 1008
            if self._code is not None:
                await closed(self._socket, self._code)
                return


SocketClient = WireClient | QueueClient


def client(socket: WebSocket, patience: float) -> SocketClient:
    """The accepted socket as a room's client; `patience` in seconds."""
    protocol = socket.scope.get("extensions", {}).get(EXTENSION)
    if isinstance(protocol, Protocol):
        return WireClient(socket, protocol, patience)
    return QueueClient(socket, patience)


async def closed(socket: WebSocket, code: int) -> None:
    """Close, where nobody has closed it yet."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code)
