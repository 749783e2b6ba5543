"""What members say, done: a message changes its room, is kept, and is heard of.

Changes of a room wait for one another. Where another process was faster, the message is read again
against what the room has become.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from unrolled.rooms import frames
from unrolled.rooms import messages as said
from unrolled.rooms import room as rooms
from unrolled.rooms import state as states
from unrolled.rooms.brokers import Broker, BrokerDownError, Listener
from unrolled.rooms.errors import RoomError
from unrolled.rooms.hall import Hall, Member
from unrolled.rooms.polls import Answer, Result
from unrolled.rooms.room import Room

TRIES = 8


class Scenes(Protocol):
    """What a room asks about scenes; it does not know them itself."""

    async def admit(self, scene: Any) -> None:
        """Raise `RoomError` where this is no scene that could be shown."""

    async def store(self, scene: Any) -> str:
        """Keep a scene; its id."""
        ...

    async def answer(self, scene: Any, address: str, t: int) -> Answer:
        """The value at an address and step; raises `RoomError`, `bad_poll`."""
        ...


@dataclass(slots=True)
class Open:
    """A hall, the order of its changes, and whether somebody is on the way in."""

    hall: Hall
    lock: asyncio.Lock
    listener: Listener | None = None
    entering: int = 0
    empty_since: float = 0.0
    counting: bool = False


class Lectern:
    """Changes rooms for those who may."""

    def __init__(self, broker: Broker, scenes: Scenes, room_seconds: float) -> None:
        self._broker, self._scenes, self._room_seconds = broker, scenes, room_seconds

    async def vote(self, hall: Hall, member: Member, message: said.PollVote) -> None:
        """Count a viewer's vote, and tell it so; raises `RoomError`."""
        if hall.presents(member):
            raise RoomError("forbidden", "expected a viewer's vote, got the presenter's")
        round_ = rooms.vote(hall.room, message.value)
        try:
            count = await self._broker.vote(hall.room.code, round_, member.viewer, message.value)
        except BrokerDownError:
            raise offline() from None
        if count is None:
            raise RoomError("no_poll", "expected a poll that takes votes, got none")
        member.client.send(frames.voted(round_, message.value))

    async def present(self, opened: Open, message: said.Change) -> None:
        """Do what the presenter says; raises `RoomError`."""
        room = opened.hall.room
        if isinstance(message, said.Set):
            known = states.scenes(room.state)
            for scene in states.scenes(states.patched(room.state, message.state)):
                if scene not in known:
                    await self._scenes.admit(scene)
        elif isinstance(message, said.PollOpen) and message.poll.address is not None:
            # Asked now only to say at once what is wrong with it; the answer may still change.
            await self._answer(room, message.poll.address, message.poll.t or 0)
        result = None
        if isinstance(message, said.PollReveal):
            result = await self._result(opened)
        await self.change(opened, partial(rooms.changed, message=message, result=result))

    async def _result(self, opened: Open) -> Result | None:
        """What the votes came to, after the last that was taken."""
        poll = opened.hall.room.poll
        if poll is None:
            return None
        if poll.status == "open":
            lock = said.PollLock(type="poll.lock")
            await self.change(opened, partial(rooms.changed, message=lock))
        room = opened.hall.room
        answer: Answer | None = poll.answer
        if poll.address is not None:
            answer = await self._answer(room, poll.address, poll.t or 0)
        try:
            votes = await self._broker.votes(room.code, poll.id)
        except BrokerDownError:
            raise offline() from None
        return poll.tallied(votes.values(), answer)

    async def _answer(self, room: Room, address: str, t: int) -> Answer:
        return await self._scenes.answer(room.state["scene"], address, t)

    async def change(self, opened: Open, make: Callable[[Room], Room]) -> None:
        """Keep what `make` makes of the room, then let everybody hear of it."""
        hall = opened.hall
        async with opened.lock:
            for _ in range(TRIES):
                before = hall.room
                room = replace(make(before), expires=self.expiry())
                if room.state is not before.state:
                    room = await self.fitted(room)
                try:
                    if await self._broker.change(before.version, room):
                        hall.hear(room)
                        return
                    await self._agree(hall)
                except BrokerDownError:
                    raise offline() from None
                if hall.room.ended:
                    raise no_room()
        raise RoomError("busy", "others are changing this room at the same time; try again")

    async def fitted(self, room: Room) -> Room:
        """The room with a state small enough to send: scenes too large are stored, by their id."""
        state = room.state
        if _bytes(room) <= frames.STATE_BYTES:
            return room
        if isinstance(state["scene"], dict):
            state = {**state, "scene": await self._scenes.store(state["scene"])}
        compare = state["view"].get("compare")
        if compare is not None and _bytes(replace(room, state=state)) > frames.STATE_BYTES:
            ids = [await self._scenes.store(s) if isinstance(s, dict) else s for s in compare]
            state = {**state, "view": {**state["view"], "compare": ids}}
        room = replace(room, state=state)
        if _bytes(room) > frames.STATE_BYTES:
            most = f"at most {frames.STATE_BYTES} bytes besides its scenes"
            raise RoomError.of("too_large", "state", most, "more")
        return room

    def expiry(self) -> float:
        """When a room that is changed now expires, in seconds since the epoch."""
        return time.time() + self._room_seconds

    async def caught_up(self, opened: Open) -> None:
        """Hear what was missed; raises `BrokerDownError`."""
        async with opened.lock:
            await self._agree(opened.hall)

    async def _agree(self, hall: Hall) -> None:
        """The newest version, at the broker and here; what a broker has lost it is given back."""
        kept, known = await self._broker.load(hall.room.code), hall.room
        if kept is None:
            await self._broker.create(known)
        elif kept.version < known.version:
            await self._broker.change(kept.version, known)
        else:
            hall.hear(kept)


def _bytes(room: Room) -> int:
    try:
        return len(frames.state(room).data)
    except TypeError:  # nested more deeply than JSON is written here
        raise RoomError("bad_message", "state: expected less nesting, got too much") from None


def no_room() -> RoomError:
    """There is no such room, or no longer."""
    return RoomError("no_room", "expected the code of a room that is open, got another")


def offline() -> RoomError:
    """The broker is down."""
    return RoomError("offline", "the server cannot reach what keeps its rooms; try again")
