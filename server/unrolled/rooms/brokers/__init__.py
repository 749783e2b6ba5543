"""Brokers keep rooms, and tell every process that serves a room of its changes.

`open_broker` picks one by its address. What they promise is said at `Broker`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from unrolled.rooms.polls import Poll
from unrolled.rooms.room import Room


class BrokerDownError(Exception):
    """What keeps the rooms cannot be reached; nothing is known to have changed."""


@dataclass(frozen=True, slots=True)
class Votes:
    """So many have voted in a round."""

    round: int
    count: int


@dataclass(frozen=True, slots=True)
class Viewers:
    """So many are in the room, at all processes together."""

    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """Whether the broker can be reached."""

    up: bool


News = Room | Votes | Viewers | Line
Listener = Callable[[News], None]


class Broker(Protocol):
    """Rooms kept and changes told.

    Promised: a change that returned True is kept, and no other change came between it and the
    version before. Every listener of the room hears of it, or of a later one, or first that the
    line is down; each thing it hears is whole, and newer ones may come without those between.

    Not promised: that every version is heard, that versions come in order (drop what is older), or
    that anything is heard while the line is down: load the room when it is up again.

    Listeners are called on the event loop and must not wait. Every method may raise
    `BrokerDownError`.
    """

    async def create(self, room: Room) -> bool:
        """Keep a new room; False where the code is taken."""
        ...

    async def load(self, code: str) -> Room | None:
        """The room of that code, None where there is none or it has expired."""
        ...

    async def change(self, before: int, room: Room) -> bool:
        """Put `room` in the place of its version `before`; False where that is no longer kept."""
        ...

    async def vote(self, code: str, round_: int, viewer: str, value: float) -> int | None:
        """Count a vote in place of the viewer's last; how many voted, None where it is too late."""
        ...

    async def voted(self, code: str, round_: int, viewer: str) -> tuple[float | None, int]:
        """A viewer's own vote, and how many voted."""
        ...

    async def votes(self, code: str, round_: int) -> dict[str, float]:
        """Every vote of a round by its viewer."""
        ...

    async def rounds(self, code: str) -> list[Poll]:
        """Every poll that was asked, as it was last."""
        ...

    async def present(self, code: str, process: str, count: int) -> None:
        """Say how many viewers this process has; listeners hear the sum of all processes."""
        ...

    async def keep(self, identifier: str, data: bytes) -> None:
        """Keep a scene's document."""
        ...

    async def kept(self, identifier: str) -> bytes | None:
        """The document of that id, None where it is not kept."""
        ...

    def subscribe(self, code: str, listener: Listener) -> None:
        """Let `listener` hear what becomes of a room."""
        ...

    def unsubscribe(self, code: str, listener: Listener) -> None:
        """Let it hear no more."""
        ...

    async def sweep(self) -> None:
        """Forget what has expired."""
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


def open_broker(url: str, database: Path | None, scene_days: float) -> Broker:
    """The broker at `url`; without one, rooms in the SQLite file `database` (None: in memory).

    Raises `ValueError` for an address that is none of ours, `ImportError` where the client of the
    broker is not installed.
    """
    if not url:
        from unrolled.rooms.brokers.local import LocalBroker

        return LocalBroker(database, scene_days)
    if url.startswith(("redis://", "rediss://", "unix://")):
        from unrolled.rooms.brokers.redis import RedisBroker

        return RedisBroker(url, scene_days)
    raise ValueError("an address that begins with redis://, rediss:// or unix://")
