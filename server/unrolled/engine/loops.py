"""Straight-line Python for the steps of a loop, generated from instructions.

The text consists of indices only: no name a user chose ever reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .instructions import Instruction, Ref

STEPPED = ("now", "next", "grad", "span", "input")


@dataclass(frozen=True)
class Loop:
    """A function ``run(steps, constants)``, and what it wants to be given.

    `stepped`: rows that move with time, one view a step. `fixed`: rows that do not.
    `calls`: (function, stack) of every instruction, in order.
    """

    run: Callable[[Iterable[tuple[Any, ...]], list[Any]], None]
    stepped: tuple[Ref, ...]
    fixed: tuple[Ref, ...]
    calls: tuple[tuple[str, int], ...]
    source: str


def loop(instructions: list[Instruction]) -> Loop:
    """Generate and compile the loop over these instructions."""
    stepped: dict[Ref, str] = {}
    fixed: dict[Ref, str] = {}
    calls: dict[tuple[str, int], str] = {}
    lines: list[str] = []
    for instruction in instructions:
        words = []
        for ref in (*instruction.inputs, instruction.output):
            table, letter = (stepped, "a") if ref.buffer in STEPPED else (fixed, "k")
            words.append(table.setdefault(ref, f"{letter}{len(table)}"))
        call = (instruction.function, instruction.stack)
        function = calls.setdefault(call, f"f{len(calls)}")
        lines.append(f"        {function}({', '.join(words)})")
    constants = [*calls.values(), *fixed.values()]
    source = "\n".join(
        [
            "def run(steps, constants):",
            f"    [{', '.join(constants)}] = constants",
            f"    for [{', '.join(stepped.values())}] in steps:",
            *(lines or ["        pass"]),
        ]
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, "<loop>", "exec"), namespace)  # noqa: S102 - indices only
    return Loop(namespace["run"], tuple(stepped), tuple(fixed), tuple(calls), source)
