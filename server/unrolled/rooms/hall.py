"""One room as one process serves it: its members, and what they are told when.

No waiting happens here: news comes in, frames go out, and what is to happen later is asked of
`later`, the event loop's timer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from unrolled.rooms import frames
from unrolled.rooms import state as states
from unrolled.rooms.brokers import Line, News, Viewers, Votes
from unrolled.rooms.errors import ENDED, REPLACED
from unrolled.rooms.frames import Frame
from unrolled.rooms.pace import Breath, ScenePace
from unrolled.rooms.room import Room, Seat

SCENE_SECONDS = 0.5
COUNT_SECONDS = 0.2


class Client(Protocol):
    """What a room needs of a socket. Neither call waits, and neither raises."""

    def send(self, frame: Frame) -> None:
        """Send now, or as soon as the client reads: of each kind the newest alone."""

    def close(self, code: int) -> None:
        """Close after what was sent."""


class Member:
    """A client in a room; `seat` is the presenter's place, for who has it or had it."""

    __slots__ = ("client", "seat", "viewer")

    def __init__(self, client: Client, viewer: str, seat: Seat | None) -> None:
        self.client, self.viewer, self.seat = client, viewer, seat


Later = Callable[[float, Callable[[], None]], object]
"""Calls a function after so many seconds."""


class Hall:
    """Members of a room in this process, and the newest version of it that they were told."""

    def __init__(self, room: Room, clock: Callable[[], float], later: Later) -> None:
        self.room = room
        self.up = True
        self.members: set[Member] = set()
        self.viewers = 0
        self._presenter: Member | None = None
        self._told = room
        self._clock, self._later = clock, later
        self._pace = ScenePace(SCENE_SECONDS, states.scenes(room.state))
        self._breath = Breath()
        self._held = False
        self._votes: Votes | None = None

    @property
    def presenter(self) -> Member | None:
        """Who presents, where the connection is one of this process."""
        last = self._presenter
        return last if last is not None and self.presents(last) else None

    @property
    def watching(self) -> int:
        """Members of this process that do not present."""
        return len(self.members) - (self.presenter is not None)

    def join(self, member: Member) -> None:
        """From now on the member hears what there is to hear."""
        self.members.add(member)
        if self.presents(member):
            self._presenter = member

    def leave(self, member: Member) -> None:
        """The member has gone."""
        self.members.discard(member)
        if member is self._presenter:
            self._presenter = None

    def presents(self, member: Member) -> bool:
        """Whether the member is the presenter now."""
        return member.seat is not None and member.seat == self.room.seat

    def hear(self, news: News) -> None:
        """Something happened to the room, at this process or another."""
        match news:
            case Room():
                if news.version > self.room.version:
                    self.adopt(news)
            case Viewers(count):
                self.viewers = count
                self._tell_presenter(frames.viewers(count))
            case Votes():
                self._count(news)
            case Line(up):
                if up != self.up:
                    self.up = up
                    self.broadcast(frames.line(up))

    def adopt(self, room: Room) -> None:
        """The room is this one now: let everybody know."""
        before, self.room = self.room, room
        if room.ended:
            self._end()
            return
        if room.seat != before.seat:
            self._unseat(before)
        self._tell()

    def broadcast(self, frame: Frame) -> None:
        """The same to all."""
        for member in self.members:
            member.client.send(frame)

    def _tell(self) -> None:
        """What is new since the last time, unless it has to wait for its turn."""
        begun = self._clock()
        scenes = states.scenes(self.room.state)
        wait = max(self._pace.wait(begun, scenes), self._breath.wait(begun))
        if wait > 0:
            if not self._held:
                self._held = True
                self._later(wait, self._release)
            return
        self._pace.went(begun, scenes)
        told, self._told = self._told, self.room
        for frame in frames.news(told, self.room):
            self.broadcast(frame)
        self._breath.told(begun, self._clock())

    def _release(self) -> None:
        self._held = False
        self._tell()

    def _unseat(self, before: Room) -> None:
        """Tell whoever presented before: another tab of theirs, or another device, does now."""
        for member in tuple(self.members):
            if member.seat is None or member.seat != before.seat or self.room.seat is None:
                continue
            if member.seat.viewer == self.room.seat.viewer:
                self.leave(member)
                member.client.close(REPLACED)
            else:
                member.seat = None
                member.client.send(frames.demoted())

    def _end(self) -> None:
        self.broadcast(frames.end())
        for member in self.members:
            member.client.close(ENDED)
        self.members.clear()
        self._presenter = None

    def _count(self, votes: Votes) -> None:
        """The presenter hears the newest count, five times a second at most."""
        if self._votes is None:
            self._later(COUNT_SECONDS, self._tell_count)
        if (
            self._votes is None
            or votes.round > self._votes.round
            or votes.count > self._votes.count
        ):
            self._votes = votes

    def _tell_count(self) -> None:
        votes, self._votes = self._votes, None
        if votes is not None:
            self._tell_presenter(frames.votes(votes.round, votes.count))

    def _tell_presenter(self, frame: Frame) -> None:
        presenter = self.presenter
        if presenter is not None:
            presenter.client.send(frame)
