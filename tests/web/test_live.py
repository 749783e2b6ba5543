"""The live socket: frames of JSON in, one answer each, and nothing that closes it but its end."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import Serve
from unrolled.scenes.live.session import Session

PATH = "/api/v1/live"
LONG = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 1}]},
    "inputs": [[1]] * 3000,
}


def ask(socket: WebSocketTestSession, kind: str, **fields: Any) -> Any:
    socket.send_text(json.dumps({"type": kind, **fields}))
    return socket.receive_json()


def gauge(client: TestClient) -> str:
    lines = client.get("/metrics").text.splitlines()
    return next(line for line in lines if line.startswith("unrolled_live_sessions"))


def test_a_lesson_is_stepped_over_the_socket(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        assert ask(socket, "open", lesson="lecture-lstm")["steps"] == 5
        first = ask(socket, "step")
        assert first["layers"][0]["directions"][0]["values"]["c"] == [3.0]
        second = ask(socket, "step")
        assert second["layers"][0]["directions"][0]["values"]["c"] == [7.0]
        assert ask(socket, "back") == first
        path = "network.layers[0].weights.W_f[0][1]"
        assert ask(socket, "edit", path=path, value=50)["t"] == 0
        answer = ask(socket, "gradients")
        assert answer["layers"][0]["directions"][0]["gradients"]["c"]
        assert ask(socket, "reset")["t"] is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "nonsense", "[" * 100_000, '{"type": "step"', '{"type":"\\ud800"}', "\u0000", "NaN",
     '{"type": "step", "input": [NaN, 0, 0]}', '{"type": "step", "input": [1e999, 0, 0]}',
     '{"type": "step", "input": ["Infinity", 0, 0]}', '{"type": "no-such-type"}',
     '{"type": "step", "type": "nope"}', '{"type": "seek", "t": ' + "9" * 5000 + "}"],
)  # fmt: skip
def test_what_is_no_message_is_refused_and_the_session_goes_on(
    client: TestClient, text: str
) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", lesson="lecture-lstm")
        here = ask(socket, "seek", t=2)
        socket.send_text(text)
        answer = socket.receive_json()
        assert (answer["type"], answer["code"]) == ("error", "bad_message")
        assert ask(socket, "seek", t=2) == here


def test_a_binary_frame_is_refused(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        socket.send_bytes(b'{"type":"step"}')
        assert socket.receive_json()["code"] == "bad_message"
        assert ask(socket, "step")["code"] == "not_open"


@pytest.mark.parametrize("filler", ["x", "数"])
def test_a_message_over_the_limit_is_refused_by_the_limits_name(serve: Serve, filler: str) -> None:
    with serve(live_frame=3000).websocket_connect(PATH) as socket:
        ask(socket, "open", lesson="lecture-lstm")
        socket.send_text('{"type":"' + filler * 2995 + '"}')
        answer = socket.receive_json()
        assert answer["code"] == "too_large"
        assert "UNROLLED_LIVE_FRAME" in answer["detail"]
        assert ask(socket, "step")["t"] == 0


def test_any_origin_may_open_one(client: TestClient) -> None:
    for origin in ("null", "https://course.example"):
        with client.websocket_connect(PATH, headers={"Origin": origin}) as socket:
            assert ask(socket, "open", lesson="lecture-rnn")["type"] == "opened"


def test_a_name_that_is_not_ours_is_turned_away(client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        client.websocket_connect(PATH, headers={"Host": "evil.example.com"}),
    ):
        pass
    assert caught.value.code == 4400


def test_a_flood_is_answered_one_by_one(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=LONG)
        for _ in range(500):
            socket.send_text('{"type":"step"}')
        assert [socket.receive_json()["t"] for _ in range(500)] == list(range(500))


def test_sockets_do_not_share_a_session(client: TestClient) -> None:
    with client.websocket_connect(PATH) as one, client.websocket_connect(PATH) as two:
        ask(one, "open", lesson="lecture-lstm")
        assert ask(two, "step")["code"] == "not_open"
        ask(two, "open", lesson="lecture-lstm")
        ask(one, "edit", path="network.layers[0].weights.W_g[0][0]", value=9)
        assert ask(one, "step")["layers"][0]["directions"][0]["values"]["g"] == [27]
        assert ask(two, "step")["layers"][0]["directions"][0]["values"]["g"] == [3]


def test_beyond_the_limit_of_sockets_the_next_is_told_and_closed(serve: Serve) -> None:
    client = serve(live_sessions=1)
    with client.websocket_connect(PATH):
        with client.websocket_connect(PATH) as second:
            answer = second.receive_json()
            assert answer["code"] == "busy"
            assert "UNROLLED_LIVE_SESSIONS" in answer["detail"]
            with pytest.raises(WebSocketDisconnect) as caught:
                second.receive_json()
            assert caught.value.code == 1013
        assert gauge(client) == "unrolled_live_sessions 1"
    with client.websocket_connect(PATH) as third:
        assert ask(third, "open", lesson="lecture-rnn")["type"] == "opened"


def test_who_says_nothing_is_told_and_closed(serve: Serve) -> None:
    with serve(live_idle=1).websocket_connect(PATH) as socket:
        assert socket.receive_json()["code"] == "idle"
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
        assert caught.value.code == 4408


def test_a_mistake_of_the_servers_own_is_not_told_and_ends_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Session, message: object) -> dict[str, Any]:
        raise RuntimeError("secret")

    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", lesson="lecture-lstm")
        with monkeypatch.context() as patch:
            patch.setattr(Session, "answer", broken)
            answer = ask(socket, "step")
        assert answer["code"] == "internal"
        assert "secret" not in answer["detail"]
        assert ask(socket, "step")["t"] == 0


def test_large_work_leaves_the_event_loop_and_small_work_does_not(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, str] = {}
    usual = Session.answer

    def watched(self: Session, message: Any) -> dict[str, Any] | None:
        threads[message["type"]] = threading.current_thread().name
        return usual(self, message)

    monkeypatch.setattr(Session, "answer", watched)
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=LONG)
        ask(socket, "step")
        ask(socket, "seek", t=2999)
        ask(socket, "gradients")
    pooled = {kind for kind, name in threads.items() if name.startswith("unrolled")}
    assert pooled == {"open", "seek", "gradients"}


def test_a_server_with_too_much_to_do_says_so_and_keeps_the_session(serve: Serve) -> None:
    client = serve(threads=1, queue=0)
    gate, begun = threading.Event(), threading.Event()
    usual = Session.answer

    def slow(self: Session, message: Any) -> dict[str, Any] | None:
        if message["type"] == "gradients":
            begun.set()
            gate.wait(30)
        return usual(self, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "answer", slow)
        with client.websocket_connect(PATH) as one, client.websocket_connect(PATH) as two:
            for socket in (one, two):
                ask(socket, "open", lesson="lecture-lstm")
                ask(socket, "step")
            one.send_text('{"type":"gradients"}')
            assert begun.wait(30)
            # While the only thread is taken, small steps go on and large work is put off.
            assert ask(two, "step")["t"] == 1
            assert ask(two, "gradients")["code"] == "busy"
            gate.set()
            assert one.receive_json()["type"] == "gradients"
            assert ask(two, "gradients")["type"] == "gradients"
