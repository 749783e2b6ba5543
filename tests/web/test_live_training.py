"""Training over the socket: progress until it has ended, beside everything else."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from tests.scenes.test_live_training import SCENE, TRAIN
from tests.web.conftest import Serve
from tests.web.test_live import PATH, ask
from unrolled.scenes.live import train_messages

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
        updates = [train_messages.Progress.model_validate(each).update for each in progress]
        assert updates == sorted(set(updates))
        assert updates[-1] == 400
        assert len(updates) < 100  # no more than a page can draw
        train_messages.Trained.model_validate(done)
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


def test_updates_are_made_one_at_a_time_and_their_weights_seen(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        first = ask(socket, "train", **ENDLESS, paused=True)
        assert (first["update"], first["state"], first["loss"]) == (0, "paused", None)
        one, two = ask(socket, "update"), ask(socket, "update")
        for each in (one, two):
            assert train_messages.Progress.model_validate(each).clipped_norm is not None
        assert (one["update"], two["update"]) == (1, 2)
        held = ask(socket, "weights")
        train_messages.WeightsAnswer.model_validate(held)
        assert held["scene"]["network"]["readout"]["weights"]["b"] != [0, 0]
        send(socket, "resume")
        assert until(socket, "progress")[-1]["state"] == "running"
        send(socket, "update")
        assert until(socket, "error")[-1]["code"] == "training"
        send(socket, "stop")
        until(socket, "trained")


def test_a_training_stopped_and_resumed_is_bit_for_bit_the_uninterrupted(
    client: TestClient,
) -> None:
    how = {**TRAIN, "updates": 40, "checkpoint": True}
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **how)
        whole = until(socket, "trained")[-1]
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **how, paused=True)
        for _ in range(13):
            send(socket, "update")
        send(socket, "stop")
        stopped = until(socket, "trained")[-1]
        assert (stopped["updates"], stopped["stopped"]) == (13, "stop")
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", examples=how["examples"], updates=40, checkpoint=True,
             resume=stopped["checkpoint"])  # fmt: skip
        assert until(socket, "trained")[-1] == whole


def test_a_training_that_cannot_be_is_refused_and_the_session_goes_on(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        for changed in ({"optimiser": "none"}, {"examples": [{"inputs": [], "targets": [0]}]}):
            answer = ask(socket, "train", **{**TRAIN, **changed})
            assert (answer["type"], answer["code"]) == ("error", "bad_message")
            assert answer["errors"]
        assert ask(socket, "edit", path="inputs[0][0]", value=1)["type"] == "frame"
        send(socket, "train", **TRAIN)
        assert until(socket, "trained")[-1]["updates"] == 12


def test_a_training_ends_with_its_socket(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **ENDLESS)
        socket.receive_json()
        assert "unrolled_live_trainings 1" in client.get("/metrics").text
    end = time.monotonic() + 20
    while "unrolled_live_trainings 0" not in client.get("/metrics").text:
        assert time.monotonic() < end
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        send(socket, "train", **TRAIN)
        assert until(socket, "trained")[-1]["updates"] == 12


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


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file; while it is there, the process of trainings dies as it begins."""
    sign = tmp_path / "broken"
    usual = asyncio.create_subprocess_exec

    async def begin(*command: str, **more: Any) -> Any:
        if sign.exists():
            command = (sys.executable, "-c", "import sys; sys.stdin.buffer.read(9)")
        return await usual(*command, **more)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    return sign


def test_where_the_process_of_trainings_dies_the_session_goes_on(
    serve: Serve, broken: Path
) -> None:
    broken.touch()
    with serve().websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        answer = ask(socket, "train", **TRAIN)
        assert answer["code"] == "internal"
        assert ask(socket, "step")["t"] == 0
        broken.unlink()
        send(socket, "train", **TRAIN)
        assert until(socket, "trained")[-1]["updates"] == 12


def test_a_process_that_died_at_rest_is_begun_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[asyncio.subprocess.Process] = []
    usual = asyncio.create_subprocess_exec

    async def begin(*command: str, **more: Any) -> Any:
        begun.append(await usual(*command, **more))
        return begun[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    with serve().websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        for _ in range(2):
            send(socket, "train", **TRAIN)
            assert until(socket, "trained")[-1]["updates"] == 12
            begun[-1].kill()
            end = time.monotonic() + 20
            while begun[-1].returncode is None:
                assert time.monotonic() < end
                assert ask(socket, "reset")["t"] is None  # the server's loop goes on meanwhile
    assert len(begun) == 2


def test_trainings_take_turns(client: TestClient) -> None:
    with client.websocket_connect(PATH) as one, client.websocket_connect(PATH) as two:
        for socket in (one, two):
            ask(socket, "open", scene=SCENE)
            send(socket, "train", **ENDLESS)
        for _ in range(3):
            assert one.receive_json()["state"] == two.receive_json()["state"] == "running"


def test_too_many_trainings_are_refused_by_the_limits_name(serve: Serve) -> None:
    client = serve(live_trainings=1)
    with client.websocket_connect(PATH) as one, client.websocket_connect(PATH) as two:
        for socket in (one, two):
            ask(socket, "open", scene=SCENE)
        assert ask(one, "train", **ENDLESS, paused=True)["state"] == "paused"
        refused = ask(two, "train", **TRAIN)
        assert refused["code"] == "busy"
        assert "UNROLLED_LIVE_TRAININGS" in refused["detail"]
        send(one, "stop")
        until(one, "trained")
        send(two, "train", **TRAIN)
        assert until(two, "trained")[-1]["updates"] == 12


def test_an_order_that_comes_too_late_is_answered_all_the_same(client: TestClient) -> None:
    with client.websocket_connect(PATH) as socket:
        ask(socket, "open", scene=SCENE)
        for kind, fields in (("train", {**TRAIN, "paused": True}), ("stop", {}), ("update", {})):
            send(socket, kind, **fields)
        until(socket, "trained")
        assert socket.receive_json()["code"] == "not_training"
