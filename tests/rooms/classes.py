"""A room to try things on, and a client that remembers what it was told."""

from __future__ import annotations

import json
import time
from typing import Any

from unrolled.rooms import answers, messages, tokens
from unrolled.rooms import room as rooms
from unrolled.rooms import state as states
from unrolled.rooms.errors import RoomError
from unrolled.rooms.frames import Frame
from unrolled.rooms.polls import Result
from unrolled.rooms.room import Room

Asked = dict[str, Any]
CHOICES: Asked = {
    "question": "Which gate forgets?",
    "choices": ["f", "i", "o"],
    "answer": 0,
}
NUMBER: Asked = {
    "question": "What is f at step 4?",
    "address": "layers.0.forward.f",
    "t": 3,
}


def message(kind: str, **fields: Any) -> Any:
    """A message as the socket's reader makes it."""
    return messages.BY_NAME[kind].model_validate({"type": kind, **fields})


def new(scene: Any = "lecture-lstm", **parts: Any) -> Room:
    """A room that was just opened."""
    usual: dict[str, Any] = {
        "code": tokens.new_code(),
        "token": tokens.hashed("secret"),
        "state": states.first(scene),
        "expires": time.time() + 3600,
    }
    return Room(**{**usual, **parts})


def say(room: Room, kind: str, result: Result | None = None, **fields: Any) -> Room:
    """The room after a message of its presenter."""
    return rooms.changed(room, message(kind, **fields), result)


def put(room: Room, **state: Any) -> Room:
    """The room after a patch of its state."""
    return say(room, "set", state=state)


SAID = {messages.name(answer): answer for answer in answers.SERVER}


class Ear:
    """A client that reads everything, and takes nothing that is not in the schema."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.code: int | None = None

    def send(self, frame: Frame) -> None:
        assert self.code is None, "told something after the end"
        heard = json.loads(frame.data)
        SAID[heard["type"]].model_validate_json(frame.data)
        self.heard.append(heard)

    def close(self, code: int) -> None:
        self.code = self.code or code

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What was heard of one type."""
        return [each for each in self.heard if each["type"] == kind]

    @property
    def kinds(self) -> list[str]:
        return [each["type"] for each in self.heard]


class AnyScene:
    """Takes every scene but those named `bad`; stores by counting; every answer is 0.5."""

    def __init__(self) -> None:
        self.stored: list[Any] = []
        self.answered: list[tuple[Any, str, int]] = []

    async def admit(self, scene: Any) -> None:
        if scene == "bad":
            raise RoomError("bad_scene", "scene: expected a scene, got a bad one")

    async def store(self, scene: Any) -> str:
        self.stored.append(scene)
        return f"s_{len(self.stored)}"

    async def answer(self, scene: Any, address: str, t: int) -> float:
        if address == "nowhere":
            raise RoomError("bad_poll", "poll.address: expected a value, got nowhere")
        self.answered.append((scene, address, t))
        return 0.5
