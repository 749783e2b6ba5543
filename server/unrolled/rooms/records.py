"""A room as bytes, to be kept and sent between processes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from unrolled.rooms.polls import Poll
from unrolled.rooms.room import Controls, Room, Seat


def written(room: Room) -> bytes:
    """The room as JSON."""
    return orjson.dumps(asdict(room))


def read(data: bytes) -> Room:
    """The room that `written` gave."""
    held: dict[str, Any] = orjson.loads(data)
    seat, poll = held["seat"], held["poll"]
    held |= {
        "controls": Controls(**held["controls"]),
        "seat": None if seat is None else Seat(**seat),
        "poll": None if poll is None else Poll.read(poll),
    }
    return Room(**held)
