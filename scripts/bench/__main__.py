"""python -m scripts.bench: the ratio table, written to docs/benchmarks.md as well.

Rivals take turns in short blocks, each warmed by one pass of its own, so that a machine that
changes its pace changes it for all; the table gives medians over the rounds.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROUNDS = 9
BLOCK_SECONDS = 0.04
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    """Measure, print, write."""
    if any(os.environ.get(name) != value for name, value in _THREADS.items()):
        # NumPy reads these when it is loaded, so the process starts again with them.
        os.execve(
            sys.executable, [sys.executable, "-m", "scripts.bench"], {**os.environ, **_THREADS}
        )
    try:
        import torch
    except ImportError:
        print("bench: PyTorch is not installed here; without a rival there is no ratio")
        return 1
    torch.set_num_threads(1)
    from scripts.bench import rivals
    from scripts.bench.cases import CASES, ours

    rows = []
    print(HEADER, flush=True)
    for case in CASES:
        mine, loop, module, products = measured(
            [ours(case), rivals.explicit_loop(case), rivals.module(case), rivals.products(case)]
        )
        rows.append(
            f"| {case} | {mine * 1e3:.3f} ms | {loop / mine:.1f} | {module / mine:.2f} "
            f"| {mine / products:.2f} |"
        )
        print(rows[-1], flush=True)
    PAGE.write_text(page(rows, torch.__version__), "utf-8")
    return 0


HEADER = (
    "| LSTM, forward and backward | ours | explicit loop ÷ ours | nn.LSTM ÷ ours "
    "| ours ÷ bare products |\n|---|---|---|---|---|"
)


def measured(passes: list[Callable[[], Any]]) -> list[float]:
    """Median seconds of one pass of each, in turns."""
    counts = []
    for one in passes:
        one()
        one()
        start = time.perf_counter()
        one()
        counts.append(max(1, round(BLOCK_SECONDS / (time.perf_counter() - start))))
    taken: list[list[float]] = [[] for _ in passes]
    for _ in range(ROUNDS):
        for one, count, times in zip(passes, counts, taken, strict=True):
            one()
            start = time.perf_counter()
            for _ in range(count):
                one()
            times.append((time.perf_counter() - start) / count)
    return [median(times) for times in taken]


def page(rows: list[str], version: str) -> str:
    """The document of the measured table."""
    import numpy as np

    where = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Speed beside rivals",
            "",
            "Ratios from one run of `make bench`, one thread, rivals taking turns. Ours records",
            "every value and gives every gradient. The explicit loop is PyTorch with one stacked",
            "product a step and `retain_grad` on every named value; nn.LSTM shows no gate; the",
            "bare products are the matrix work alone. Larger is better in the middle columns,",
            "smaller in the last.",
            "",
            f"Measured on {date.today()}: {where}, NumPy {np.__version__}, PyTorch {version}.",
            "",
            HEADER,
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
