"""A socket whose transport is written to: nothing waits, and a slow reader gets what is newest."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from websockets.frames import Frame as Reference
from websockets.frames import Opcode

from unrolled.rooms.frames import Frame, Kind
from unrolled.web.wire import BUFFER, Protocol, WireClient


class Line:
    """A transport and its protocol, as far as a client sees of them."""

    def __init__(self) -> None:
        self.transport = self
        self.written: list[bytes] = []
        self.disconnected = self.close_sent = self.aborted = False
        self.high = self.sent_bytes = 0
        self.listener: WireClient | None = None

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def set_write_buffer_limits(self, high: int) -> None:
        self.high = high

    def get_extra_info(self, name: str) -> Line:
        assert name == "socket"
        return self

    def setsockopt(self, level: int, option: int, value: int) -> None:
        self.sent_bytes = value

    def abort(self) -> None:
        self.aborted = True


class Socket:
    """A WebSocket that is only ever closed."""

    code: int | None = None

    async def close(self, code: int) -> None:
        self.code = code


def connected(patience: float = 60) -> tuple[Line, Socket, WireClient]:
    line, socket = Line(), Socket()
    return line, socket, WireClient(cast(Any, socket), cast(Protocol, line), patience)


def frame(kind: Kind, text: str) -> Frame:
    return Frame(kind, text.encode())


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 70000])
def test_a_frame_is_encoded_as_the_standard_says(size: int) -> None:
    data = b"x" * size
    assert Frame("state", data).wire == Reference(Opcode.TEXT, data).serialize(mask=False)


async def test_a_frame_goes_out_as_it_is() -> None:
    line, _, client = connected()
    one = frame("state", "1")
    client.send(one)
    assert line.written == [one.wire]
    assert line.high == line.sent_bytes == BUFFER


async def test_who_reads_slowly_gets_the_newest_of_each_kind_once_it_reads() -> None:
    line, _, client = connected()
    client.paused()
    for number in range(5):
        client.send(frame("state", str(number)))
    client.send(frame("poll", "asked"))
    client.send(frame("state", "5"))
    assert line.written == []
    client.resumed()
    assert line.written == [frame("state", "5").wire, frame("poll", "asked").wire]
    client.send(frame("state", "6"))
    assert line.written[-1] == frame("state", "6").wire


async def test_who_reads_nothing_for_too_long_is_cut_off() -> None:
    line, _, client = connected(patience=0.01)
    client.paused()
    async with asyncio.timeout(20):
        while not line.aborted:
            await asyncio.sleep(0.005)


async def test_who_reads_again_in_time_is_not() -> None:
    line, _, client = connected(patience=0.01)
    client.paused()
    client.resumed()
    late = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.05, late.set_result, None)
    await late
    assert not line.aborted


@pytest.mark.parametrize("ended", ["disconnected", "close_sent"])
async def test_after_the_end_nothing_is_written(ended: str) -> None:
    line, _, client = connected()
    setattr(line, ended, True)
    client.send(frame("state", "1"))
    assert line.written == []


async def test_a_client_is_closed_once_with_the_first_code() -> None:
    _, socket, client = connected()
    client.close(4409)
    client.close(4410)
    async with asyncio.timeout(20):
        while socket.code is None:
            await asyncio.sleep(0)
    assert socket.code == 4409
