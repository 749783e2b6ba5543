"""The results of a class as CSV: a row for each vote of each round."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from unrolled.rooms.polls import Poll

COLUMNS = ("round", "question", "student", "vote", "choice", "answer", "correct")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(rounds: Sequence[tuple[Poll, Mapping[str, float]]]) -> str:
    """Rounds and their votes by viewer, as text.

    Students are numbered in the order of their first vote in the file, the same in every round, so
    that what one thought before a discussion and after it can be compared; nobody is named.
    """
    numbers: dict[str, int] = {}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for poll, votes in rounds:
        for viewer, value in votes.items():
            number = numbers.setdefault(viewer, len(numbers) + 1)
            writer.writerow(_row(poll, number, value))
    return out.getvalue()


def _row(poll: Poll, student: int, value: float) -> list[str | float | int]:
    answer = poll.result.answer if poll.result is not None else poll.answer
    choice = "" if poll.choices is None else poll.choices[int(value)]
    correct = "" if answer is None else "yes" if poll.right(value, answer) else "no"
    shown = "" if answer is None else answer
    return [poll.id, plain(poll.question), student, value, plain(choice), shown, correct]


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
