"""Training over the socket: progress until it has ended, beside everything else."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from tests.scenes.test_live_training import SCENE, TRAIN
from tests.web.conftest import Serve
from tests.web.test_live import PATH, ask, gauge
from unrolled.scenes.live import messages
from unrolled.scenes.live.training import LiveTraining

ENDLESS = {**TRAIN, "updates": 10**9}


def send(socket: WebSocketTestSession, kind: str, **fields: Any) -> None:
    socket.send_text(json.dumps({"type": kind, **fields}))


def until(socket: WebSocketTestSession, kind: str) -> list[Any]:
    """Every answer to the first of a kind."""
    came: list[Any] = []
    while not came or came[-1]["type"] != kind:
        came.append(socket.receive_json())
        assert came[-1]["type"] in ("progress", kind), came[-1]
    return came


def test_progress_comes_until_the_scene_is_trained(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **{**TRAIN, "updates": 400})
        *progress, done = until(socket, "trained")
        updates = [messages.Progress.model_validate(each).update for each in progress]
        assert updates == sorted(set(updates))
        assert updates[-1] == 400
        assert len(updates) < 100  # no more than a page can draw
        messages.Trained.model_validate(done)
        assert (done["stopped"], done["updates"]) == ("updates", 400)
        first, last = progress[0]["loss"], progress[-1]["loss"]
        assert last < first
        assert ask(socket, "open", scene=done["scene"])["type"] == "opened"


def test_a_training_is_paused_resumed_and_stopped(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **ENDLESS)
        assert socket.receive_json()["type"] == "progress"
        send(socket, "pause")
        while (paused := socket.receive_json())["state"] != "paused":
            pass
        # Steps go on, and nothing of the training comes between.
        assert [ask(socket, "step")["t"] for _ in range(3)] == [0, 1, 2]
        send(socket, "resume")
        assert socket.receive_json()["update"] >= paused["update"]
        assert socket.receive_json()["update"] > paused["update"]
        send(socket, "stop")
        done = until(socket, "trained")[-1]
        assert done["stopped"] == "stop"
        assert ask(socket, "back")["t"] == 1
        assert ask(socket, "stop")["code"] == "not_training"


def test_a_paused_training_can_be_stopped(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **ENDLESS)
        send(socket, "pause")
        while socket.receive_json()["state"] != "paused":
            pass
        send(socket, "stop")
        assert until(socket, "trained")[-1]["stopped"] == "stop"
        send(socket, "train", **TRAIN)
        assert until(socket, "trained")[-1]["stopped"] == "updates"


def test_steps_are_answered_while_a_training_goes_on(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket, client.websocket_connect(PATH) as other:
        ask(socket, "open", scene=SCENE)
        ask(other, "open", lesson="lecture-lstm")
        send(socket, "train", **ENDLESS)
        assert ask(other, "step")["t"] == 0
        send(socket, "step")
        assert until(socket, "frame")[-1]["t"] == 0
        send(socket, "edit", path="inputs[0][0]", value=1)
        assert until(socket, "error")[-1]["code"] == "training"
        send(socket, "stop")
        until(socket, "trained")


def test_a_training_ends_with_its_socket(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    stretches = 0
    usual = LiveTraining.advance

    def counted(self: LiveTraining, seconds: float) -> None:
        nonlocal stretches
        stretches += 1
        usual(self, seconds)

    monkeypatch.setattr(LiveTraining, "advance", counted)
    client = serve()
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **ENDLESS)
        socket.receive_json()
    end = time.monotonic() + 20
    while "unrolled_computations_pending 0" not in client.get("/metrics").text:
        assert time.monotonic() < end
    assert gauge(client) == "unrolled_live_sessions 0"
    held = stretches
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        ask(socket, "gradients")
    assert stretches == held


def test_a_client_that_watches_its_training_is_not_idle(serve: Serve) -> None:
    with serve(live_idle=1).websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **ENDLESS)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            assert socket.receive_json()["type"] == "progress"
        send(socket, "stop")
        until(socket, "trained")
        assert socket.receive_json()["code"] == "idle"


def test_a_training_that_fails_inside_says_so_and_the_session_goes_on(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: LiveTraining, seconds: float) -> None:
        raise RuntimeError("secret")

    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        with monkeypatch.context() as patch:
            patch.setattr(LiveTraining, "advance", broken)
            answer = ask(socket, "train", **TRAIN)
        assert answer["code"] == "internal"
        assert "secret" not in answer["detail"]
        assert ask(socket, "step")["t"] == 0


def test_trainings_wait_for_a_thread_where_there_are_too_many(serve: Serve) -> None:
    client = serve(threads=1, queue=0)
    with client.websocket_connect(PATH) as one, client.websocket_connect(PATH) as two:
        for socket in (one, two):
            ask(socket, "open", scene=SCENE)
        send(one, "train", **{**TRAIN, "updates": 300})
        assert until(one, "trained")[-1]["updates"] == 300
        send(two, "train", **TRAIN)
        assert until(two, "trained")[-1]["updates"] == 12
