"""The hub: clients come and go, and everybody is in step, over each of the brokers."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.rooms.classes import CHOICES, NUMBER, Ear, message
from tests.rooms.lectures import DESK, LAPTOP, Class, refused, until
from unrolled.rooms import hub as hubs
from unrolled.rooms.brokers import Broker, open_broker
from unrolled.rooms.errors import ENDED, REPLACED, RoomError
from unrolled.rooms.hub import Hub


@pytest.fixture
async def lecture(broker: Broker) -> AsyncIterator[Class]:
    made = await Class(broker).open()
    yield made
    await made.hub.close()


async def test_everybody_follows_the_presenter(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    ears = [(await lecture.join())[0] for _ in range(3)]
    await lecture.put(presenter, cursor={"t": 2})
    for ear in (mine, *ears):
        assert ear.heard[-1]["state"]["cursor"]["t"] == 2
        assert ear.heard[-1]["rev"] == 2


async def test_a_latecomer_has_all_there_is(lecture: Class) -> None:
    _, presenter = await lecture.present()
    await lecture.put(presenter, cursor={"t": 2}, view={"notation": "ng"})
    await lecture.say(presenter, "control", locked=True)
    await lecture.say(presenter, "poll.open", poll=CHOICES)
    ear, _ = await lecture.join()
    (welcome,) = ear.heard
    assert (welcome["role"], welcome["rev"], welcome["offline"]) == ("viewer", 3, False)
    assert welcome["state"]["view"] == {"notation": "ng"}
    assert welcome["controls"] == {"locked": True, "blank": False, "gather": 0}
    assert (welcome["poll"]["type"], welcome["poll"]["vote"]) == ("poll", None)
    assert "answer" not in welcome["poll"]
    assert "votes" not in welcome["poll"]


async def test_a_viewer_changes_nothing(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    _, viewer = await lecture.join()
    await lecture.say(presenter, "poll.open", poll=CHOICES)
    before = len(mine.heard)
    for kind, fields in {
        "set": {"state": {"cursor": {"t": 1}}},
        "control": {"locked": True},
        "gather": {},
        "poll.open": {"poll": CHOICES},
        "poll.lock": {},
        "poll.reveal": {},
        "poll.again": {},
        "poll.close": {},
        "end": {},
    }.items():
        await refused("forbidden", lecture.say(viewer, kind, **fields))  # type: ignore[arg-type]
    assert len(mine.heard) == before


async def test_a_wrong_token_is_refused_and_no_room_is_no_room(lecture: Class) -> None:
    await refused("forbidden", lecture.join(token="wrong"))
    await refused("no_room", lecture.hub.enter("ZZZZZZ", message("hello"), Ear()))


async def test_the_same_device_comes_back_and_its_old_connection_is_closed(lecture: Class) -> None:
    old, before = await lecture.present()
    new, presenter = await lecture.present()
    assert (old.code, new.heard[0]["role"]) == (REPLACED, "presenter")
    await lecture.put(presenter, cursor={"t": 1})
    await refused("no_room", lecture.put(before, cursor={"t": 2}))


async def test_another_device_asks_to_take_over_and_the_one_before_is_a_viewer(
    lecture: Class,
) -> None:
    old, before = await lecture.present(LAPTOP)
    await refused("taken", lecture.present(DESK))
    assert old.kinds == ["welcome"]
    _, presenter = await lecture.present(DESK, takeover=True)
    await until(lambda: "demoted" in old.kinds)
    await refused("forbidden", lecture.put(before, cursor={"t": 2}))
    await lecture.put(presenter, cursor={"t": 1})
    assert old.of("state")[-1]["state"]["cursor"]["t"] == 1
    await refused("taken", lecture.present(LAPTOP))


async def test_a_laptop_that_slept_comes_back_as_presenter(lecture: Class) -> None:
    _, presenter = await lecture.present()
    lecture.hub.leave(lecture.code, presenter)
    ear, _ = await lecture.present()
    assert ear.heard[0]["role"] == "presenter"


async def test_a_poll_from_question_to_result(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    students = [await lecture.join() for _ in range(3)]
    await lecture.say(presenter, "poll.open", poll=CHOICES)
    for value, (_, student) in enumerate(students):
        await lecture.say(student, "poll.vote", value=value)
    await lecture.say(students[2][1], "poll.vote", value=0)
    await until(lambda: bool(mine.of("poll.count")) and mine.of("poll.count")[-1]["votes"] == 3)
    assert not students[0][0].of("poll.count")
    await lecture.say(presenter, "poll.lock")
    await refused("no_poll", lecture.say(students[0][1], "poll.vote", value=1))
    await lecture.say(presenter, "poll.reveal")
    for ear in (mine, *(student[0] for student in students)):
        result = ear.heard[-1]
        assert (result["type"], result["votes"], result["correct"]) == ("poll.result", 3, 2)
        assert [bar["votes"] for bar in result["histogram"]] == [2, 1, 0]
        assert result["answer"] == 0


async def test_a_vote_is_confirmed_to_its_viewer_and_there_after_a_reload(lecture: Class) -> None:
    _, presenter = await lecture.present()
    await lecture.say(presenter, "poll.open", poll=CHOICES)
    ear, student = await lecture.join()
    await lecture.say(student, "poll.vote", value=2)
    assert ear.heard[-1] == {"type": "poll.voted", "id": 1, "value": 2}
    again, _ = await lecture.join(viewer=ear.heard[0]["viewer"])
    assert again.heard[0]["poll"]["vote"] == 2


async def test_the_answer_of_a_bound_poll_is_that_of_the_scene_at_its_reveal(
    lecture: Class,
) -> None:
    mine, presenter = await lecture.present()
    await refused(
        "bad_poll", lecture.say(presenter, "poll.open", poll={**NUMBER, "address": "nowhere"})
    )
    await lecture.say(presenter, "poll.open", poll=NUMBER)
    await lecture.put(presenter, scene="other")
    await lecture.say(presenter, "poll.reveal")
    assert mine.of("poll.result")[-1]["answer"] == 0.5
    assert lecture.scenes.answered[-1] == ("other", NUMBER["address"], NUMBER["t"])


async def test_a_scene_that_cannot_be_shown_is_refused_and_the_room_stays(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    await refused("bad_scene", lecture.put(presenter, scene="bad"))
    await refused("bad_scene", lecture.put(presenter, view={"compare": ["bad"]}))
    assert mine.kinds == ["welcome"]
    with pytest.raises(RoomError, match="bad one"):
        await lecture.hub.create("bad")


async def test_a_scene_too_large_for_a_frame_is_stored_and_named(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    small, large = {"title": "x"}, {"title": "y" * 9000}
    await lecture.put(presenter, scene=small)
    assert mine.heard[-1]["state"]["scene"] == small
    await lecture.put(presenter, scene="other", view={"compare": [large]})
    await until(lambda: mine.of("state")[-1]["state"]["scene"] == "other")
    assert mine.of("state")[-1]["state"]["view"]["compare"] == ["s_1"]
    assert lecture.scenes.stored == [large]


async def test_a_view_too_large_for_a_frame_is_refused(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    await refused("too_large", lecture.put(presenter, view={"k": "x" * 9000}))
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    await refused("bad_message", lecture.put(presenter, view={"k": deep}))
    assert mine.kinds == ["welcome"]


async def test_while_dragging_two_scenes_a_second_reach_the_class_and_the_last_does(
    lecture: Class,
) -> None:
    _, presenter = await lecture.present()
    ear, _ = await lecture.join()
    begin = asyncio.get_running_loop().time()
    for number in range(30):
        await lecture.put(presenter, scene={"seed": number})
    await until(lambda: ear.heard[-1]["state"]["scene"] == {"seed": 29})
    taken = asyncio.get_running_loop().time() - begin
    assert len(ear.of("state")) <= 2 + taken * 2


async def test_the_presenter_hears_how_many_are_here(lecture: Class) -> None:
    mine, _ = await lecture.present()
    _, one = await lecture.join()
    _, _ = await lecture.join()
    await until(lambda: bool(mine.of("viewers")) and mine.of("viewers")[-1]["viewers"] == 2)
    lecture.hub.leave(lecture.code, one)
    await until(lambda: mine.of("viewers")[-1]["viewers"] == 1)


async def test_the_end_is_the_end_for_all(lecture: Class) -> None:
    mine, presenter = await lecture.present()
    ear, _ = await lecture.join()
    await lecture.say(presenter, "end")
    assert (mine.code, ear.code) == (ENDED, ENDED)
    assert ear.kinds[-1] == "end"
    await refused("no_room", lecture.join())
    assert await lecture.hub.authorised(lecture.code, lecture.token) is not None
    assert await lecture.hub.authorised(lecture.code, "wrong") is None


async def test_a_thousand_join_at_once_and_the_room_is_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rooms.sqlite3"
    first = await Class(open_broker("", file, 1)).open()
    _, presenter = await first.present()
    await first.put(presenter, cursor={"t": 3})
    second = Class(open_broker("", file, 1))
    second.code, second.token = first.code, first.token
    loads, load = [], second.hub.broker.load

    async def counted(code: str) -> Any:
        loads.append(code)
        return await load(code)

    monkeypatch.setattr(second.hub.broker, "load", counted)
    ears = [ear for ear, _ in await asyncio.gather(*(second.join() for _ in range(1000)))]
    assert {ear.heard[0]["state"]["cursor"]["t"] for ear in ears} == {3}
    assert loads == [first.code]
    for lecture in (first, second):
        await lecture.hub.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub whose housekeeping does not wait."""
    for name in ("TICK_SECONDS", "QUIET_SECONDS", "EMPTY_SECONDS"):
        monkeypatch.setattr(hubs, name, 0.01)


