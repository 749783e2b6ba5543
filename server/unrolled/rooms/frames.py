"""What is said about a room: frames, encoded once however many there are to read them.

`news` compares two versions of a room. It does not matter how many lie between: every frame is
whole, so whoever missed some is right with the next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

from unrolled.rooms.polls import Poll
from unrolled.rooms.room import Room

Kind = Literal[
    "welcome", "state", "poll", "viewers", "count", "vote", "line", "error", "role", "end"
]
"""Of each kind a client needs the newest frame alone."""

STATE_BYTES = 8192
TYPES = {"open": "poll", "locked": "poll.locked", "revealed": "poll.result"}


class Frame:
    """A text frame: its JSON, and the same as it goes over the wire (RFC 6455, section 5.2)."""

    __slots__ = ("data", "kind", "wire")

    def __init__(self, kind: Kind, data: bytes) -> None:
        self.kind, self.data = kind, data
        size = len(data)
        if size < 126:
            self.wire = b"\x81" + size.to_bytes(1, "big") + data
        elif size < 65536:
            self.wire = b"\x81\x7e" + size.to_bytes(2, "big") + data
        else:
            self.wire = b"\x81\x7f" + size.to_bytes(8, "big") + data


def state(room: Room) -> Frame:
    """The whole state."""
    return _frame(
        "state",
        {
            "type": "state",
            "rev": room.rev,
            "state": room.state,
            "controls": asdict(room.controls),
        },
    )


def poll(room: Room) -> Frame:
    """Where the poll stands."""
    held = {"type": "poll.closed"} if room.poll is None else _poll(room.poll)
    return _frame("poll", held)


def news(old: Room, new: Room) -> list[Frame]:
    """What everybody is told when the room `old` has become `new`."""
    if new.ended:
        return [end()]
    frames = [state(new)] if new.rev != old.rev else []
    if new.poll != old.poll:
        frames.append(poll(new))
    return frames


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a welcome says to one client alone."""

    presenter: bool
    viewer: str
    viewers: int
    offline: bool
    vote: float | None = None
    votes: int = 0


def welcome(room: Room, to: Greeting) -> Frame:
    """All that a newcomer needs."""
    shown: dict[str, Any] | None = None
    if room.poll is not None:
        shown = {**_poll(room.poll), "vote": to.vote}
        if to.presenter:
            shown["votes"] = to.votes
    return _frame(
        "welcome",
        {
            "type": "welcome",
            "role": "presenter" if to.presenter else "viewer",
            "rev": room.rev,
            "state": room.state,
            "controls": asdict(room.controls),
            "viewers": to.viewers,
            "viewer": to.viewer,
            "offline": to.offline,
            "poll": shown,
        },
    )


def viewers(count: int) -> Frame:
    """How many are here."""
    return _frame("viewers", {"type": "viewers", "viewers": count})


def votes(round_: int, count: int) -> Frame:
    """How many have voted."""
    return _frame("count", {"type": "poll.count", "id": round_, "votes": count})


def voted(round_: int, value: float) -> Frame:
    """A viewer's own vote was taken."""
    return _frame("vote", {"type": "poll.voted", "id": round_, "value": value})


def line(up: bool) -> Frame:
    """Whether the broker can be reached."""
    return _frame("line", {"type": "online" if up else "offline"})


def demoted() -> Frame:
    """Another device presents now."""
    return _frame("role", {"type": "demoted"})


def end() -> Frame:
    """The room is closed."""
    return _frame("end", {"type": "end"})


def error(document: dict[str, Any]) -> Frame:
    """A refusal."""
    return _frame("error", document)


def _poll(held: Poll) -> dict[str, Any]:
    frame: dict[str, Any] = {"type": TYPES[held.status], **held.asked()}
    if held.result is not None:
        found = held.result
        bars = [{"value": value, "votes": count} for value, count in found.histogram]
        frame |= {
            "votes": found.votes,
            "histogram": bars,
            "others": found.others,
            "answer": found.answer,
            "correct": found.correct,
        }
    return frame


def _frame(kind: Kind, document: dict[str, Any]) -> Frame:
    return Frame(kind, orjson.dumps(document))
