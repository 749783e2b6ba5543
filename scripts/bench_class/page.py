"""The figures as a document."""

from __future__ import annotations

import os
import platform
from datetime import date
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, what came out, what is wanted."""

    what: str
    found: str
    wanted: str


def line(row: Row) -> str:
    """The row as a line of the table."""
    return f"| {row.what} | {row.found} | {row.wanted} |"


def page(rows: list[Row], load: float) -> str:
    """The document; `load` is how many processes wanted the processors before the run."""
    where = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    return "\n".join(
        [
            "# A class of a thousand",
            "",
            "Figures of one run of `make bench-class`. The server has one processor, all clients",
            "together another; delays are from the presenter's message to the moment a student's",
            "process has read the step, so they contain the clients' own work. The floor is a raw",
            "asyncio broadcast of frames of the same size to the same clients. Rooms are kept in",
            "SQLite, and every step is on its way to the disk before anybody hears of it.",
            "",
            f"Measured on {date.today()}: {where}; {load:.1f} processes of others were running.",
            "",
            "| | measured | wanted |",
            "|---|---|---|",
            *map(line, rows),
            "",
        ]
    )
