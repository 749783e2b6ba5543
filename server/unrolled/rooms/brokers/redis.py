"""Rooms of many processes and machines: kept in Redis (6 or newer), changes told by its channels.

All keys of a room share the tag `{CODE}`, so that a cluster keeps them together. Whatever has to
happen at once is a script, which Redis runs whole.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import orjson
from redis import asyncio as redis
from redis.exceptions import RedisError

from unrolled.rooms import records
from unrolled.rooms.brokers import BrokerDownError, Line, Listener, News, Viewers, Votes
from unrolled.rooms.brokers.local import DAY, open_round
from unrolled.rooms.polls import Poll
from unrolled.rooms.room import Room

CONNECTIONS = 16
ANSWER_SECONDS = 3.0
"""Without an answer for so long the line counts as down."""
QUIET_SECONDS = 0.25
RETRY_SECONDS = (0.1, 0.2, 0.5, 1.0)
PRESENCE_SECONDS = 30.0
"""A process that says nothing for so long is taken to have no viewers."""

# Keys: room, polls, channel. Values: version before ("" for a new room), version, open round,
# document, when it expires, id of the poll and the poll.
_PUT = """
local held = redis.call('HGET', KEYS[1], 'version')
if (held or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'open', ARGV[3], 'document', ARGV[4])
redis.call('EXPIREAT', KEYS[1], ARGV[5])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
end
redis.call('EXPIREAT', KEYS[2], ARGV[5])
redis.call('PUBLISH', KEYS[3], 'r' .. ARGV[4])
return 1
"""

# Keys: room, votes, channel. Values: round, viewer, vote.
_VOTE = """
if redis.call('HGET', KEYS[1], 'open') ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
local left = redis.call('TTL', KEYS[1])
if left > 0 then redis.call('EXPIRE', KEYS[2], left) end
local count = redis.call('HLEN', KEYS[2])
redis.call('PUBLISH', KEYS[3], 'v[' .. ARGV[1] .. ',' .. count .. ']')
return count
"""

# Keys: viewers, channel. Values: process, its count, now, when that is no longer believed.
_PRESENT = """
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[4])
redis.call('EXPIRE', KEYS[1], 3600)
local sum = 0
for _, held in ipairs(redis.call('HVALS', KEYS[1])) do
  local count, believed = string.match(held, '(%d+) (%S+)')
  if tonumber(believed) > tonumber(ARGV[3]) then sum = sum + tonumber(count) end
