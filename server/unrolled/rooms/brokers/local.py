"""Rooms of one process: kept in SQLite, changes told directly."""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson

from unrolled.rooms import records
from unrolled.rooms.brokers import Listener, News, Viewers, Votes
from unrolled.rooms.brokers.database import Database
from unrolled.rooms.polls import Poll
from unrolled.rooms.room import Room

DAY = 86400.0


class LocalBroker:
    """A `Broker` for one process; the line is never down, the file may fail."""

    def __init__(self, path: Path | None, scene_days: float) -> None:
        self._database = Database(path)
        self._scene_seconds = scene_days * DAY
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._present: defaultdict[str, dict[str, int]] = defaultdict(dict)

    async def create(self, room: Room) -> bool:
        """Keep a new room; False where the code is taken."""
        row = (room.code, room.version, open_round(room), room.expires, records.written(room))

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute(
                "DELETE FROM rooms WHERE code = ? AND expires < ?", (room.code, time.time())
            )
            done = connection.execute("INSERT OR IGNORE INTO rooms VALUES (?, ?, ?, ?, ?)", row)
            _keep_poll(connection, room)
            return done.rowcount == 1

        return await self._database.run(work)

    async def load(self, code: str) -> Room | None:
        """The room of that code."""
        data = await self._one(
            "SELECT document FROM rooms WHERE code = ? AND expires >= ?", code, time.time()
        )
        return None if data is None else records.read(data)

    async def change(self, before: int, room: Room) -> bool:
        """Put `room` in the place of its version `before`."""
        row = (room.version, open_round(room), room.expires, records.written(room))

        def work(connection: sqlite3.Connection) -> bool:
            done = connection.execute(
                "UPDATE rooms SET version = ?, open = ?, expires = ?, document = ? "
                "WHERE code = ? AND version = ?",
                (*row, room.code, before),
            )
            if done.rowcount == 1:
                _keep_poll(connection, room)
            return done.rowcount == 1

        done = await self._database.run(work)
        if done:
            self._tell(room.code, room)
        return done

    async def vote(self, code: str, round_: int, viewer: str, value: float) -> int | None:
        """Count a vote in place of the viewer's last."""

        def work(connection: sqlite3.Connection) -> int | None:
            done = connection.execute(
                "INSERT INTO votes SELECT code, open, ?, ? FROM rooms WHERE code = ? AND open = ? "
                "ON CONFLICT (code, round, viewer) DO UPDATE SET value = excluded.value",
                (viewer, value, code, round_),
            )
            return _count(connection, code, round_) if done.rowcount == 1 else None

        count = await self._database.run(work)
        if count is not None:
            self._tell(code, Votes(round_, count))
        return count

    async def voted(self, code: str, round_: int, viewer: str) -> tuple[float | None, int]:
        """A viewer's own vote, and how many voted."""

        def work(connection: sqlite3.Connection) -> tuple[float | None, int]:
            own = connection.execute(
                "SELECT value FROM votes WHERE code = ? AND round = ? AND viewer = ?",
                (code, round_, viewer),
            ).fetchone()
            return (own[0] if own else None), _count(connection, code, round_)

        return await self._database.run(work)

    async def votes(self, code: str, round_: int) -> dict[str, float]:
        """Every vote of a round by its viewer."""
        rows = await self._rows(
            "SELECT viewer, value FROM votes WHERE code = ? AND round = ?", code, round_
        )
        return dict(rows)

    async def rounds(self, code: str) -> list[Poll]:
        """Every poll that was asked."""
        rows = await self._rows("SELECT document FROM polls WHERE code = ? ORDER BY round", code)
        return [Poll.read(orjson.loads(data)) for (data,) in rows]

    async def present(self, code: str, process: str, count: int) -> None:
        """Say how many viewers this process has."""
        self._present[code][process] = count
        self._tell(code, Viewers(sum(self._present[code].values())))
        if not count:
            self._present[code].pop(process)

    async def keep(self, identifier: str, data: bytes) -> None:
        """Keep a scene's document."""
        row = (identifier, time.time() + self._scene_seconds, data)
        await self._database.run(
            lambda connection: (
                connection.execute(
                    "INSERT INTO scenes VALUES (?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET expires = excluded.expires",
                    row,
                ).rowcount
            )
        )

    async def kept(self, identifier: str) -> bytes | None:
        """The document of that id."""
        found = await self._one(
            "SELECT document FROM scenes WHERE id = ? AND expires >= ?", identifier, time.time()
        )
        return None if found is None else bytes(found)

    def subscribe(self, code: str, listener: Listener) -> None:
        """Let `listener` hear what becomes of a room."""
        self._listeners[code].append(listener)

    def unsubscribe(self, code: str, listener: Listener) -> None:
        """Let it hear no more."""
        self._listeners[code].remove(listener)
        if not self._listeners[code]:
            del self._listeners[code]

    async def sweep(self) -> None:
        """Forget what has expired."""
        now = time.time()

        def work(connection: sqlite3.Connection) -> None:
            for table in ("rooms", "scenes"):
                connection.execute(f"DELETE FROM {table} WHERE expires < ?", (now,))  # noqa: S608

        await self._database.run(work)

    async def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _tell(self, code: str, news: News) -> None:
        for listener in tuple(self._listeners.get(code, ())):
            listener(news)

    async def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return await self._database.run(
            lambda connection: connection.execute(sql, values).fetchall()
        )

    async def _one(self, sql: str, *values: Any) -> Any:
        rows = await self._rows(sql, *values)
        return rows[0][0] if rows else None


def open_round(room: Room) -> int | None:
    """The round that takes votes."""
    poll = room.poll
    return poll.id if poll is not None and poll.status == "open" and not room.ended else None


def _keep_poll(connection: sqlite3.Connection, room: Room) -> None:
    if room.poll is not None:
        connection.execute(
            "INSERT INTO polls VALUES (?, ?, ?) "
            "ON CONFLICT (code, round) DO UPDATE SET document = excluded.document",
            (room.code, room.poll.id, orjson.dumps(room.poll.document())),
        )


def _count(connection: sqlite3.Connection, code: str, round_: int) -> int:
    count: int = connection.execute(
        "SELECT COUNT(*) FROM votes WHERE code = ? AND round = ?", (code, round_)
    ).fetchone()[0]
    return count
