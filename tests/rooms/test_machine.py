"""Any sequence of messages, from a presenter and from whoever else: the room keeps its promises."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.rooms.classes import CHOICES, NUMBER, Ear, message, new
from unrolled.rooms import frames, records
from unrolled.rooms import room as rooms
from unrolled.rooms.errors import RoomError
from unrolled.rooms.room import Room, Seat

devices = st.sampled_from(["laptop", "desk", "phone"])
steps = st.none() | st.integers(-1, 9) | st.just("x")
changes = st.one_of(
    st.builds(lambda t: ("set", {"state": {"cursor": {"t": t}}}), steps),
    st.builds(
        lambda scene: ("set", {"state": {"scene": scene}}), st.sampled_from(["a", {"b": 1}, None])
    ),
    st.builds(
        lambda n: ("set", {"state": {"view": {"compare": ["s"] * n, "k": n or None}}}),
        st.integers(0, 3),
    ),
    st.builds(lambda value: ("control", {"locked": value}), st.booleans()),
    st.sampled_from([("control", {"blank": True}), ("gather", {})]),
    st.sampled_from([("poll.open", {"poll": CHOICES}), ("poll.open", {"poll": NUMBER})]),
    st.sampled_from([(f"poll.{verb}", {}) for verb in ("lock", "reveal", "again", "close")]),
)


class Class(RuleBasedStateMachine):
    """A room, its votes as the broker would keep them, and two viewers.

    One of the two hears every change, the other only now and then: what both know in the end must
    be the same.
    """

    @initialize()
    def open(self) -> None:
        self.room = self.told = new()
        self.votes: dict[int, dict[str, float]] = {}
        self.always, self.seldom = Ear(), Ear()
        for ear in (self.always, self.seldom):
            ear.send(frames.state(self.room))

    def become(self, room: Room) -> None:
        assert room.version == self.room.version + 1
        assert room.rev - self.room.rev in (0, 1)
        shown = (room.state, room.controls) != (self.room.state, self.room.controls)
        assert not (shown and room.rev == self.room.rev), "a change that viewers would never hear"
        for frame in frames.news(self.room, room):
            self.always.send(frame)
        self.room = room

    @rule(change=changes)
    def say(self, change: tuple[str, dict[str, object]]) -> None:
        kind, fields = change
        before = self.room
        result = None
        if kind == "poll.reveal" and before.poll is not None:
            result = before.poll.tallied(self.votes.get(before.poll.id, {}).values(), 0)
        try:
            after = rooms.changed(before, message(kind, **fields), result)
        except RoomError:
            assert self.room == before
        else:
            self.become(after)

    @rule(viewer=devices, value=st.integers(-1, 3) | st.floats(-2, 2))
    def vote(self, viewer: str, value: float) -> None:
        poll = self.room.poll
        expected = "no_poll" if poll is None or poll.status != "open" else "bad_message"
        try:
            round_ = rooms.vote(self.room, value)
        except RoomError as error:
            code = error.code
        else:
            self.votes.setdefault(round_, {})[viewer] = value
            code, expected = "taken", "taken" if expected == "bad_message" else expected
        assert code == expected

    @rule(device=devices, takeover=st.booleans())
    def sit(self, device: str, takeover: bool) -> None:
        held = self.room.seat
        seat = Seat(device, str(self.room.version))
        if held is None or takeover or held.viewer == device:
            self.become(rooms.seated(self.room, seat, takeover))
        else:
            with pytest.raises(RoomError, match="another device"):
                rooms.seated(self.room, seat, takeover)

    @rule()
    def listen_again(self) -> None:
        for frame in frames.news(self.told, self.room):
            self.seldom.send(frame)
        self.told = self.room

    @rule()
    def restart(self) -> None:
        self.room = records.read(records.written(self.room))

    @invariant()
    def a_state_is_whole(self) -> None:
        assert set(self.room.state) == {"scene", "cursor", "view"}
        assert "t" in self.room.state["cursor"]
        assert isinstance(self.room.state["scene"], str | dict)

    @invariant()
    def nobody_sees_a_result_early(self) -> None:
        poll = self.room.poll
        if poll is None or poll.status == "revealed":
            return
        shown = json.loads(frames.poll(self.room).data)
        assert not {"answer", "histogram", "correct", "votes"} & shown.keys()

    @invariant()
    def a_result_counts_the_votes_of_its_round(self) -> None:
        poll = self.room.poll
        if poll is not None and poll.result is not None:
            assert poll.result.votes == len(self.votes.get(poll.id, {}))

    def teardown(self) -> None:
        self.listen_again()
        for kind in ("state", "poll"):
            told = [[each for each in ear.heard if each["type"].partition(".")[0] == kind]
                    for ear in (self.always, self.seldom)]  # fmt: skip
            always, seldom = [each[-1] if each else None for each in told]
            if kind == "poll" and seldom is None:
                always = always if always and always["type"] != "poll.closed" else None
            assert always == seldom


Class.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestAnySequenceOfMessages = Class.TestCase


def test_news_of_an_ended_room_are_its_end_alone() -> None:
    room = new()
    ended = replace(rooms.changed(room, message("control", blank=True)), ended=True)
    assert [frame.kind for frame in frames.news(room, ended)] == ["end"]