end
redis.call('PUBLISH', KEYS[2], 'p' .. sum)
"""


class RedisBroker:
    """A `Broker` on a Redis server."""

    def __init__(self, url: str, scene_days: float) -> None:
        # A thousand votes at once wait for one of a few connections instead of being refused one.
        pool = redis.BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
        )
        self._redis = redis.Redis.from_pool(pool)
        self._put = self._redis.register_script(_PUT)
        self._vote = self._redis.register_script(_VOTE)
        self._present = self._redis.register_script(_PRESENT)
        self._scene_seconds = round(scene_days * DAY)
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._wanted = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._up = True
        self._asked: float | None = None

    async def create(self, room: Room) -> bool:
        """Keep a new room; False where the code is taken."""
        return await self._write("", room)

    async def load(self, code: str) -> Room | None:
        """The room of that code."""
        async with _answering():
            data = await cast(
                Awaitable[bytes | None], self._redis.hget(_key(code, "room"), "document")
            )
        return None if data is None else records.read(data)

    async def change(self, before: int, room: Room) -> bool:
        """Put `room` in the place of its version `before`."""
        return await self._write(str(before), room)

    async def vote(self, code: str, round_: int, viewer: str, value: float) -> int | None:
        """Count a vote in place of the viewer's last."""
        keys = [_key(code, "room"), _key(code, f"votes:{round_}"), _channel(code)]
        async with _answering():
            count = await self._vote(keys=keys, args=[round_, viewer, orjson.dumps(value)])
        return None if count < 0 else int(count)

    async def voted(self, code: str, round_: int, viewer: str) -> tuple[float | None, int]:
        """A viewer's own vote, and how many voted."""
        key = _key(code, f"votes:{round_}")
        async with _answering(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hget(key, viewer)
            pipe.hlen(key)
            own, count = await pipe.execute()
        return (None if own is None else orjson.loads(own)), int(count)

    async def votes(self, code: str, round_: int) -> dict[str, float]:
        """Every vote of a round by its viewer."""
        held = await self._hash(_key(code, f"votes:{round_}"))
        return {viewer.decode(): orjson.loads(value) for viewer, value in held.items()}

    async def rounds(self, code: str) -> list[Poll]:
        """Every poll that was asked."""
        held = await self._hash(_key(code, "polls"))
        return [Poll.read(orjson.loads(held[key])) for key in sorted(held, key=int)]

    async def present(self, code: str, process: str, count: int) -> None:
        """Say how many viewers this process has."""
        now = time.time()
        async with _answering():
            await self._present(
                keys=[_key(code, "viewers"), _channel(code)],
                args=[process, count, now, now + PRESENCE_SECONDS],
            )

    async def keep(self, identifier: str, data: bytes) -> None:
        """Keep a scene's document."""
        async with _answering():
            await self._redis.set(f"unrolled:scene:{identifier}", data, ex=self._scene_seconds)

    async def kept(self, identifier: str) -> bytes | None:
        """The document of that id."""
        async with _answering():
            found = await self._redis.get(f"unrolled:scene:{identifier}")
        return cast("bytes | None", found)

    def subscribe(self, code: str, listener: Listener) -> None:
        """Let `listener` hear what becomes of a room."""
        self._listeners[code].append(listener)
        self._wanted.set()
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        if not self._up:
            listener(Line(False))

    def unsubscribe(self, code: str, listener: Listener) -> None:
        """Let it hear no more."""
        self._listeners[code].remove(listener)
        if not self._listeners[code]:
            del self._listeners[code]
        self._wanted.set()

    async def sweep(self) -> None:
        """Redis forgets by itself."""

    async def close(self) -> None:
        """Let go of the connections."""
        while self._listening is not None and not self._listening.done():
            # The client loses a cancellation that comes together with the end of a timeout.
            self._listening.cancel()
            await asyncio.wait([self._listening], timeout=QUIET_SECONDS)
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _write(self, before: str, room: Room) -> bool:
        poll = room.poll
        keys = [_key(room.code, "room"), _key(room.code, "polls"), _channel(room.code)]
        values: list[bytes | str | int] = [
            before,
            room.version,
            open_round(room) or "",
            records.written(room),
            int(room.expires),
            "" if poll is None else poll.id,
            b"" if poll is None else orjson.dumps(poll.document()),
        ]
        async with _answering():
            return bool(await self._put(keys=keys, args=values))

    async def _hash(self, key: str) -> dict[bytes, bytes]:
        async with _answering():
            return await cast(Awaitable[dict[bytes, bytes]], self._redis.hgetall(key))

    async def _listen(self) -> None:
        """Hear the channels of all rooms here; after a failure say so, and begin again."""
        failures = 0
        while True:
            try:
                async with self._redis.pubsub() as channels:
                    await self._hear(channels)
            except (RedisError, OSError):
                self._down()
                await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1
                continue
            failures = 0

    async def _hear(self, channels: Any) -> None:
        """Until the line breaks: subscribe as rooms come and go, ping when all is quiet."""
        heard: set[str] = set()
        while True:
            self._wanted.clear()
            wanted = set(self._listeners)
            if fresh := wanted - heard:
                await channels.subscribe(*map(_channel, sorted(fresh)))
            if gone := heard - wanted:
                await channels.unsubscribe(*map(_channel, sorted(gone)))
            heard = wanted
            if heard:
                await self._receive(channels)
            else:
                await self._wanted.wait()

    async def _receive(self, channels: Any) -> None:
        """One message, or none for a moment; a silent line is asked whether it is still there."""
        message = await channels.get_message(timeout=QUIET_SECONDS)
        now = time.monotonic()
        if message is None:
            if self._asked is None:
                self._asked = now
                await channels.ping()
            elif now > self._asked + ANSWER_SECONDS:
                raise redis.ConnectionError("no answer to a ping")
            return
        self._asked = None
        code = (message["channel"] or b"").decode().rpartition(":")[2].strip("{}")
        if message["type"] == "subscribe":
            self._up = True
            self._tell(code, Line(True))
        elif message["type"] == "message":
            self._tell(code, _news(message["data"]))

    def _down(self) -> None:
        self._up, self._asked = False, None
        for code in tuple(self._listeners):
            self._tell(code, Line(False))

    def _tell(self, code: str, news: News) -> None:
        for listener in tuple(self._listeners.get(code, ())):
            listener(news)


def _key(code: str, part: str) -> str:
    return f"unrolled:{{{code}}}:{part}"


def _channel(code: str) -> str:
    return f"unrolled:news:{{{code}}}"


def _news(data: bytes) -> News:
    kind, rest = data[:1], data[1:]
    if kind == b"r":
        return records.read(rest)
    if kind == b"p":
        return Viewers(int(rest))
    return Votes(*orjson.loads(rest))


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
    """A failure of Redis or of the way to it becomes `BrokerDownError`."""
    try:
        yield
    except (TimeoutError, RedisError, OSError) as error:
        raise BrokerDownError(type(error).__name__) from error
