"""A hub with a class on it, and short ways to talk to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.rooms.classes import AnyScene, Ear, message
from unrolled.rooms.brokers import Broker
from unrolled.rooms.errors import RoomError
from unrolled.rooms.hall import Member
from unrolled.rooms.hub import Hub

LAPTOP, DESK = "viewer-of-the-laptop", "viewer-of-the-desk"


class Class:
    """A hub with one room, and short ways to talk to it."""

    def __init__(self, broker: Broker) -> None:
        self.scenes = AnyScene()
        self.hub = Hub(broker, self.scenes, 3600)

    async def open(self) -> Class:
        self.code, self.token = await self.hub.create("lecture-lstm")
        return self

    async def join(self, **hello: Any) -> tuple[Ear, Member]:
        ear = Ear()
        return ear, await self.hub.enter(self.code, message("hello", **hello), ear)

    async def present(self, viewer: str = LAPTOP, **more: Any) -> tuple[Ear, Member]:
        return await self.join(token=self.token, viewer=viewer, **more)

    async def say(self, member: Member, kind: str, **fields: Any) -> None:
        await self.hub.hear(self.code, member, message(kind, **fields))

    async def put(self, member: Member, **state: Any) -> None:
        await self.say(member, "set", state=state)


async def until(true: Callable[[], bool]) -> None:
    """Wait for what another task or process is about to bring."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)


async def refused(code: str, asked: Any) -> None:
    with pytest.raises(RoomError) as caught:
        await asked
    assert caught.value.code == code