@pytest.mark.usefixtures("quick")
async def test_after_a_wave_of_joins_the_collector_looks_at_it_no_more(tmp_path: Path) -> None:
    lecture = await Class(open_broker("", tmp_path / "rooms.sqlite3", 1)).open()
    gc.unfreeze()
    try:
        joined = [await lecture.join() for _ in range(hubs.WAVE)]
        ear = joined[0][0]
        ear.heard.append({"type": "a cycle", "of": ear})
        await until(lambda: gc.get_freeze_count() > 0)
        for _, member in joined:
            lecture.hub.leave(lecture.code, member)
        kept = weakref.ref(ear)
        del ear, member, joined
        for _ in range(hubs.WAVE):
            await lecture.join()
        await until(lambda: kept() is None)
    finally:
        gc.unfreeze()
        await lecture.hub.close()


@pytest.mark.usefixtures("quick")
async def test_a_room_nobody_is_in_is_let_go_of_and_found_again(lecture: Class) -> None:
    _, member = await lecture.join()
    assert lecture.hub.rooms == 1
    lecture.hub.leave(lecture.code, member)
    await until(lambda: lecture.hub.rooms == 0)
    ear, _ = await lecture.join()
    assert ear.heard[0]["state"]["scene"] == "lecture-lstm"


@pytest.mark.usefixtures("quick")
async def test_a_room_that_expires_is_over_for_all(tmp_path: Path) -> None:
    lecture = Class(open_broker("", tmp_path / "rooms.sqlite3", 1))
    lecture.hub = Hub(lecture.hub.broker, lecture.scenes, 1)
    await lecture.open()
    ear, _ = await lecture.join()
    await until(lambda: ear.code == ENDED)
    await refused("no_room", lecture.join())
    await lecture.hub.close()
