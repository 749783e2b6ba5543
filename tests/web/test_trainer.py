"""The program in which trainings take turns: requests in, replies out, whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import asdict
from typing import Any

import orjson
import pytest

from tests.scenes.test_live_training import SCENE, TRAIN
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.training import LiveTraining
from unrolled.web import trainer
from unrolled.web.trainer import LENGTH, Host

BEGIN = {"kind": "begin", "scene": SCENE, "limits": asdict(Limits())}


def begun(host: Host, number: int = 0, **changed: Any) -> trainer.Reply:
    message = {"type": "train", **TRAIN, **changed}
    return host.answer({"training": number, **BEGIN, "message": message})


def asked(host: Host, kind: str, number: int = 0, **fields: Any) -> trainer.Reply:
    return host.answer({"training": number, "kind": kind, **fields})


def parts(data: bytes) -> list[Any]:
    """What was written, piece by piece."""
    stream, found = io.BytesIO(data), []
    while length := stream.read(LENGTH.size):
        piece = stream.read(*LENGTH.unpack(length))
        found.append(json.loads(piece) if piece else None)
    return found


def test_requests_are_answered_one_after_the_other_until_there_are_no_more() -> None:
    requests = [
        {"training": 4, **BEGIN, "message": {"type": "train", **TRAIN, "updates": 3}},
        *[{"training": 4, "kind": "advance", "seconds": 0}] * 3,
        {"training": 4, "kind": "end"},
    ]
    data = b"".join(LENGTH.pack(len(each)) + each for each in map(orjson.dumps, requests))
    replies = io.BytesIO()
    trainer.serve(io.BytesIO(data + b"half a len"[:5]), replies)
    heads, bodies = parts(replies.getvalue())[::2], parts(replies.getvalue())[1::2]
    assert [head["ended"] for head in heads] == [False, False, False, True, True]
    assert bodies[0] is None
    assert [body["update"] for body in bodies[1:4]] == [1, 2, 3]
    assert bodies[4]["type"] == "trained"


def test_trainings_do_not_share_anything() -> None:
    host = Host()
    begun(host, 1)
    begun(host, 2, rate=0.5)
    bodies = [json.loads(asked(host, "advance", n, seconds=0)[1]) for n in (1, 2, 1)]
    assert [body["update"] for body in bodies] == [1, 1, 2]


def test_one_that_cannot_be_is_refused_and_not_kept() -> None:
    host = Host()
    for changed in ({"optimiser": "none"}, {"examples": [{"inputs": [[1], [1, 2]],
                    "targets": [0]}]}):  # fmt: skip
        head, body = begun(host, **changed)
        assert head == {"refused": True}
        assert json.loads(body)["code"] == "bad_message"


def test_a_refused_message_leaves_the_training_as_it_was() -> None:
    host = Host()
    begun(host)
    head, body = asked(host, "follow", message={"type": "update"})
    assert (head, json.loads(body)["code"]) == ({"ended": False, "paused": False}, "training")


def test_one_that_was_left_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    host = Host()
    begun(host)
    assert asked(host, "leave") == ({}, b"")
    with caplog.at_level(logging.CRITICAL):
        assert asked(host, "advance", seconds=0) == ({"failed": True}, b"")


def test_what_goes_wrong_inside_is_logged_and_not_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    host = Host()
    begun(host)
    monkeypatch.setattr(LiveTraining, "advance", broken)
    assert asked(host, "advance", seconds=0) == ({"failed": True}, b"")
    assert "secret" in caplog.text
