"""make bench-class: a class of a thousand, measured; writes docs/benchmarks-class.md.

Server and clients have a processor each. Every figure comes from this one run; the floor is a raw
asyncio broadcast of frames of the same size to the same clients.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from scripts.bench_class import page, scenarios, servers

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-class.md"


async def measure(folder: Path, students: int) -> list[page.Row]:
    """All scenarios, one after the other."""
    rows: list[page.Row] = []
    for scenario in scenarios.ALL:
        begin = perf_counter()
        gc.collect()
        for row in await scenario(folder, students):
            rows.append(row)
            print(page.line(row), flush=True)
        print(f"  ({scenario.__name__}: {perf_counter() - begin:.0f} s)", flush=True)
    return rows


def main() -> int:
    """Measure, print, write; with a number, so many students and no page."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if not servers.apart():
        print("bench-class: one processor alone; server and clients are not apart")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), students))
    if len(sys.argv) == 1:
        PAGE.write_text(page.page(rows, load), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
