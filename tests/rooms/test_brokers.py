"""What every broker promises: the same tests for rooms in SQLite and rooms in Redis."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rooms.classes import CHOICES, new, put, say
from tests.rooms.conftest import Redis
from unrolled.rooms.brokers import Broker, BrokerDownError, Line, News, Viewers, Votes, open_broker
from unrolled.rooms.room import Room


class Listener:
    """Remembers news, and lets a test wait for some of it."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self._came = asyncio.Event()

    def __call__(self, news: News) -> None:
        self.news.append(news)
        self._came.set()

    async def until(self, wanted: News) -> None:
        async with asyncio.timeout(20):
            while wanted not in self.news:
                self._came.clear()
                await self._came.wait()


async def kept(broker: Broker, room: Room) -> Room:
    assert await broker.create(room)
    return room


async def test_a_room_is_found_by_its_code(broker: Broker) -> None:
    room = await kept(broker, put(new(), view={"深": [None, 1.5]}))
    assert await broker.load(room.code) == room
    assert await broker.load(new().code) is None


async def test_a_code_is_given_once(broker: Broker) -> None:
    room = await kept(broker, new())
    assert not await broker.create(new("other", code=room.code))
    assert await broker.load(room.code) == room


async def test_a_change_takes_the_place_of_the_version_it_was_made_of(broker: Broker) -> None:
    room = await kept(broker, new())
    one, other = put(room, cursor={"t": 1}), put(room, cursor={"t": 2})
    assert await broker.change(room.version, one)
    assert not await broker.change(room.version, other)
    assert await broker.load(room.code) == one


async def test_of_many_changes_at_once_one_is_made(broker: Broker) -> None:
    room = await kept(broker, new())
    made = await asyncio.gather(
        *(broker.change(room.version, put(room, cursor={"t": t})) for t in range(20))
    )
    assert sum(made) == 1


async def test_a_room_that_is_not_kept_cannot_be_changed(broker: Broker) -> None:
    room = new()
    assert not await broker.change(room.version, put(room, cursor={"t": 1}))


async def test_listeners_hear_of_changes_and_others_do_not(broker: Broker) -> None:
    room, listener, other = await kept(broker, new()), Listener(), Listener()
    broker.subscribe(room.code, listener)
    broker.subscribe(new().code, other)
    if not await heard_at_once(broker):
        await listener.until(Line(True))
    after = put(room, cursor={"t": 1})
    await broker.change(room.version, after)
    await listener.until(after)
    assert after not in other.news
    broker.unsubscribe(room.code, listener)
    before = list(listener.news)
    await broker.change(after.version, put(after, cursor={"t": 2}))
    assert listener.news == before


async def heard_at_once(broker: Broker) -> bool:
    return type(broker).__name__ == "LocalBroker"


async def test_a_viewer_has_one_vote_and_may_change_it(broker: Broker) -> None:
    room = await kept(broker, say(new(), "poll.open", poll=CHOICES))
    assert await broker.vote(room.code, 1, "ann", 0) == 1
    assert await broker.vote(room.code, 1, "bob", 2) == 2
    assert await broker.vote(room.code, 1, "ann", 1) == 2
    assert await broker.votes(room.code, 1) == {"ann": 1, "bob": 2}
    assert await broker.voted(room.code, 1, "ann") == (1, 2)
    assert await broker.voted(room.code, 1, "eve") == (None, 2)


async def test_a_thousand_votes_at_once_are_a_thousand_votes(broker: Broker) -> None:
    room = await kept(broker, say(new(), "poll.open", poll=CHOICES))
    votes = {f"viewer-{number}": number % 3 for number in range(1000)}
    await asyncio.gather(*(broker.vote(room.code, 1, *vote) for vote in votes.items()))
    assert await broker.votes(room.code, 1) == votes


async def test_after_the_lock_it_is_too_late(broker: Broker) -> None:
    room = await kept(broker, say(new(), "poll.open", poll=CHOICES))
    await broker.vote(room.code, 1, "ann", 0)
    locked = say(room, "poll.lock")
    await broker.change(room.version, locked)
    assert await broker.vote(room.code, 1, "ann", 2) is None
    assert await broker.votes(room.code, 1) == {"ann": 0}
    again = say(locked, "poll.again")
    await broker.change(locked.version, again)
    assert await broker.vote(room.code, 1, "ann", 2) is None
    assert await broker.vote(room.code, 2, "ann", 2) == 1


async def test_numbers_are_kept_exactly(broker: Broker) -> None:
    room = await kept(broker, say(new(), "poll.open", poll={"question": "?"}))
    for value in (0.1, -1e-300, 1.7976931348623157e308, 2**53):
        await broker.vote(room.code, 1, "ann", value)
        assert await broker.votes(room.code, 1) == {"ann": value}


