"""A thread with one SQLite connection; what waits together is committed together."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from unrolled.rooms.brokers import BrokerDownError

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Any]
MOST_TOGETHER = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (
    code TEXT PRIMARY KEY, version INTEGER NOT NULL, open INTEGER, expires REAL NOT NULL,
    document BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS polls (
    code TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, round INTEGER NOT NULL,
    document BLOB NOT NULL, PRIMARY KEY (code, round)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS votes (
    code TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, round INTEGER NOT NULL,
    viewer TEXT NOT NULL, value NOT NULL, PRIMARY KEY (code, round, viewer)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scenes (
    id TEXT PRIMARY KEY, expires REAL NOT NULL, document BLOB NOT NULL
);
"""


class Database:
    """`run` does work on the connection; its promise is kept once the result is there.

    A commit waits for no disk (`synchronous=NORMAL` in WAL mode): what was answered outlives the
    process, though perhaps not the machine's loss of power.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting: SimpleQueue[tuple[Work, asyncio.Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """The result of the work, after its commit.

        Raises:
            BrokerDownError: the file cannot be opened, read or written.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.put((work, future))
        self._start()
        try:
            return await future
        except (sqlite3.Error, OSError) as error:
            raise BrokerDownError(str(error)) from error

    def close(self) -> None:
        """End the thread after the work that waits."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(timeout=10)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="unrolled-database", daemon=True
                )
                self._thread.start()

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        last = False
        while not last:
            batch, last = self._batch()
            outcomes: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
            try:
                connection = connection or _opened(self._path)
                outcomes = _together(connection, batch)
            except (sqlite3.Error, OSError) as error:
                outcomes = [(future, None, error) for _, future in batch]
            if outcomes:
                loop = outcomes[0][0].get_loop()
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_tell, outcomes)
        if connection is not None:
            connection.close()

    def _batch(self) -> tuple[list[tuple[Work, asyncio.Future[Any]]], bool]:
        """What waits, at least one piece of work; and whether it is the last."""
        found = [self._waiting.get()]
        while found[-1] is not None and len(found) < MOST_TOGETHER:
            try:
                found.append(self._waiting.get_nowait())
            except Empty:
                break
        return [each for each in found if each is not None], found[-1] is None


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.executescript(_SCHEMA)
    return connection


def _together(
    connection: sqlite3.Connection, batch: list[tuple[Work, asyncio.Future[Any]]]
) -> list[tuple[asyncio.Future[Any], Any, Exception | None]]:
    """Every piece of work in one transaction; one that fails undoes itself alone."""
    outcomes: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        for work, future in batch:
            connection.execute("SAVEPOINT one")
            try:
                outcomes.append((future, work(connection), None))
            except Exception as error:
                connection.execute("ROLLBACK TO one")
                outcomes.append((future, None, error))
            connection.execute("RELEASE one")
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _tell(outcomes: list[tuple[asyncio.Future[Any], Any, Exception | None]]) -> None:
    for future, result, error in outcomes:
        if future.done():
            continue  # whoever asked has gone away
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
