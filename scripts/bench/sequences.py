"""Whole sequences, forward and backward: the LSTM at all sizes, other cells at three."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.bench.cases import CASES, DTYPES, Case, ours
from scripts.bench.loops import LOOPS, explicit_loop
from scripts.bench.rivals import MODULES, module, products
from scripts.bench.table import Table, milliseconds
from scripts.bench.timing import measured

_SMALL = ((20, 1, 8, 8), (50, 1, 32, 32), (100, 1, 64, 128))
_COLUMNS = ("LSTM, forward and backward", "ours", "explicit loop ÷ ours", "nn.LSTM ÷ ours",
            "ours ÷ bare products")  # fmt: skip


def _lstm() -> Iterator[tuple[str, ...]]:
    for case in CASES:
        mine, loop, built_in, bare = measured(
            [ours(case), explicit_loop(case), module(case), products(case)]
        )
        yield (str(case), milliseconds(mine), f"{loop / mine:.1f}", f"{built_in / mine:.2f}",
               f"{mine / bare:.2f}")  # fmt: skip


def _cells() -> Iterator[tuple[str, ...]]:
    for name in LOOPS:
        for size in _SMALL if name != "lstm" else ():
            for dtype in DTYPES:
                case = Case(*size, dtype)
                rivals = [ours(case, name), explicit_loop(case, name)]
                if name in MODULES:
                    rivals.append(module(case, name))
                mine, loop, *built_in = measured(rivals)
                ratio = f"{built_in[0] / mine:.2f}" if built_in else "–"
                yield name, str(case), milliseconds(mine), f"{loop / mine:.1f}", ratio


LSTM = Table(
    "LSTM, one thread",
    "Ours records every value and gives every gradient. The explicit loop is PyTorch with one\n"
    "stacked product a step, `retain_grad` on every named value and gradients of the inputs;\n"
    "nn.LSTM shows no gate; the bare products are the matrix work alone.",
    _COLUMNS, _lstm,
)  # fmt: skip

THREADS = Table(
    "LSTM, default threads",
    "The same, NumPy and PyTorch free to take as many threads as they do by themselves.",
    _COLUMNS, _lstm, threads="default",
)  # fmt: skip

CELLS = Table(
    "Other cells, one thread",
    "The same compiler on other equations; `own` is typed in by hand, no file of it exists.\n"
    "PyTorch has modules (nn.RNN, nn.GRU) for two of them.",
    ("cell", "size", "ours", "explicit loop ÷ ours", "module ÷ ours"), _cells,
)  # fmt: skip