async def test_every_round_is_kept_as_it_was_last(broker: Broker) -> None:
    room = await kept(broker, new())
    asked = say(room, "poll.open", poll=CHOICES)
    for kind in ("", "poll.lock", "poll.again", "poll.close"):
        after = say(asked, kind) if kind else asked
        await broker.change(room.version, after)
        room = asked = after
    rounds = await broker.rounds(room.code)
    assert [(poll.id, poll.status) for poll in rounds] == [(1, "locked"), (2, "open")]


async def test_the_count_of_votes_is_told(broker: Broker) -> None:
    room, listener = await kept(broker, say(new(), "poll.open", poll=CHOICES)), Listener()
    broker.subscribe(room.code, listener)
    if not await heard_at_once(broker):
        await listener.until(Line(True))
    await broker.vote(room.code, 1, "ann", 0)
    await listener.until(Votes(1, 1))


async def test_viewers_of_all_processes_are_added_up(broker: Broker) -> None:
    room, listener = await kept(broker, new()), Listener()
    broker.subscribe(room.code, listener)
    if not await heard_at_once(broker):
        await listener.until(Line(True))
    await broker.present(room.code, "one", 3)
    await broker.present(room.code, "two", 4)
    await listener.until(Viewers(7))
    await broker.present(room.code, "one", 0)
    await listener.until(Viewers(4))


async def test_a_scene_is_kept_by_its_id(broker: Broker) -> None:
    await broker.keep("s_1", b'{"a":1}')
    await broker.keep("s_1", b'{"a":1}')
    assert await broker.kept("s_1") == b'{"a":1}'
    assert await broker.kept("s_2") is None


async def test_a_room_that_has_expired_is_gone_and_its_code_free(broker: Broker) -> None:
    room = await kept(broker, say(new(), "poll.open", poll=CHOICES))
    await broker.vote(room.code, 1, "ann", 0)
    await broker.change(room.version, replace(room, version=2, expires=time.time() - 2))
    await broker.sweep()
    assert await broker.load(room.code) is None
    fresh = await kept(broker, new(code=room.code))
    assert await broker.load(room.code) == fresh


async def test_rooms_of_a_process_that_was_killed_are_there_for_the_next(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "rooms.sqlite3"
    killed = open_broker("", file, 1)
    room = await kept(killed, say(new(), "poll.open", poll=CHOICES))
    await killed.vote(room.code, 1, "ann", 2)
    await killed.keep("s_1", b"{}")
    # Not closed: whatever a killed process leaves behind is what is on the disk by now.
    following = open_broker("", file, 1)
    assert await following.load(room.code) == room
    assert await following.votes(room.code, 1) == {"ann": 2}
    assert await following.kept("s_1") == b"{}"
    await following.close()
    await killed.close()


async def test_a_file_that_cannot_be_written_is_a_broker_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    broker = open_broker("", tmp_path / "file" / "rooms.sqlite3", 1)
    with pytest.raises(BrokerDownError):
        await broker.create(new())
    await broker.close()


async def test_a_file_that_is_no_database_is_a_broker_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "rooms.sqlite3").write_text("no database" * 1000)
    broker = open_broker("", tmp_path / "rooms.sqlite3", 1)
    for _ in range(2):
        with pytest.raises(BrokerDownError):
            await broker.load("K7MPX2")
    await broker.close()


async def test_listeners_hear_that_redis_has_gone_and_is_back(tmp_path: Path) -> None:
    server = Redis(tmp_path)
    server.start()
    broker, listener = open_broker(server.url, None, 1), Listener()
    try:
        room = await kept(broker, new())
        broker.subscribe(room.code, listener)
        await listener.until(Line(True))
        server.kill()
        await listener.until(Line(False))
        with pytest.raises(BrokerDownError):
            await broker.load(room.code)
        listener.news.clear()
        server.start()
        await listener.until(Line(True))
        assert await broker.load(room.code) == room
        after = put(room, cursor={"t": 1})
        await broker.change(room.version, after)
        await listener.until(after)
    finally:
        await broker.close()
        server.kill()


async def test_two_processes_on_one_redis_hear_of_each_other(redis_server: Redis) -> None:
    one, two = (open_broker(redis_server.url, None, 1) for _ in range(2))
    room, listener = await kept(one, new()), Listener()
    two.subscribe(room.code, listener)
    await listener.until(Line(True))
    after = put(room, cursor={"t": 1})
    assert await one.change(room.version, after)
    await listener.until(after)
    await one.close()
    await two.close()


@pytest.mark.parametrize("url", ["amqp://somewhere", "localhost:6379"])
def test_an_address_of_no_broker_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="redis://"):
        open_broker(url, None, 1)
