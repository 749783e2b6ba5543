"""Hubs on one Redis: several processes, a server that goes away, comes back, or forgets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import redis

from tests.rooms.classes import CHOICES, AnyScene, Ear, message
from tests.rooms.conftest import Redis
from tests.rooms.lectures import DESK, Class, refused, until
from unrolled.rooms.brokers import open_broker
from unrolled.rooms.errors import RoomError
from unrolled.rooms.hub import Hub


async def test_a_room_of_two_workers_is_one_room(redis_server: Redis) -> None:
    here = await Class(open_broker(redis_server.url, None, 1)).open()
    there = Class(open_broker(redis_server.url, None, 1))
    there.code, there.token = here.code, here.token
    mine, presenter = await here.present()
    ear, student = await there.join()
    await here.put(presenter, cursor={"t": 4})
    await until(lambda: bool(ear.of("state")))
    await here.say(presenter, "poll.open", poll=CHOICES)
    await until(lambda: bool(ear.of("poll")))
    await there.say(student, "poll.vote", value=1)
    await until(lambda: bool(mine.of("poll.count")))
    await until(lambda: bool(mine.of("viewers")) and mine.of("viewers")[-1]["viewers"] == 1)
    _, other = await there.present(DESK, takeover=True)
    await until(lambda: "demoted" in mine.kinds)
    await there.put(other, cursor={"t": 5})
    await until(lambda: mine.of("state")[-1]["state"]["cursor"]["t"] == 5)
    for lecture in (here, there):
        await lecture.hub.close()


async def test_without_redis_all_are_told_and_in_step_again_when_it_is_back(
    tmp_path: Path,
) -> None:
    server = Redis(tmp_path)
    server.start()
    lecture = await Class(open_broker(server.url, None, 1)).open()
    try:
        mine, presenter = await lecture.present()
        ear, student = await lecture.join()
        await until(lambda: bool(mine.of("viewers")))
        server.kill()
        await until(lambda: "offline" in ear.kinds and "offline" in mine.kinds)
        await refused("offline", lecture.put(presenter, cursor={"t": 2}))
        late, _ = await lecture.join()
        assert late.heard[0]["offline"]
        server.start()
        await until(lambda: "online" in ear.kinds)
        await lecture.put(presenter, cursor={"t": 3})
        assert ear.of("state")[-1]["state"]["cursor"]["t"] == 3
        await lecture.say(presenter, "poll.open", poll=CHOICES)
        await lecture.say(student, "poll.vote", value=1)
    finally:
        await lecture.hub.close()
        server.kill()


async def test_a_room_that_redis_forgot_unnoticed_is_given_back_with_the_next_step(
    redis_server: Redis,
) -> None:
    lecture = await Class(open_broker(redis_server.url, None, 1)).open()
    _, presenter = await lecture.present()
    ear, _ = await lecture.join()
    await lecture.put(presenter, cursor={"t": 1})
    client = redis.Redis.from_url(redis_server.url)
    client.flushall()
    client.close()
    await lecture.put(presenter, cursor={"t": 2})
    assert ear.of("state")[-1]["state"]["cursor"]["t"] == 2
    kept = await lecture.hub.broker.load(lecture.code)
    assert kept is not None
    assert kept.state["cursor"]["t"] == 2
    await lecture.hub.close()


async def test_a_redis_that_lost_everything_gets_the_room_back(tmp_path: Path) -> None:
    server = Redis(tmp_path)
    server.start()
    lecture = await Class(open_broker(server.url, None, 1)).open()
    try:
        _, presenter = await lecture.present()
        ear, _ = await lecture.join()
        await lecture.put(presenter, cursor={"t": 2})
        server.kill()
        await until(lambda: "offline" in ear.kinds)
        for file in (tmp_path / "appendonlydir").iterdir():
            file.unlink()
        server.start()
        await until(lambda: "online" in ear.kinds)
        other = Hub(open_broker(server.url, None, 1), AnyScene(), 3600)
        late = Ear()
        await until_found(other, lecture.code, late)
        assert late.heard[0]["state"]["cursor"]["t"] == 2
        await other.close()
    finally:
        await lecture.hub.close()
        server.kill()


async def until_found(hub: Hub, code: str, ear: Ear) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await hub.enter(code, message("hello"), ear)
                return
            except RoomError:
                await asyncio.sleep(0.02)
