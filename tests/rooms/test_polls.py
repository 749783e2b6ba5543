"""What votes come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.rooms.polls import MOST_BARS, Poll, Result

CHOICES = Poll(1, "which?", choices=("f", "i", "o"))
NUMBER = Poll(1, "how much?")


def test_every_choice_has_its_bar_even_without_a_vote() -> None:
    assert CHOICES.tallied([0, 2, 2], 2) == Result(3, ((0, 1), (1, 0), (2, 2)), 0, 2, 2)


def test_without_an_answer_nobody_is_right_or_wrong() -> None:
    found = CHOICES.tallied([0], None)
    assert (found.answer, found.correct) == (None, None)


def test_numbers_that_mean_the_same_share_a_bar() -> None:
    found = NUMBER.tallied([0.7311, 0.731, -40, 0.7309], None)
    assert found.histogram == ((-40, 1), (0.731, 3))


@pytest.mark.parametrize(
    ("votes", "answer", "correct"),
    [([0.73, 0.75, 0.9], 0.74, 2), ([90, 89], 90, 1), ([0], -0.0, 1), ([1e308, 0], "Infinity", 0)],
)
def test_a_number_near_enough_is_right(
    votes: list[float], answer: float | str, correct: int
) -> None:
    assert NUMBER.tallied(votes, answer).correct == correct


def test_of_many_different_numbers_the_most_frequent_are_shown_and_the_rest_counted() -> None:
    votes = [*range(100), 7, 7, 3]
    found = NUMBER.tallied(votes, None)
    assert len(found.histogram) == MOST_BARS
    assert dict(found.histogram)[7] == 3
    assert found.others == 100 - MOST_BARS


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_every_vote_is_counted_once(votes: list[float]) -> None:
    found = NUMBER.tallied(votes, None)
    assert sum(count for _, count in found.histogram) + found.others == len(votes)
    assert [value for value, _ in found.histogram] == sorted({v for v, _ in found.histogram})


@given(st.lists(st.integers(0, 2)))
def test_bars_of_choices_count_what_was_chosen(votes: list[int]) -> None:
    bars = CHOICES.tallied(votes, None).histogram
    assert bars == tuple((index, votes.count(index)) for index in range(3))
