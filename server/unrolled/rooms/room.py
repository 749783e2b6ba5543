"""A room, and how messages change it: no clock, no socket, no engine.

A room is never altered; every change gives a new one with a higher `version`. Votes are not part
of it (`brokers/` keep them), so that a thousand students voting do not rewrite it a thousand times:
what they came to is handed in when a poll is revealed, as is the answer of a bound poll.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from unrolled.rooms import messages as said
from unrolled.rooms import state as states
from unrolled.rooms.errors import RoomError
from unrolled.rooms.polls import Poll, Result
from unrolled.rooms.state import State


@dataclass(frozen=True, slots=True)
class Controls:
    """What the lecturer does to the class as a whole; `gather` counts the calls to come back."""

    locked: bool = False
    blank: bool = False
    gather: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """Who presents: the hash of the device's secret, and which of its connections."""

    viewer: str
    connection: str


@dataclass(frozen=True, slots=True)
class Room:
    """All there is to a room.

    `token` is the hash of the presenter's; `rev` counts what viewers see of the state, `version`
    every change; `rounds` the polls asked so far; `expires` is in seconds since the epoch.
    """

    code: str
    token: str
    state: State
    expires: float
    rev: int = 1
    version: int = 1
    controls: Controls = field(default_factory=Controls)
    seat: Seat | None = None
    poll: Poll | None = None
    rounds: int = 0
    ended: bool = False


def seated(room: Room, seat: Seat, takeover: bool) -> Room:
    """The room with its presenter on `seat`.

    Raises:
        RoomError: `taken`, where another device presents and this one did not ask to take over.
    """
    if room.seat is not None and room.seat.viewer != seat.viewer and not takeover:
        raise RoomError("taken", "another device presents this class; takeover takes it from there")
    return _next(room, seat=seat)


def changed(room: Room, message: said.Change, result: Result | None = None) -> Room:
    """The room after a message of its presenter; `result` goes with `poll.reveal`.

    Raises:
        RoomError: the message cannot be followed; the room stays as it was.
    """
    match message:
        case said.Set(state=patch):
            return _shown(room, state=states.patched(room.state, patch))
        case said.Control():
            given = message.model_dump(exclude={"type"}, exclude_none=True)
            return _shown(room, controls=replace(room.controls, **given))
        case said.Gather():
            gather = room.controls.gather + 1
            return _shown(room, controls=replace(room.controls, gather=gather))
        case said.End():
            return _next(room, ended=True)
        case _:
            return _polled(room, message, result)


def vote(room: Room, value: float) -> int:
    """The round that takes this vote.

    Raises:
        RoomError: `no_poll` where nothing is asked, `bad_message` where this is no answer to it.
    """
    if room.poll is None or room.poll.status != "open":
        raise RoomError("no_poll", "expected a poll that takes votes, got none")
    expected = room.poll.takes(value)
    if expected is not None:
        raise RoomError.of("bad_message", "value", expected, "another number")
    return room.poll.id


Poller = said.PollOpen | said.PollLock | said.PollReveal | said.PollAgain | said.PollClose


def _polled(room: Room, message: Poller, result: Result | None) -> Room:
    if isinstance(message, said.PollOpen):
        return _asked(room, _poll(message.poll))
    poll = room.poll
    if poll is None:
        raise RoomError("no_poll", "expected a poll to do this to, got none")
    match message:
        case said.PollLock():
            if poll.status != "open":
                raise RoomError("no_poll", f"expected an open poll, this one is {poll.status}")
            return _next(room, poll=replace(poll, status="locked"))
        case said.PollReveal():
            assert result is not None
            return _next(room, poll=replace(poll, status="revealed", result=result))
        case said.PollAgain():
            return _asked(room, poll)
        case said.PollClose():
            return _next(room, poll=None)


def _poll(asked: said.Asked) -> Poll:
    choices = None if asked.choices is None else tuple(asked.choices)
    return Poll(
        id=0,
        question=asked.question,
        choices=choices,
        address=asked.address,
        t=asked.t,
        answer=asked.answer,
        tolerance=asked.tolerance,
    )


def _asked(room: Room, poll: Poll) -> Room:
    number = room.rounds + 1
    fresh = replace(poll, id=number, status="open", result=None)
    return _next(room, poll=fresh, rounds=number)


def _shown(room: Room, **parts: Any) -> Room:
    """A change that viewers see in the state."""
    return _next(room, rev=room.rev + 1, **parts)


def _next(room: Room, **parts: Any) -> Room:
    return replace(room, version=room.version + 1, **parts)
