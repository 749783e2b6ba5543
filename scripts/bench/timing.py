"""Rivals timed in turns, so that a machine that changes its pace changes it for all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

ROUNDS = 7
LEAST_ROUNDS = 3
ROW_SECONDS = 3.0
"""By the clock; a row that takes longer makes do with fewer rounds."""
BLOCK_SECONDS = 0.03
CLOCK = time.process_time if os.environ.get("OMP_NUM_THREADS") == "1" else time.perf_counter
"""With one thread the processor's time, which does not count what else runs on the machine."""

Pass = Callable[[], Any]


def measured(passes: Sequence[Pass]) -> list[float]:
    """Seconds of one pass of each, in turns: the lower quartile, which other work on the machine
    moves least.

    Every turn is a short block of passes after one that warms the caches.
    """
    counts = []
    for one in passes:
        one()
        one()
        counts.append(max(1, round(BLOCK_SECONDS / _seconds(one, 1))))
    taken: list[list[float]] = [[] for _ in passes]
    started = time.perf_counter()
    for done in range(ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() - started > ROW_SECONDS:
            break
        for one, count, times in zip(passes, counts, taken, strict=True):
            one()
            times.append(_seconds(one, count))
    return [sorted(times)[len(times) // 4] for times in taken]


def _seconds(one: Pass, count: int) -> float:
    start = CLOCK()
    for _ in range(count):
        one()
    return (CLOCK() - start) / count
