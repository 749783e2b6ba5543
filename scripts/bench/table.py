"""What a table of the benchmarks is: a heading, words on what is compared, rows as measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """`rows` gives the cells of each row, measured when it is asked for.

    `threads`: ``one`` or ``default``, as many as NumPy and PyTorch take by themselves.
    """

    title: str
    note: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[str, ...]]]
    threads: str = "one"

    def lines(self) -> Iterator[str]:
        """The table in Markdown, line by line."""
        yield from (f"## {self.title}", "", self.note, "")
        yield _row(self.columns)
        yield "|" + "---|" * len(self.columns)
        for row in self.rows():
            yield _row(row)
        yield ""


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def milliseconds(seconds: float) -> str:
    """A time in milliseconds, three digits that count."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"
