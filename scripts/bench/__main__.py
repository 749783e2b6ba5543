"""python -m scripts.bench: all tables, printed as they are measured, written to docs/benchmarks.md.

    --only NAME     a table by its name, as often as wanted; the page is then left alone

Each table is measured in a process of its own: how many threads NumPy takes is settled when it is
loaded.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
TABLES = {
    "lstm": "sequences:LSTM", "threads": "sequences:THREADS", "cells": "sequences:CELLS",
    "steps": "steps:STEPS", "jacobians": "jacobians:JACOBIANS",
    "encoding": "encoding:ENCODING", "memory": "memory:MEMORY",
}  # fmt: skip
"""The module and the table in it, by name."""
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BOUNDS = "## What bounds the figures"
"""From here on the page is written by hand, and kept."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench")
    parser.add_argument("--only", action="append", choices=sorted(TABLES))
    parser.add_argument("--here", choices=sorted(TABLES), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if importlib.util.find_spec("torch") is None:
        print("bench: PyTorch is not installed here, and without a rival there is no ratio;"
              " `make bench` installs it", file=sys.stderr)  # fmt: skip
        return 1
    if chosen.here:
        return _measure(chosen.here)
    started = time.monotonic()
    sections = [_apart(name) for name in chosen.only or TABLES]
    print(f"{time.monotonic() - started:.0f} seconds")
    if chosen.only is None:
        PAGE.write_text(page(sections, PAGE.read_text("utf-8")), "utf-8")
    return 0


def _measure(name: str) -> int:
    """One table, in this process."""
    import torch

    module, _, constant = TABLES[name].partition(":")
    table = getattr(importlib.import_module(f"scripts.bench.{module}"), constant)
    if table.threads == "one":
        torch.set_num_threads(1)
    for line in table.lines():
        print(line, flush=True)
    return 0


def _apart(name: str) -> str:
    """One table in a process of its own; its text, printed line by line meanwhile."""
    environment = {k: v for k, v in os.environ.items() if k not in THREADS}
    if name != "threads":
        environment |= dict.fromkeys(THREADS, "1")
    command = [sys.executable, "-m", "scripts.bench", "--here", name]
    lines = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    if child.returncode:
        sys.exit(f"bench: the table {name} could not be measured")
    return "".join(lines)


def page(sections: Sequence[str], before: str) -> str:
    """The document: what was measured, and the words that stand below it."""
    where = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    versions = f"NumPy {version('numpy')}, PyTorch {version('torch')}"
    head = (
        "# Speed beside rivals\n\n"
        "Ratios from one run of `make bench`, rivals taking turns, lower quartiles: of the\n"
        "processor's time with one thread, of the clock's with more. Where a column says\n"
        "“÷ ours”, more is better for us; where it says “ours ÷”, less is.\n\n"
        f"Measured on {date.today()}: {where}, {versions}.\n\n"
    )
    kept = before[before.index(BOUNDS) :] if BOUNDS in before else ""
    return "\n".join([head + sections[0], *sections[1:]]) + ("\n" + kept if kept else "")


if __name__ == "__main__":
    sys.exit(main())
