"""A room as a state machine: what its presenter's messages make of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.rooms.classes import CHOICES, NUMBER, message, new, put, say
from unrolled.rooms import messages, records
from unrolled.rooms import room as rooms
from unrolled.rooms.errors import RoomError
from unrolled.rooms.polls import Result
from unrolled.rooms.room import Room, Seat

RESULT = Result(2, ((0, 2), (1, 0), (2, 0)), 0, 0, 2)
LAPTOP, DESK = Seat("laptop", "1"), Seat("desk", "2")


def refused(code: str, room: Room, kind: str, **fields: Any) -> None:
    with pytest.raises(RoomError) as caught:
        say(room, kind, **fields)
    assert caught.value.code == code


def test_a_patch_gives_a_new_revision_and_leaves_the_room_as_it_was() -> None:
    room = new()
    after = put(room, cursor={"t": 2})
    assert (after.rev, after.version, after.state["cursor"]["t"]) == (2, 2, 2)
    assert (room.rev, room.state["cursor"]["t"]) == (1, None)


def test_controls_change_one_by_one() -> None:
    room = say(new(), "control", locked=True)
    room = say(room, "control", blank=True)
    assert (room.controls.locked, room.controls.blank, room.rev) == (True, True, 3)
    assert say(room, "control", locked=False).controls.blank


def test_every_call_to_come_back_is_another_one() -> None:
    room = say(say(new(), "gather"), "gather")
    assert (room.controls.gather, room.rev) == (2, 3)


def test_the_first_presenter_takes_the_room_and_its_device_comes_back() -> None:
    room = rooms.seated(new(), LAPTOP, takeover=False)
    again = rooms.seated(room, replace(LAPTOP, connection="9"), takeover=False)
    assert again.seat == Seat("laptop", "9")
    assert again.rev == room.rev


def test_another_device_has_to_ask_to_take_over() -> None:
    room = rooms.seated(new(), LAPTOP, takeover=False)
    with pytest.raises(RoomError) as caught:
        rooms.seated(room, DESK, takeover=False)
    assert caught.value.code == "taken"
    assert rooms.seated(room, DESK, takeover=True).seat == DESK


def test_a_poll_is_asked_locked_and_revealed() -> None:
    asked = say(new(), "poll.open", poll=CHOICES)
    assert asked.poll is not None
    assert (asked.poll.id, asked.poll.status, asked.rev) == (1, "open", 1)
    locked = say(asked, "poll.lock")
    shown = say(locked, "poll.reveal", RESULT)
    assert shown.poll is not None
    assert (shown.poll.status, shown.poll.result) == ("revealed", RESULT)


def test_asking_again_is_a_new_round_of_the_same_question() -> None:
    shown = say(say(new(), "poll.open", poll=CHOICES), "poll.reveal", RESULT)
    again = say(shown, "poll.again")
    assert again.poll is not None
    assert (again.poll.id, again.poll.status, again.poll.result) == (2, "open", None)
    assert again.poll.question == CHOICES["question"]


def test_rounds_are_counted_on_after_a_poll_was_closed() -> None:
    room = say(say(new(), "poll.open", poll=CHOICES), "poll.close")
    assert room.poll is None
    room = say(room, "poll.open", poll=NUMBER)
    assert room.poll is not None
    assert room.poll.id == 2


@pytest.mark.parametrize("kind", ["poll.lock", "poll.reveal", "poll.again", "poll.close"])
def test_without_a_poll_there_is_nothing_to_do_to_it(kind: str) -> None:
    refused("no_poll", new(), kind)


def test_a_poll_is_locked_once() -> None:
    refused("no_poll", say(say(new(), "poll.open", poll=CHOICES), "poll.lock"), "poll.lock")


def test_votes_are_taken_while_a_poll_is_open() -> None:
    room = new()
    with pytest.raises(RoomError, match="got none"):
        rooms.vote(room, 0)
    room = say(room, "poll.open", poll=CHOICES)
    assert rooms.vote(room, 2) == 1
    with pytest.raises(RoomError, match="got none"):
        rooms.vote(say(room, "poll.lock"), 2)


@pytest.mark.parametrize("value", [-1, 3, 0.5])
def test_a_vote_for_no_choice_is_refused(value: float) -> None:
    with pytest.raises(RoomError) as caught:
        rooms.vote(say(new(), "poll.open", poll=CHOICES), value)
    assert caught.value.code == "bad_message"


def test_any_number_is_a_vote_where_a_number_is_asked_for() -> None:
    room = say(new(), "poll.open", poll=NUMBER)
    assert [rooms.vote(room, value) for value in (-3, 0, 1e308)] == [1, 1, 1]


def test_an_ended_room_stays_ended() -> None:
    assert say(new(), "end").ended


@pytest.mark.parametrize(
    "poll",
    [
        {},
        {"question": ""},
        {"question": "q", "choices": ["one"]},
        {"question": "q", "choices": ["c"] * 11},
        {"question": "q", "choices": ["a", "b"], "answer": 2},
        {"question": "q", "choices": ["a", "b"], "answer": 0.5},
        {"question": "q", "choices": ["a", " "]},
        {"question": "q", "address": "h"},
        {"question": "q", "t": 3},
        {"question": "q", "address": "h", "t": -1},
        {"question": "q", "address": "h", "t": 1, "answer": 3},
        {"question": "q", "address": "h", "t": 1, "choices": ["a", "b"]},
        {"question": "q" * 501},
        {"question": "q", "answer": float("nan")},
        {"question": "q", "tolerance": -1},
        {"question": "q", "answer": True},
    ],
)
def test_what_is_no_question_is_refused(poll: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        message("poll.open", poll=poll)


@pytest.mark.parametrize("value", ["1", True, None, float("inf"), float("nan"), [1]])
def test_what_is_no_number_is_no_vote(value: Any) -> None:
    with pytest.raises(ValidationError):
        message("poll.vote", value=value)


def test_every_message_has_a_name_of_its_own() -> None:
    assert len(messages.BY_NAME) == len(messages.CLIENT)


def test_a_room_is_read_as_it_was_written() -> None:
    room = rooms.seated(new({"version": 1, "inputs": [[1.5]]}), LAPTOP, takeover=False)
    room = put(room, view={"theme": "dark", "深": [None]})
    for poll in (CHOICES, NUMBER):
        room = say(room, "poll.open", poll=poll)
        assert records.read(records.written(room)) == room
    room = say(room, "poll.reveal", Result(3, ((0.5, 3),), 0, "NaN", 0))
    assert records.read(records.written(room)) == room
