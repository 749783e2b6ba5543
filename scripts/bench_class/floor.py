"""The floor: raw asyncio, which writes what the first client says to all, and does nothing else."""

from __future__ import annotations

import asyncio
import gc
import sys

ANSWER = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
WELCOME = b'{"type":"welcome"}'


class Line(asyncio.Protocol):
    """A connection; the first one of all is the presenter's."""

    everybody: list[Line] = []  # noqa: RUF012 - one room in one process

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._frames = transport, 0
        self.everybody.append(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.everybody.remove(self)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET"):
            self._transport.write(ANSWER)
            return
        while data:
            # A client's frame: two of head, two of length where it is 126, four of mask.
            long = data[1] & 127 == 126
            size = int.from_bytes(data[2:4], "big") if long else data[1] & 127
            start = 8 if long else 6
            self._said(data[start : start + size])
            data = data[start + size :]

    def _said(self, payload: bytes) -> None:
        self._frames += 1
        if self._frames == 1:
            self._transport.write(bytes([0x81, len(WELCOME)]) + WELCOME)
            return
        frame = b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload
        for line in self.everybody:
            line._transport.write(frame)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(
        Line, "127.0.0.1", int(sys.argv[1]), backlog=2048
    )
    gc.disable()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
