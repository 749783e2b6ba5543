"""What the documents take from the program: drawings, and the table of primitives.

    python scripts/documents.py

writes docs/images/*.svg and the table in docs/cells.md; a test holds both to what is written here.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.pictures import PICTURES  # noqa: E402
from unrolled.engine.operations import OPERATIONS, OPERATORS, Operation  # noqa: E402

BEGIN, END = "<!-- primitives -->\n", "<!-- end of primitives -->\n"


def primitives() -> str:
    """The operations table as a table of Markdown."""
    head = "| written | printed | derivative | |\n|---|---|---|---|\n"
    return head + "".join(f"{_row(row)}\n" for row in OPERATIONS.values())


def with_table(text: str) -> str:
    """A document with the table between its two marks renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + primitives() + END + after


def _row(row: Operation) -> str:
    notes = [] if row.analytic else ["not analytic"]
    if row.name == "matmul":
        notes = ["a matrix by its name on the left"]
    elif not row.elementwise:
        notes = ["mixes units"]
    derivative = ", ".join(f"`{text}`" for text in row.reading or row.derivative)
    printed = {"matmul": "W x", "identity": "its argument", "concat": "[a, b]"}.get(
        row.name, row.infix or row.symbol
    )
    return f"| `{_written(row)}` | {printed} | {derivative or '—'} | {'; '.join(notes)} |"


def _written(row: Operation) -> str:
    if row.name == "negative":
        return "-a"
    if row.name in OPERATORS:
        return f"a {row.numpy} b"
    arguments = {1: "a", 2: "a, b", None: "a, b, …"}[row.arity]
    return f"{row.name}({arguments})"


def main() -> None:
    """Write the drawings and the table."""
    for name, draw in PICTURES.items():
        (ROOT / "docs" / "images" / name).write_text(draw().text(), "utf-8")
    document = ROOT / "docs" / "cells.md"
    document.write_text(with_table(document.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
