"""Brokers to try: rooms in a SQLite file, and a Redis server of the tests' own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from unrolled.rooms.brokers import Broker, open_broker


class Redis:
    """A Redis server on a spare port, that can be taken away and brought back."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as spare:
            self.port: int = spare.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        # Everything is in the append-only file before it is answered: a kill loses nothing.
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder),
                   "--save", "", "--appendonly", "yes", "--appendfsync", "always"]  # fmt: skip
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                    line.sendall(b"PING\r\n")
                    if line.recv(7).startswith(b"+PONG"):
                        return
            except OSError:
                time.sleep(0.02)  # there is no event to wait for: the port is opened by another
        raise AssertionError("redis-server does not answer")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    assert shutil.which("redis-server"), "scripts/system-packages.sh installs redis-server"
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["sqlite", "redis"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    """Each of the brokers."""
    url = request.getfixturevalue("redis_server").url if request.param == "redis" else ""
    made = open_broker(url, tmp_path / "rooms.sqlite3", scene_days=1)
    yield made
    await made.close()
