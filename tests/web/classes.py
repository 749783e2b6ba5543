"""A server process with a class on it, and people who join."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

UNROLLED = str(Path(sys.executable).parent / "unrolled")


class Server:
    """`unrolled serve` in a process of its own, on a port that it keeps."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as spare:
            self.port: int = spare.getsockname()[1]
        self.log = folder / "server.log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
        database = {"UNROLLED_DATABASE": str(folder / "rooms.sqlite3")}
        self._environment = {**kept, **database, **settings}
        self._command = [UNROLLED, "serve", "--port", str(self.port), *options]
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, stdout=out, stderr=out, env=self._environment
            )
        end = time.monotonic() + 120
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError):
                self.get("/healthz")
                return
            time.sleep(0.02)  # there is no event to wait for: the port is opened by another
        self.kill()
        raise AssertionError(self.log.read_text())

    def get(self, path: str) -> bytes:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            read: bytes = answer.read()
            return read

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def sockets(self) -> int:
        lines = self.get("/metrics").decode().splitlines()
        return int(next(x for x in lines if x.startswith("unrolled_room_sockets")).split()[1])


class Class:
    """A room of a server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        url = f"http://127.0.0.1:{server.port}/api/v1/rooms"
        request = urllib.request.Request(url, json.dumps({"lesson": "lecture-lstm"}).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            made = json.load(answer)
        self.code, self.token = made["code"], made["presenter_token"]

    def connect(self, code: str = "", **options: Any) -> ClientConnection:
        url = f"ws://127.0.0.1:{self.server.port}/api/v1/rooms/{code or self.code}"
        made: ClientConnection = connect(url, compression=None, close_timeout=1, **options)
        return made

    @contextmanager
    def join(self, **hello: Any) -> Iterator[tuple[ClientConnection, Any]]:
        with self.connect() as line:
            tell(line, "hello", **hello)
            yield line, listen(line)


def tell(line: ClientConnection, kind: str, **fields: Any) -> None:
    line.send(json.dumps({"type": kind, **fields}))


def listen(line: ClientConnection, kind: str = "") -> Any:
    """The next message, or the next of one type."""
    while True:
        message = json.loads(line.recv(timeout=30))
        if kind in ("", message["type"]):
            return message
