"""Students by the thousand in one process: no more of WebSocket than it takes to listen."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from time import perf_counter
from typing import Any

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
STEP = b'"t":'


class Clock:
    """When each step was sent, and how long after that each student had it."""

    def __init__(self) -> None:
        self.sent: dict[int, float] = {}
        self.delays: list[float] = []
        self.arrived: dict[int, int] = {}

    def heard(self, step: int) -> None:
        """A student has the step."""
        sent = self.sent.get(step)
        if sent is not None:
            self.delays.append(perf_counter() - sent)
            self.arrived[step] = self.arrived.get(step, 0) + 1

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of all steps arrived."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3


class Student(asyncio.Protocol):
    """One connection: says hello, notes what comes."""

    def __init__(self, path: str, port: int, hello: dict[str, Any], clock: Clock) -> None:
        self._request = HANDSHAKE.format(path=path, port=port).encode()
        self._hello, self.clock = hello, clock
        self._buffer, self._open = b"", False
        loop = asyncio.get_running_loop()
        self.welcome: asyncio.Future[dict[str, Any]] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self.last: dict[str, Any] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.welcome.done():
            self.welcome.set_exception(error or ConnectionError("closed before the welcome"))
            self.welcome.exception()
        if not self.lost.done():
            self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            if b" 101 " not in head[:20]:
                self.transport.close()
                return
            self._open = True
            self.say(self._hello)
        self._buffer = self._frames(data)

    def _frames(self, data: bytes) -> bytes:
        """Take whole frames off the front; what is left."""
        at = 0
        while len(data) - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if len(data) < start + size:
                break
            self._frame(data[at] & 15, data, start, start + size)
            at = start + size
        return data[at:]

    def _frame(self, code: int, data: bytes, start: int, end: int) -> None:
        if code == 9:
            self.write(10, data[start:end])
        elif data.startswith(b'{"type":"state"', start, end):
            found = data.find(STEP, start, end) + len(STEP)
            stop = found
            while 48 <= data[stop] <= 57:
                stop += 1
            if stop > found:
                self.clock.heard(int(data[found:stop]))
        elif code == 1:
            self._note(json.loads(data[start:end]))

    def _note(self, message: dict[str, Any]) -> None:
        if message["type"] == "welcome" and not self.welcome.done():
            self.welcome.set_result(message)
        self.last[message["type"]] = message

    def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self.write(1, json.dumps(message).encode())

    def write(self, code: int, payload: bytes) -> None:
        """Send a frame."""
        # A mask of zeros leaves the payload as it is, and is as good as any to the standard.
        size = len(payload)
        head = bytes([128 | code, 128 | size]) if size < 126 else b""
        head = head or bytes([128 | code, 254]) + size.to_bytes(2, "big")
        self.transport.write(head + b"\0\0\0\0" + payload)


async def connect(
    path: str, port: int, hello: dict[str, Any], clock: Clock, receive: int = 0
) -> Student:
    """A student that was welcomed; `receive` bounds the bytes its system takes ahead of it."""
    line = socket.socket()
    line.setblocking(False)
    if receive:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", port))
    _, student = await loop.create_connection(lambda: Student(path, port, hello, clock), sock=line)
    await student.welcome
    return student


async def persistent(path: str, port: int, hello: dict[str, Any], clock: Clock) -> Student:
    """As a browser comes back: at once nobody, again and again, a little later each time."""
    wait = 0.25
    while True:
        await asyncio.sleep(random.uniform(0.5, 1.0) * wait)
        try:
            return await asyncio.wait_for(connect(path, port, hello, clock), 10)
        except (OSError, TimeoutError):
            wait = min(2.0, wait * 2)


async def crowd(path: str, port: int, count: int, clock: Clock, seconds: float) -> list[Student]:
    """So many students, who come evenly over some seconds."""

    async def later(number: int) -> Student:
        await asyncio.sleep(seconds * number / count)
        return await connect(path, port, {"type": "hello"}, clock)

    return list(await asyncio.gather(*map(later, range(count))))
