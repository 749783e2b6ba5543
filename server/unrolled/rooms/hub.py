"""Sockets and brokers brought together: the one part of a class that waits.

Rooms change one message at a time, and a change is kept before anybody hears of it.
"""

from __future__ import annotations

import asyncio
import gc
import secrets
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from unrolled.rooms import frames, tokens
from unrolled.rooms import messages as said
from unrolled.rooms import room as rooms
from unrolled.rooms import state as states
from unrolled.rooms.brokers import Broker, BrokerDownError, Line, Listener, News
from unrolled.rooms.errors import RoomError
from unrolled.rooms.hall import Client, Hall, Member
from unrolled.rooms.lectern import Lectern, Open, Scenes, no_room, offline
from unrolled.rooms.pace import Settling
from unrolled.rooms.room import Room, Seat

VIEWERS_SECONDS = 0.5
RETRY_SECONDS = 0.2
TICK_SECONDS = 1.0
PRESENCE_TICKS, SWEEP_TICKS = 10, 600
EMPTY_SECONDS = 30.0
"""A room without members is let go of after so long, and loaded again when somebody comes."""
WAVE, QUIET_SECONDS = 50, 2.0
"""So many who come within a while are a wave, which is over after so long without another."""


class Hub:
    """The rooms of one process."""

    def __init__(self, broker: Broker, scenes: Scenes, room_seconds: float) -> None:
        self.broker = broker
        self._scenes = scenes
        self._lectern = Lectern(broker, scenes, room_seconds)
        self._process = secrets.token_hex(8)
        self._open: dict[str, Open] = {}
        self._loading: dict[str, asyncio.Task[Open]] = {}
        self._settling = Settling(WAVE, QUIET_SECONDS)
        self._left = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None

    @property
    def members(self) -> int:
        """Clients in all rooms of this process."""
        return sum(len(each.hall.members) for each in self._open.values())

    @property
    def rooms(self) -> int:
        """Rooms that this process serves at the moment."""
        return len(self._open)

    async def create(self, scene: Any) -> tuple[str, str]:
        """Open a room on a scene; its code and the presenter's token.

        Raises `RoomError` for a scene that cannot be shown, `BrokerDownError`.
        """
        await self._scenes.admit(scene)
        token = tokens.new_secret()
        while True:
            room = Room(
                tokens.new_code(), tokens.hashed(token), states.first(scene), self._lectern.expiry()
            )
            if await self.broker.create(await self._lectern.fitted(room)):
                return room.code, token

    async def enter(self, code: str, hello: said.Hello, client: Client) -> Member:
        """Let a client in and greet it.

        Raises `RoomError`: `no_room`, `forbidden`, `taken`, `offline`.
        """
        self._start()
        opened = await self._opened(code)
        while self._open.get(code) is not opened:  # let go of in the moment before we hold it
            opened = await self._opened(code)
        opened.entering += 1
        try:
            return await self._greeted(opened, hello, client)
        finally:
            opened.entering -= 1

    def leave(self, code: str, member: Member) -> None:
        """The client has gone."""
        opened = self._open.get(code)
        if opened is not None and member in opened.hall.members:
            opened.hall.leave(member)
            opened.empty_since = time.monotonic()
            self._left += 1
            self._count(opened)

    async def hear(self, code: str, member: Member, message: said.Client) -> None:
        """Do what a member's message says.

        Raises `RoomError`; the room is then as it was.
        """
        opened = self._open.get(code)
        if opened is None or member not in opened.hall.members:
            raise RoomError("no_room", "this room has ended")
        hall = opened.hall
        if isinstance(message, said.Hello):
            raise RoomError("bad_message", "type: expected anything but a second hello")
        if isinstance(message, said.PollVote):
            await self._lectern.vote(hall, member, message)
        elif not hall.presents(member):
            raise RoomError("forbidden", "expected the presenter, got a viewer")
        else:
            await self._lectern.present(opened, message)

    async def authorised(self, code: str, token: str) -> Room | None:
        """The room, ended or not, where the token is its presenter's."""
        room = await self.broker.load(code)
        # As much work for a room that is not there: time must not tell codes.
        digest = tokens.hashed("") if room is None else room.token
        return room if tokens.matches(token, digest) and room is not None else None

    async def close(self) -> None:
        """Stop; rooms stay where they are kept."""
        for task in (*self._tasks, *([self._ticking] if self._ticking else [])):
            task.cancel()
        await self.broker.close()

    # Coming in

    async def _opened(self, code: str) -> Open:
        """The hall of that code, loaded once for all who come at the same time."""
        found = self._open.get(code)
        if found is None:
            task = self._loading.get(code)
            if task is None:
                task = asyncio.create_task(self._load(code))
                self._loading[code] = task
                task.add_done_callback(partial(self._loaded, code))
            found = await asyncio.shield(task)
        if found.hall.room.ended or found.hall.room.expires < time.time():
            raise no_room()
        return found

    def _loaded(self, code: str, task: asyncio.Task[Open]) -> None:
        self._loading.pop(code, None)
        if not task.cancelled():
            task.exception()  # said to those who wait, if any still do

    async def _load(self, code: str) -> Open:
        try:
            room = await self.broker.load(code)
        except BrokerDownError:
            raise offline() from None
        if room is None or room.ended:
            raise no_room()
        loop = asyncio.get_running_loop()
        hall = Hall(room, time.monotonic, loop.call_later)
        opened = Open(hall, asyncio.Lock(), empty_since=time.monotonic())
        self._open[code] = opened
        opened.listener = self._listener(opened)
        self.broker.subscribe(code, opened.listener)
        return opened

    async def _greeted(self, opened: Open, hello: said.Hello, client: Client) -> Member:
        hall = opened.hall
        secret = hello.viewer or ""
        if not tokens.is_viewer(secret):
            secret = tokens.new_secret()
        viewer = tokens.hashed(secret)
        seat = None
        if hello.token is not None:
            if not tokens.matches(hello.token, hall.room.token):
                raise RoomError("forbidden", "token: expected the presenter's, got another")
            seat = Seat(viewer, secrets.token_hex(8))
            await self._lectern.change(
                opened, partial(rooms.seated, seat=seat, takeover=hello.takeover)
            )
        vote, votes = await self._voted(hall.room, viewer)
        if hall.room.ended:
            raise no_room()
        # From here on nothing waits, so that no news falls between the welcome and the members.
        member = Member(client, viewer, seat)
        hall.join(member)
        presents = hall.presents(member)
        here = max(hall.viewers, hall.watching)
        greeting = frames.Greeting(presents, secret, here, not hall.up, vote, votes)
        client.send(frames.welcome(hall.room, greeting))
        self._settling.joined(time.monotonic())
        self._count(opened)
        return member

    async def _voted(self, room: Room, viewer: str) -> tuple[float | None, int]:
        """The viewer's own vote and how many voted; nothing where nobody can tell now."""
        if room.poll is None:
            return None, 0
        try:
            return await self.broker.voted(room.code, room.poll.id, viewer)
        except BrokerDownError:
            return None, 0

    # What the broker says, and what time brings

    def _listener(self, opened: Open) -> Listener:
        hall = opened.hall

        def listen(news: News) -> None:
            hall.hear(news)
            if isinstance(news, Line) and news.up:
                self._spawn(self._caught_up(opened))

        return listen

    async def _caught_up(self, opened: Open) -> None:
        """Until it has worked, or the line is down again: other connections may be slower back."""
        while opened.hall.up:
            try:
                await self._lectern.caught_up(opened)
            except BrokerDownError:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._count(opened)
                return

    def _count(self, opened: Open) -> None:
        """Let the presenter hear how many are here, soon."""
        if not opened.counting:
            opened.counting = True
            loop = asyncio.get_running_loop()
            loop.call_later(VIEWERS_SECONDS, lambda: self._spawn(self._counted(opened)))

    async def _counted(self, opened: Open) -> None:
        opened.counting = False
        hall = opened.hall
        with suppress(BrokerDownError):
            await self.broker.present(hall.room.code, self._process, hall.watching)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _start(self) -> None:
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            self._let_go()
            if self._settling.due(time.monotonic()):
                self._settle()
            if ticks % PRESENCE_TICKS == 0:
                for opened in [each for each in self._open.values() if each.hall.up]:
                    await self._counted(opened)
            if ticks % SWEEP_TICKS == 0:
                with suppress(BrokerDownError):
                    await self.broker.sweep()

    def _settle(self) -> None:
        """Move what a wave of joins has made out of the garbage collector's sight.

        Where many have left since the last wave, what they left behind is collected first; nothing
        would ever find it otherwise. A thousand members' objects take a sixth of a second.
        """
        if self._left >= WAVE:
            self._left = 0
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def _let_go(self) -> None:
        """Close rooms that have expired, forget those that nobody is in."""
        for code, opened in tuple(self._open.items()):
            hall = opened.hall
            if not hall.room.ended and hall.room.expires < time.time():
                hall.adopt(replace(hall.room, version=hall.room.version + 1, ended=True))
            empty = not hall.members and not opened.entering
            idle = time.monotonic() - opened.empty_since > EMPTY_SECONDS
            if empty and (idle or hall.room.ended) and opened.listener is not None:
                del self._open[code]
                self.broker.unsubscribe(code, opened.listener)
