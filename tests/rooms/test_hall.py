"""A room as one process serves it, on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.rooms.classes import CHOICES, Ear, new, put, say
from unrolled.rooms.brokers import Line, Viewers, Votes
from unrolled.rooms.frames import Frame
from unrolled.rooms.hall import Hall, Member
from unrolled.rooms.room import Room, Seat

SEAT = Seat("laptop", "1")


class Time:
    """A clock and its timers; `slow` seconds go by with every frame that is sent."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[tuple[float, Callable[[], None]]] = []

    def clock(self) -> float:
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self._timers.append((self.now + seconds, call))

    def turn(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted((at, n) for n, (at, _) in enumerate(self._timers) if at <= end):
            at, number = due[0]
            self.now = max(self.now, at)
            self._timers.pop(number)[1]()
        self.now = max(self.now, end)


class Slow(Ear):
    """A client that takes a while to be told."""

    def __init__(self, time: Time, seconds: float) -> None:
        super().__init__()
        self._time, self._seconds = time, seconds

    def send(self, frame: Frame) -> None:
        super().send(frame)
        self._time.now += self._seconds


def lecture(*ears: Ear, room: Room | None = None, time: Time | None = None) -> Hall:
    """A hall whose first member presents."""
    time = time or Time()
    hall = Hall(room or new(seat=SEAT), time.clock, time.later)
    for number, ear in enumerate(ears):
        hall.join(Member(ear, str(number), SEAT if number == 0 else None))
    return hall


def test_news_that_are_older_than_what_is_known_are_dropped() -> None:
    ear = Ear()
    hall = lecture(ear)
    one = put(hall.room, cursor={"t": 1})
    two = put(one, cursor={"t": 2})
    for room in (two, one, two):
        hall.hear(room)
    assert [each["rev"] for each in ear.heard] == [3]


def test_a_gap_is_no_loss() -> None:
    always, seldom = Ear(), Ear()
    hall, other = lecture(always), lecture(seldom)
    other.room = hall.room
    room = hall.room
    said: list[tuple[str, dict[str, Any]]] = [
        ("poll.open", {"poll": CHOICES}),
        ("control", {"blank": True}),
        ("poll.lock", {}),
        ("gather", {}),
    ]
    for kind, fields in said:
        room = say(room, kind, **fields)
        hall.hear(room)
    Hall.hear(other, room)
    for kind in ("state", "poll.locked"):
        assert always.of(kind)[-1] == seldom.of(kind)[-1]


def test_a_scene_that_has_to_wait_gives_way_to_the_newest() -> None:
    time, ear = Time(), Ear()
    hall = lecture(ear, time=time)
    for seed in range(10):
        hall.hear(put(hall.room, scene={"seed": seed}))
        time.turn(0.04)
    time.turn(1.0)
    assert [each["state"]["scene"]["seed"] for each in ear.heard] == [0, 9]


def test_steps_of_a_class_that_is_slow_to_tell_are_dropped_and_the_last_arrives() -> None:
    time = Time()
    ear = Slow(time, seconds=0.1)
    hall = lecture(ear, time=time)
    for t in range(20):
        hall.hear(put(hall.room, cursor={"t": t}))
        time.turn(0.01)
    time.turn(1.0)
    steps = [each["state"]["cursor"]["t"] for each in ear.heard]
    assert steps[-1] == 19
    assert len(steps) < 20


def test_counts_of_votes_reach_the_presenter_alone_a_few_times_a_second() -> None:
    time, mine, theirs = Time(), Ear(), Ear()
    hall = lecture(mine, theirs, time=time)
    for count in range(1, 101):
        hall.hear(Votes(1, count))
        time.turn(0.01)
    time.turn(1.0)
    counts = [each["votes"] for each in mine.of("poll.count")]
    assert counts[-1] == 100
    assert len(counts) <= 6
    assert theirs.heard == []


def test_a_vote_of_the_round_before_does_not_undo_the_count() -> None:
    time, mine = Time(), Ear()
    hall = lecture(mine, time=time)
    for votes in (Votes(2, 1), Votes(1, 40), Votes(2, 3), Votes(2, 2)):
        hall.hear(votes)
    time.turn(1.0)
    assert mine.of("poll.count") == [{"type": "poll.count", "id": 2, "votes": 3}]


def test_viewers_are_counted_to_the_presenter_alone() -> None:
    mine, theirs = Ear(), Ear()
    lecture(mine, theirs).hear(Viewers(41))
    assert (mine.heard, theirs.heard) == ([{"type": "viewers", "viewers": 41}], [])


def test_a_line_that_is_down_is_told_once() -> None:
    ear = Ear()
    hall = lecture(ear)
    for up in (True, False, False, True, True):
        hall.hear(Line(up))
    assert ear.kinds == ["offline", "online"]


def test_after_the_end_nobody_is_told_anything() -> None:
    mine, theirs = Ear(), Ear()
    hall = lecture(mine, theirs)
    ended = say(hall.room, "end")
    hall.hear(ended)
    hall.hear(put(ended, cursor={"t": 1}))
    assert mine.kinds == theirs.kinds == ["end"]
    assert mine.code == theirs.code == 4410
