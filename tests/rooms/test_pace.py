"""How fast things may go: arithmetic on times, without a clock."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.rooms.pace import Breath, Bucket, Guesses, ScenePace, Settling


def test_steps_within_a_scene_go_at_once() -> None:
    pace = ScenePace(0.5, ["a"])
    for now in (0.0, 0.01, 0.02):
        assert pace.wait(now, ["a"]) == 0
        pace.went(now, ["a"])


def test_a_second_scene_waits_for_its_turn() -> None:
    pace = ScenePace(0.5, ["a"])
    assert pace.wait(10.0, ["b"]) == 0
    pace.went(10.0, ["b"])
    assert pace.wait(10.2, ["c"]) == pytest.approx(0.3)
    assert pace.wait(10.5, ["c"]) == 0


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=200))
def test_however_fast_the_presenter_drags_two_scenes_a_second_go(gaps: list[float]) -> None:
    pace, now, sent = ScenePace(0.5, [0]), 0.0, []
    for scene, gap in enumerate(gaps, start=1):
        now += gap
        if pace.wait(now, [scene]) == 0:
            pace.went(now, [scene])
            sent.append(now)
    assert all(later - earlier >= 0.5 - 1e-9 for earlier, later in pairwise(sent))
    # Once dragging ends, the last is never more than half a second away.
    assert pace.wait(now, [-1]) <= 0.5 + 1e-9


def test_after_telling_a_large_class_there_is_a_pause_and_after_a_small_one_hardly_any() -> None:
    breath = Breath()
    assert breath.wait(0.0) == 0
    breath.told(0.0, 0.040)
    assert breath.wait(0.040) == pytest.approx(0.010)
    assert breath.wait(0.050) == 0
    breath.told(1.0, 1.0)
    assert breath.wait(1.0) == 0


def test_a_burst_is_read_at_once_and_a_flood_at_its_rate() -> None:
    bucket = Bucket(rate=10, burst=5)
    assert [bucket.wait(1.0) for _ in range(5)] == [0] * 5
    assert bucket.wait(1.0) == pytest.approx(0.1)
    assert bucket.wait(1.0) == pytest.approx(0.2)
    assert bucket.wait(3.0) == 0


def test_a_few_wrong_codes_delay_nobody() -> None:
    guesses = Guesses(free=3, rate=10, longest=5, forgiven=15)
    for _ in range(3):
        guesses.failed("hall", 0.0)
    assert guesses.wait("hall", 0.0) == 0


def test_beyond_them_an_address_waits_in_line_and_others_do_not() -> None:
    guesses = Guesses(free=3, rate=10, longest=5, forgiven=15)
    for _ in range(5):
        guesses.failed("hall", 0.0)
    assert [guesses.wait("hall", 0.0) for _ in range(3)] == pytest.approx([0, 0.1, 0.2])
    assert guesses.wait("home", 0.0) == 0


def test_nobody_waits_longer_than_the_longest() -> None:
    guesses = Guesses(free=0, rate=1, longest=5, forgiven=15)
    guesses.failed("hall", 0.0)
    assert max(guesses.wait("hall", 0.0) for _ in range(1000)) == 5


def test_failures_are_forgiven_with_time() -> None:
    guesses = Guesses(free=1, rate=0.1, longest=9, forgiven=15)
    for _ in range(3):
        guesses.failed("hall", 0.0)
    assert [guesses.wait("hall", 0.1) for _ in range(2)][1] > 0
    assert [guesses.wait("hall", 31.0) for _ in range(2)] == [0, 0]


def test_addresses_are_forgotten_rather_than_memory_filled() -> None:
    guesses = Guesses(free=0, rate=1, longest=5, forgiven=1e9)
    for number in range(Guesses.MOST + 1):
        guesses.failed(str(number), 0.0)
    assert [guesses.wait("0", 0.0) for _ in range(2)] == [0, 0]
    assert [guesses.wait("1", 0.0) for _ in range(2)][1] > 0


def test_a_wave_of_joins_settles_once_it_is_over() -> None:
    settling = Settling(least=3, quiet=2.0)
    for now in (0.0, 0.5, 1.0):
        settling.joined(now)
    assert [settling.due(now) for now in (1.0, 2.9, 3.0, 9.0)] == [False, False, True, False]


def test_a_few_who_come_late_are_no_wave() -> None:
    settling = Settling(least=3, quiet=2.0)
    settling.joined(0.0)
    assert not settling.due(100.0)
