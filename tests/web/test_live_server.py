"""The live socket of a real server: huge frames, floods, clients that leave in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

LONG = {
    "version": 1,
    "network": {"layers": [{"cell": "lstm", "units": 64}]},
    "inputs": [[1]] * 2000,
}


class Server:
    """`unrolled serve` in a process of its own."""

    def __init__(self, port: str, log: Path) -> None:
        self.address, self.log = f"127.0.0.1:{port}", log

    def open(self) -> ClientConnection:
        made: ClientConnection = connect(f"ws://{self.address}/api/v1/live", compression=None)
        return made

    def sessions(self) -> int:
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(next(x for x in lines if x.startswith("unrolled_live_sessions")).split()[1])

    def empties(self) -> bool:
        """Whether all sessions have ended within a while; the server has no event to wait for."""
        end = time.monotonic() + 20
        while self.sessions() and time.monotonic() < end:
            time.sleep(0.02)
        return self.sessions() == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("live") / "server.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
    command = [str(Path(sys.executable).parent / "unrolled"), "serve", "--port", "0"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            env={**kept, "UNROLLED_LIVE_FRAME": "200000", "PYTHONUNBUFFERED": "1"},
        )
    try:
        yield Server(started(process, log), log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def started(process: subprocess.Popen[bytes], log: Path) -> str:
    """The port, once the server answers there."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        said = log.read_text()
        if "Unrolled serves http://" in said:
            port = said.partition("Unrolled serves http://127.0.0.1:")[2].split()[0]
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                return port
        time.sleep(0.02)
    raise AssertionError(log.read_text())


def ask(socket: ClientConnection, kind: str, **fields: Any) -> Any:
    socket.send(json.dumps({"type": kind, **fields}))
    return json.loads(socket.recv(timeout=30))


def test_a_scene_is_stepped(server: Server) -> None:
    with server.open() as socket:
        assert ask(socket, "open", lesson="lecture-lstm")["steps"] == 5
        assert [ask(socket, "step")["t"] for _ in range(5)] == [0, 1, 2, 3, 4]
        assert ask(socket, "step")["code"] == "end"


def test_a_large_frame_is_refused_and_a_huge_one_closes_the_socket(server: Server) -> None:
    with server.open() as socket:
        ask(socket, "open", lesson="lecture-lstm")
        socket.send("x" * 300_000)
        assert json.loads(socket.recv(timeout=30))["code"] == "too_large"
        assert ask(socket, "step")["t"] == 0
        with suppress(ConnectionClosed):  # it may close while the frame is still being written
            socket.send("x" * 5_000_000)
        with pytest.raises(ConnectionClosed) as caught:
            socket.recv(timeout=30)
        assert caught.value.rcvd is None or caught.value.rcvd.code == 1009
    assert server.empties()


def test_a_flood_on_one_socket_does_not_keep_another_waiting(server: Server) -> None:
    scene = {**LONG, "inputs": [[1]] * 5000, "network": {"layers": [{"cell": "gru", "units": 2}]}}
    with server.open() as flood, server.open() as calm:
        ask(flood, "open", scene=scene)
        ask(calm, "open", lesson="lecture-lstm")
        for _ in range(5000):
            flood.send('{"type":"step"}')
        assert ask(calm, "step")["t"] == 0  # before anybody has read an answer to the flood
        for t in range(5000):
            assert json.loads(flood.recv(timeout=30))["t"] == t


def test_clients_that_leave_in_the_middle_of_work_are_forgotten(server: Server) -> None:
    for abrupt in (True, False):
        with server.open() as socket:
            ask(socket, "open", scene=LONG)
            ask(socket, "seek", t=1999)
            for _ in range(5):
                socket.send('{"type":"gradients"}')
            if abrupt:
                socket.socket.shutdown(SHUT_RDWR)
    assert server.empties()
    with server.open() as socket:
        assert ask(socket, "open", lesson="lecture-rnn")["type"] == "opened"


def test_nothing_of_all_that_is_an_error_in_the_log(server: Server) -> None:
    with server.open() as socket:
        for text in ("{", "[" * 100_000, '{"type":"step","input":["Infinity"]}'):
            socket.send(text)
            assert json.loads(socket.recv(timeout=30))["type"] == "error"
    assert server.empties()
    said = server.log.read_text()
    assert "Traceback" not in said
    assert "ERROR" not in said


def test_others_step_while_one_socket_trains(server: Server) -> None:
    examples = [{"inputs": [[0.5]] * 50, "targets": [[0.1] * 64] * 50}] * 4
    with server.open() as busy, server.open() as calm:
        ask(busy, "open", scene={**LONG, "inputs": [[1]]})
        ask(calm, "open", lesson="lecture-lstm")
        train = {"type": "train", "examples": examples, "updates": 10**6}
        busy.send(json.dumps(train))
        assert json.loads(busy.recv(timeout=30))["type"] == "progress"
        for _ in range(100):  # a million updates are not over before these are answered
            assert ask(calm, "step", input=[1, 1, 1])["type"] == "frame"
        busy.send('{"type":"stop"}')
        while json.loads(busy.recv(timeout=30))["type"] != "trained":
            pass
    assert server.empties()
