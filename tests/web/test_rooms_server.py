"""A room of a real server among hostile clients, and through a kill -9."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from tests.web.classes import Class, Server, listen, tell


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"UNROLLED_ROOM_FRAME": "100000", "UNROLLED_LIVE_FRAME": "100000",
                "UNROLLED_ROOM_PATIENCE": "2", "UNROLLED_ROOM_PING": "2",
                "UNROLLED_ROOM_RATE": "2000", "UNROLLED_ROOM_HELLO": "3",
                "UNROLLED_ROOM_OPENINGS": "1000"}  # fmt: skip
    made = Server(tmp_path_factory.mktemp("rooms"), **settings)
    yield made
    made.stop()
    said = made.log.read_text()
    assert "failed" not in said
    assert "Exception in ASGI application" not in said


@pytest.fixture
def calm(server: Server) -> Iterator[tuple[Class, ClientConnection, ClientConnection]]:
    """A class that goes on, whatever happened around it: every step arrives, in order."""
    lecture = Class(server)
    with (
        lecture.join(token=lecture.token) as (presenter, _),
        lecture.join() as (student, _),
    ):
        yield lecture, presenter, student
        for t in (1, 2, 3):
            tell(presenter, "set", state={"cursor": {"t": t}})
            assert listen(student, "state")["state"]["cursor"]["t"] == t


Calm = tuple[Class, ClientConnection, ClientConnection]


def test_forged_messages_of_viewers_change_nothing(calm: Calm) -> None:
    lecture, _, _ = calm
    with lecture.join(token=None) as (forger, welcome):
        assert welcome["role"] == "viewer"
        for number in range(20):
            tell(forger, "set", state={"cursor": {"t": 99}}, role="presenter", rev=number)
            tell(forger, "set", state={"cursor": {"t": 99}})
        codes = {listen(forger, "error")["code"] for _ in range(2)}
        assert codes <= {"forbidden", "bad_message"}


def test_wrong_tokens_end_in_4403(calm: Calm) -> None:
    lecture, _, _ = calm
    for token in ("", "x", lecture.code, lecture.token[:-1], lecture.token + "x", "\u0000" * 43):
        with lecture.join(token=token) as (line, answer):
            assert answer["code"] == "forbidden"
            with pytest.raises(ConnectionClosed) as caught:
                line.recv(timeout=30)
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 4403


@pytest.mark.parametrize("size", [4_100, 3_000_000])
def test_huge_frames_close_their_own_socket(calm: Calm, size: int) -> None:
    lecture, _, _ = calm
    with lecture.join() as (line, _):
        with suppress(ConnectionClosed):  # it may close while the frame is still being written
            line.send("x" * size)
        with pytest.raises(ConnectionClosed) as caught:
            listen(line, "never")
        assert caught.value.rcvd is None or caught.value.rcvd.code == 1009


@pytest.mark.parametrize(
    "data",
    [
        b"\x83\x80\0\0\0\0",  # an opcode that does not exist
        b"\x81\x05hello",  # not masked
        b"\xf1\x80\0\0\0\0",  # reserved bits
        b"\x89\xfe\x01\x00\0\0\0\0" + b"x" * 256,  # a ping too long
        b"\x81\x82\0\0\0\0\xff\xfe",  # not UTF-8
        b"\x80\x80\0\0\0\0",  # goes on with nothing
        b"\x81\xff" + struct.pack(">Q", 2**62) + b"\0\0\0\0",  # promises more than there is
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_frames_close_their_own_socket(calm: Calm, data: bytes) -> None:
    lecture, _, _ = calm
    with raw(lecture) as line:
        line.sendall(data)
        line.settimeout(30)
        while line.recv(65536):
            pass


def test_a_flood_waits_and_the_class_does_not(calm: Calm) -> None:
    lecture, presenter, student = calm
    with lecture.join() as (line, _), lecture.join() as (other, _):
        for _ in range(500):
            tell(line, "poll.vote", value=1)
            other.send("nonsense")
        tell(presenter, "set", state={"cursor": {"t": 9}})
        assert listen(student, "state")["state"]["cursor"]["t"] == 9


def test_whoever_never_reads_is_cut_and_nobody_notices(calm: Calm) -> None:
    lecture, presenter, student = calm
    with raw(lecture, receive=2048) as deaf:
        masked_text(deaf, '{"type":"hello"}')
        before = lecture.server.sockets()
        for t in range(200):
            tell(presenter, "set", state={"cursor": {"t": t}, "view": {"pad": "x" * 7000}})
            for line in (presenter, student):
                assert listen(line, "state")["state"]["cursor"]["t"] == t
        assert emptied_to(lecture.server, before - 1)


def test_half_open_sockets_are_found_out(calm: Calm) -> None:
    lecture, _, _ = calm
    with ExitStack() as stack:
        before = lecture.server.sockets()
        # They shook hands, and then their machines were gone: no hello, no answer to a ping.
        for _ in range(20):
            stack.enter_context(raw(lecture))
        assert emptied_to(lecture.server, before)


def test_a_handshake_that_never_ends_keeps_nobody_out(calm: Calm) -> None:
    lecture, _, _ = calm
    with ExitStack() as stack:
        for _ in range(50):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", lecture.server.port)))
            line.sendall(b"GET /api/v1/rooms/K7MPX2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        with lecture.join() as (_, welcome):
            assert welcome["type"] == "welcome"


def test_a_thousand_codes_guessed_are_slowed_down_and_the_right_one_is_let_in(
    tmp_path: Path,
) -> None:
    settings = {"UNROLLED_ROOM_GUESS_RATE": "200", "UNROLLED_ROOM_GUESS_WAIT": "2"}
    server = Server(tmp_path, **settings)
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (presenter, _), lecture.join() as (student, _):

        def guess(number: int) -> str:
            with lecture.connect(code=f"Z{number:05d}".replace("0", "Z").replace("1", "Y")) as line:
                tell(line, "hello")
                code: str = listen(line)["code"]
                return code

        began = time.monotonic()
        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(guess, range(1000))) == {"no_room"}
        assert time.monotonic() - began > 4, "two hundred a second after the first twenty"
        with lecture.join() as (_, welcome):
            assert welcome["type"] == "welcome"
        tell(presenter, "set", state={"cursor": {"t": 1}})
        assert listen(student, "state")["rev"] == 2
    server.stop()
    assert lecture.token not in server.log.read_text()


def test_a_page_of_another_origin_is_turned_away(server: Server) -> None:
    with (
        pytest.raises(InvalidStatus) as caught,
        Class(server).connect(origin="https://evil.example"),
    ):
        pass
    assert caught.value.response.status_code == 403


def test_nothing_is_lost_in_a_kill(tmp_path: Path) -> None:
    server = Server(tmp_path)
    lecture = Class(server)
    mine = {"token": lecture.token, "viewer": "the-presenters-own-tab"}
    with lecture.join(**mine) as (presenter, _), lecture.join() as (student, welcome):
        tell(presenter, "set", state={"cursor": {"t": 3}, "view": {"notation": "ng"}})
        poll = {"question": "f?", "address": "layers.0.forward.f", "t": 4}
        tell(presenter, "poll.open", poll=poll)
        listen(student, "poll")
        tell(student, "poll.vote", value=0.25)
        listen(student, "poll.voted")
        server.kill()
        for line in (presenter, student):
            with pytest.raises(ConnectionClosed):
                listen(line, "never")
    server.start()
    with lecture.join(**mine) as (presenter, again):
        assert (again["role"], again["rev"]) == ("presenter", 2)
        with lecture.join(viewer=welcome["viewer"]) as (student, back):
            assert back["state"]["cursor"]["t"] == 3
            assert back["state"]["view"] == {"notation": "ng"}
            assert (back["poll"]["question"], back["poll"]["vote"]) == ("f?", 0.25)
            tell(presenter, "poll.reveal")
            result = listen(student, "poll.result")
            assert (result["votes"], result["histogram"]) == (1, [{"value": 0.25, "votes": 1}])
    server.stop()


@contextmanager
def raw(lecture: Class, receive: int = 0) -> Iterator[socket.socket]:
    """A socket that shook hands and has said nothing."""
    line = socket.socket()
    if receive:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    line.connect(("127.0.0.1", lecture.server.port))
    with line:
        head = (
            f"GET /api/v1/rooms/{lecture.code} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        line.sendall(head.encode())
        assert b" 101 " in line.recv(1024)
        yield line


def masked_text(line: socket.socket, text: str) -> None:
    line.sendall(bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text.encode())


def emptied_to(server: Server, count: int) -> bool:
    """Whether so few sockets are left within a while; the server has no event to wait for."""
    end = time.monotonic() + 30
    while server.sockets() > count and time.monotonic() < end:
        time.sleep(0.05)
    return server.sockets() <= count
