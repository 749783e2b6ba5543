"""Peak memory of a recorded run beside what it hands out."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.bench.cases import Case, Problem, problem
from scripts.bench.table import Table
from unrolled.engine.program import Program

_SIZES = ((100, 1, 64, 128), (500, 1, 64, 128), (1000, 1, 64, 256), (200, 32, 64, 128))
_CELLS = ("lstm", "gru", "elman", "lstm_peephole", "own")


def _handed_out(each: Problem) -> int:
    """Bytes of all values, inputs and parameters, and of the gradient of each."""
    held = each.program.cell.by_name
    rows = sum(each.program.size(name) for name in held)
    sequence = rows * each.case.steps * each.case.batch * each.weights.dtype.itemsize
    return 2 * (sequence + int(each.x.nbytes) + _bytes(each.weights))


def _bytes(arrays: Mapping[str, Any]) -> int:
    return sum(array.nbytes for array in arrays.values())


def _peak(each: Problem) -> int:
    """Bytes at the worst moment of a first run, from weights and input alone."""
    program = Program(each.program.cell, each.program.dimensions)  # whose pool is empty
    fresh = Problem(program, each.weights, each.x, each.above, each.case)
    fresh.program.backward_plan((program.cell.output,))
    tracemalloc.start()
    kept = fresh.one()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak + _bytes(each.weights)


def _rows() -> Iterator[tuple[str, ...]]:
    for name in _CELLS:
        for size in _SIZES:
            each = problem(Case(*size, "float32"), name)
            yield name, str(each.case), f"{_peak(each) / _handed_out(each):.2f}"


MEMORY = Table(
    "Peak memory",
    "The most a first run holds at once, over the bytes of all values, inputs and parameters and\n"
    "of the gradient of each.",
    ("cell", "size", "peak ÷ handed out"), _rows,
)  # fmt: skip
