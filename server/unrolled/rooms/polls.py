"""Polls: a question, the votes on it, and what they come to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["open", "locked", "revealed"]
Answer = float | str
"""A number, or the word for one that is not finite: `"NaN"`, `"Infinity"`, `"-Infinity"`."""
MOST_BARS = 24
SIGNIFICANT = 3


@dataclass(frozen=True, slots=True)
class Result:
    """What the votes of a round came to; `answer` is None where the poll has none."""

    votes: int
    histogram: tuple[tuple[float, int], ...]
    others: int
    answer: Answer | None
    correct: int | None


@dataclass(frozen=True, slots=True)
class Poll:
    """One round of a question; `id` counts the rounds of the room."""

    id: int
    question: str
    choices: tuple[str, ...] | None = None
    address: str | None = None
    t: int | None = None
    answer: float | None = None
    tolerance: float = 0.01
    status: Status = "open"
    result: Result | None = None

    @property
    def bound(self) -> bool:
        """Whether the engine has the answer."""
        return self.address is not None

    def asked(self) -> dict[str, Any]:
        """What everybody may know of it before it is revealed."""
        return {
            "id": self.id,
            "question": self.question,
            "choices": None if self.choices is None else list(self.choices),
            "address": self.address,
            "t": self.t,
        }

    def takes(self, value: float) -> str | None:
        """None where this is a vote that can be cast, else what was expected."""
        if self.choices is None:
            return None if math.isfinite(value) else "a finite number"
        fits = value in range(len(self.choices))
        return None if fits else f"the index of a choice, 0 to {len(self.choices) - 1}"

    def right(self, value: float, answer: Answer) -> bool:
        """Whether a vote agrees with the answer."""
        if isinstance(answer, str):
            return False  # no finite vote comes near it
        within = 0.0 if self.choices is not None else self.tolerance
        # The last digits are not the student's: 0.74 − 0.73 comes to a little more than 0.01.
        return math.isclose(value, answer, rel_tol=1e-12, abs_tol=within * (1 + 1e-9))

    def tallied(self, votes: Iterable[float], answer: Answer | None) -> Result:
        """What these votes come to against the answer."""
        cast = list(votes)
        bars, others = self._bars(cast)
        correct = None if answer is None else sum(self.right(value, answer) for value in cast)
        return Result(len(cast), bars, others, answer, correct)

    def _bars(self, cast: list[float]) -> tuple[tuple[tuple[float, int], ...], int]:
        if self.choices is not None:
            counts = Counter(cast)
            return tuple((index, counts[index]) for index in range(len(self.choices))), 0
        # A class writes 0.73 and 0.731 for the same idea; and one wild number must not squeeze
        # all the others into a single bar, as bars of equal width would.
        rounded = Counter(_rounded(value) for value in cast)
        kept = rounded.most_common(MOST_BARS)
        others = rounded.total() - sum(count for _, count in kept)
        return tuple(sorted(kept)), others

    def document(self) -> dict[str, Any]:
        """The poll as plain data, to be kept."""
        return asdict(self)

    @classmethod
    def read(cls, held: dict[str, Any]) -> Poll:
        """The poll that `document` gave."""
        result = held["result"]
        if result is not None:
            bars = tuple((value, votes) for value, votes in result["histogram"])
            result = Result(**{**result, "histogram": bars})
        choices = held["choices"]
        return cls(
            **{**held, "choices": None if choices is None else tuple(choices), "result": result}
        )


def _rounded(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT - 1}e}") + 0.0
