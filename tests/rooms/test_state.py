"""The shared state: merge patches, and the three members that are replaced whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.rooms import state as states
from unrolled.rooms.errors import RoomError

START = states.first("lecture-lstm")

# The examples of RFC 7396, appendix A.
RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), RFC_7396)
def test_the_examples_of_the_standard_come_out(target: Any, patch: Any, result: Any) -> None:
    assert states.merged(target, patch) == result


def test_a_class_starts_before_the_first_step() -> None:
    cursor = {"pass": "forward", "t": None, "node": None}
    assert {"scene": "lecture-lstm", "cursor": cursor, "view": {}} == START


def test_what_a_patch_does_not_name_stays() -> None:
    moved = states.patched(START, {"cursor": {"t": 3}})
    assert moved["cursor"] == {"pass": "forward", "t": 3, "node": None}
    seen = states.patched(moved, {"view": {"notation": "ng"}})
    assert (seen["cursor"], seen["view"]) == (moved["cursor"], {"notation": "ng"})


def test_a_null_t_is_before_the_first_step_and_no_deletion() -> None:
    moved = states.patched(START, {"cursor": {"t": 3}})
    assert states.patched(moved, {"cursor": {"t": None}})["cursor"]["t"] is None


def test_t_and_pass_are_always_there() -> None:
    patches: list[dict[str, Any]] = [{"cursor": None}, {"cursor": {"pass": None}}, {"cursor": {}}]
    for patch in patches:
        cursor = states.patched(START, patch)["cursor"]
        assert (cursor["t"], cursor["pass"]) == (None, "forward")


def test_a_scene_is_replaced_whole() -> None:
    inline = states.patched(START, {"scene": {"version": 1, "network": {"a": 1}, "seed": 3}})
    again = states.patched(inline, {"scene": {"version": 1, "network": {"b": None}}})
    assert again["scene"] == {"version": 1, "network": {"b": None}}


def test_compared_scenes_are_replaced_whole_and_taken_away_by_null() -> None:
    two = states.patched(START, {"view": {"compare": [{"a": 1}, "b"], "theme": "dark"}})
    one = states.patched(two, {"view": {"compare": [{"c": None}]}})
    assert one["view"] == {"compare": [{"c": None}], "theme": "dark"}
    assert states.patched(one, {"view": {"compare": None}})["view"] == {"theme": "dark"}
    assert states.scenes(two) == ["lecture-lstm", {"a": 1}, "b"]


def test_other_keys_of_the_view_pass_through_untouched() -> None:
    odd = {"深": {"a": [1, {"b": None}], "c": 1e300}, "n": -0.5}
    assert states.patched(START, {"view": odd})["view"] == odd


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"scene": None}, "state.scene"),
        ({"scene": 3}, "state.scene"),
        ({"cursor": 4}, "state.cursor"),
        ({"cursor": {"t": -1}}, "state.cursor.t"),
        ({"cursor": {"t": 1.5}}, "state.cursor.t"),
        ({"cursor": {"t": True}}, "state.cursor.t"),
        ({"cursor": {"pass": "sideways"}}, "state.cursor.pass"),
        ({"cursor": {"node": 3}}, "state.cursor.node"),
        ({"view": []}, "state.view"),
        ({"view": {"compare": ["a", "b", "c"]}}, "state.view.compare"),
        ({"view": {"compare": [3]}}, "state.view.compare"),
        ({"colour": 1}, "state.colour"),
    ],
)
def test_what_is_no_state_is_refused_by_its_field(patch: dict[str, Any], field: str) -> None:
    with pytest.raises(RoomError, match=rf"^{field}: expected .*, got ") as caught:
        states.patched(START, patch)
    assert caught.value.code == "bad_message"


json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("abt", max_size=2), inner),
    max_leaves=12,
)


@given(json, json)
def test_a_patch_alters_nothing_it_was_given(target: Any, patch: Any) -> None:
    before = repr((target, patch))
    states.merged(target, patch)
    assert repr((target, patch)) == before


@given(json, json)
def test_a_patch_applied_twice_is_applied_once(target: Any, patch: Any) -> None:
    once = states.merged(target, patch)
    assert states.merged(once, patch) == once
