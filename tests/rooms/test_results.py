"""Results as CSV: readable by a spreadsheet, and harmless to it."""

from __future__ import annotations

import csv
import io

import pytest

from unrolled.rooms import results
from unrolled.rooms.polls import Poll


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_for_each_vote_with_the_choice_in_words() -> None:
    poll = Poll(1, "Which gate, 哪个门?", choices=("forget", "input"), answer=0)
    found = rows(results.table([(poll, {"a": 0, "b": 1})]))
    assert [(row["vote"], row["choice"], row["correct"]) for row in found] == [
        ("0", "forget", "yes"),
        ("1", "input", "no"),
    ]
    assert found[0]["question"] == "Which gate, 哪个门?"


def test_a_student_has_one_number_in_all_rounds_and_no_name() -> None:
    polls = [(Poll(n, "q"), votes) for n, votes in ((1, {"ann": 1, "bob": 2}), (2, {"bob": 1}))]
    text = results.table(polls)
    assert [row["student"] for row in rows(text)] == ["1", "2", "2"]
    assert "ann" not in text


def test_an_answer_that_was_computed_is_that_of_the_result() -> None:
    poll = Poll(1, "q", address="f", t=3)
    shown = Poll(1, "q", address="f", t=3, result=poll.tallied([0.5], 0.5))
    (before,) = rows(results.table([(poll, {"a": 0.5})]))
    (after,) = rows(results.table([(shown, {"a": 0.5})]))
    assert (before["answer"], before["correct"]) == ("", "")
    assert (after["answer"], after["correct"]) == ("0.5", "yes")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(0)"
    poll = Poll(1, text, choices=(text, "b"))
    (row,) = rows(results.table([(poll, {"a": 0})]))
    assert row["question"] == row["choice"] == f"'{text}"


def test_a_number_is_left_as_it_is() -> None:
    (row,) = rows(results.table([(Poll(1, "q", answer=-2.5), {"a": -2.5})]))
    assert (row["vote"], row["answer"]) == ("-2.5", "-2.5")
