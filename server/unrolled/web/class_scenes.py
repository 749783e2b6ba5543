"""What a class asks about scenes: may it be shown, where is it kept, what is a value in it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import orjson

from unrolled.engine import explain
from unrolled.engine.errors import EngineError
from unrolled.rooms.brokers import Broker, BrokerDownError
from unrolled.rooms.errors import RoomError
from unrolled.rooms.polls import Answer
from unrolled.scenes.errors import DocumentError, shown
from unrolled.web import encode
from unrolled.web.api.requests import SceneRequest, ready
from unrolled.web.problems import ProblemError
from unrolled.web.services import Services

STORED = re.compile(r"s_[A-Za-z0-9_-]{22}")


def identifier(data: bytes) -> str:
    """The id of a scene's document: the same document has one id, whoever stores it."""
    digest = hashlib.sha256(data).digest()[:16]
    return "s_" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def store(broker: Broker, scene: Any) -> str:
    """Keep a scene's document; its id."""
    data = orjson.dumps(scene, option=orjson.OPT_SORT_KEYS)
    name = identifier(data)
    await broker.keep(name, data)
    return name


class ClassScenes:
    """Answers a room's questions about scenes; see `unrolled.rooms.lectern.Scenes`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def admit(self, scene: Any) -> None:
        """Raise `RoomError`, `bad_scene`, where this is no scene that could be shown."""
        await self._ready(scene)

    async def store(self, scene: Any) -> str:
        """Keep a scene; its id."""
        try:
            return await store(self._services.broker, scene)
        except BrokerDownError:
            raise RoomError("offline", "the scene could not be stored; try again") from None

    async def answer(self, scene: Any, address: str, t: int) -> Answer:
        """The value at an address and step; raises `RoomError`, `bad_poll`."""
        request = await self._ready(scene)
        try:
            held = await self._services.traces.trace(request.plan, request.id, False)
            found = await self._services.work.run(lambda: explain.explain(held.trace, address, t))
        except EngineError as error:
            raise RoomError("bad_poll", f"poll.{error}") from None
        except ProblemError as error:
            raise RoomError("busy", error.detail) from None
        value = float(found["value"])
        return value if value - value == 0 else encode.word(value)

    async def checked(self, scene: Any) -> SceneRequest:
        """A scene, in any of its forms, ready to be run; raises `DocumentError`, `EngineError`."""
        if isinstance(scene, str) and STORED.fullmatch(scene):
            scene = await self._kept(scene)
        return await ready(self._services, scene, gradients=False)

    async def _ready(self, scene: Any) -> SceneRequest:
        try:
            return await self.checked(scene)
        except DocumentError as error:
            raise RoomError("bad_scene", str(error.errors[0])) from None
        except EngineError as error:
            raise RoomError("bad_scene", str(error)) from None
        except ProblemError as error:
            raise RoomError("busy", error.detail) from None

    async def _kept(self, name: str) -> Any:
        try:
            data = await self._services.broker.kept(name)
        except BrokerDownError:
            raise RoomError("offline", "the scene could not be read; try again") from None
        if data is None:
            raise DocumentError.of("scene", "the id of a stored scene", shown(name))
        return orjson.loads(data)
