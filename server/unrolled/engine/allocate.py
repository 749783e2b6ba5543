"""Scratch rows handed out so that like stands beside like.

Instructions first write to scratch in any order. Here the blocks are numbered anew, by depth,
function and where their operands stand, so that `fuse` finds the neighbours it joins: the slopes
of an LSTM's four gates become a handful of instructions instead of twenty.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .instructions import MAX_FUSED, MIXING, Instruction, Ref

Moves = tuple[dict[int, int], int]
"""Where each run of rows begins now, by where it began, and the rows needed in all."""

_ORDER = ("span", "step", "next", "now", "grad", "carry", "input", "vector", "number")


def compact(buffer: str, sections: Sequence[list[Instruction]]) -> dict[int, int]:
    """Renumber the rows of one scratch buffer in place.

    Returns where each block that was written begins now, by where it began.
    """
    blocks = _blocks(buffer, sections)
    depth, first = _depths(buffer, sections, blocks)
    moved: dict[int, int] = {}
    total = 0
    for level in sorted(set(depth.values())):
        members = [start for start in blocks if depth.get(start) == level]
        for start in sorted(members, key=lambda s: _rank(first[s], buffer, moved, s)):
            moved[start] = total
            total += blocks[start] - start
    for section in sections:
        section[:] = [_renumbered(instruction, buffer, moved) for instruction in section]
    return moved


def shift(ref: Ref, buffer: str, moved: dict[int, int]) -> Ref:
    """A reference after its block has moved."""
    if ref.buffer != buffer:
        return ref
    starts = sorted(moved)
    start = starts[bisect_right(starts, ref.start) - 1]
    offset = moved[start] - start
    return replace(ref, start=ref.start + offset, stop=ref.stop + offset)


def reuse(buffer: str, sections: Sequence[list[Instruction]], kept: Iterable[Ref] = ()) -> Moves:
    """Give the same rows to blocks that are not needed at the same time, in place.

    `kept` are read once more at the very end. Rows that one instruction takes as a run stay a run,
    so what was fused stays fused.
    """
    steps = [instruction for section in sections for instruction in section]
    last = [ref for ref in kept if ref.buffer == buffer]
    if len(steps) <= MAX_FUSED:
        _write_over(buffer, steps, last)
    moved, total = _packed(_lives(_accesses(buffer, steps, last)))
    start = 0
    for section in sections:
        stop = start + len(section)
        section[:] = [_renumbered(step, buffer, moved) for step in steps[start:stop]]
        start = stop
    return moved, total


def _write_over(buffer: str, steps: list[Instruction], kept: Sequence[Ref]) -> None:
    """Put results where an operand stood that nobody reads again."""
    for place, step in enumerate(steps):
        if step.function in MIXING or step.output.buffer != buffer:
            continue
        before = [ref for _, ref in _accesses(buffer, steps[:place], ())]
        after = [ref for _, ref in _accesses(buffer, steps[place + 1 :], kept)]
        new = not any(step.output.overlaps(ref) for ref in (*before, *step.inputs, *kept))
        whole = all(_within(ref, step.output) for ref in after if ref.overlaps(step.output))
        over = next((ref for ref in step.inputs if _dies(ref, step, after)), None)
        if new and whole and over is not None:
            moved = {step.output.start: over.start}
            steps[place] = replace(step, output=over)
            for later in range(place + 1, len(steps)):
                steps[later] = _within_moved(steps[later], step.output, moved)


def _dies(ref: Ref, step: Instruction, after: Iterable[Ref]) -> bool:
    """Whether an operand as long as the result is read here for the last time."""
    size = step.output.stop - step.output.start
    others = [other for other in step.inputs if other != ref]
    return (
        ref.buffer == step.output.buffer
        and ref.stop - ref.start == size
        and not any(ref.overlaps(other) for other in (*others, *after))
    )


def _within(ref: Ref, outer: Ref) -> bool:
    return outer.start <= ref.start and ref.stop <= outer.stop


def _within_moved(step: Instruction, outer: Ref, moved: dict[int, int]) -> Instruction:
    """The instruction with all that stands in `outer` moved."""

    def place(ref: Ref) -> Ref:
        return shift(ref, outer.buffer, moved) if ref.overlaps(outer) else ref

    return replace(step, inputs=tuple(map(place, step.inputs)), output=place(step.output))


def _accesses(
    buffer: str, steps: Sequence[Instruction], kept: Iterable[Ref]
) -> list[tuple[int, Ref]]:
    """(instruction, rows of the buffer) of everything read or written; `kept` at the end."""
    found = [
        (place, ref)
        for place, step in enumerate(steps)
        for ref in (*step.inputs, step.output)
        if ref.buffer == buffer
    ]
    return found + [(len(steps), ref) for ref in kept]


def _lives(accesses: Iterable[tuple[int, Ref]]) -> list[tuple[int, int, int, int]]:
    """(first instruction, last instruction, start, stop) of every run of rows."""
    runs: list[tuple[int, int, int, int]] = []
    for place, ref in sorted(accesses, key=lambda access: access[1].start):
        if runs and ref.start < runs[-1][3]:
            first, last, start, stop = runs.pop()
            runs.append((min(first, place), max(last, place), start, max(stop, ref.stop)))
        else:
            runs.append((place, place, ref.start, ref.stop))
    return sorted(runs)


def _packed(lives: Iterable[tuple[int, int, int, int]]) -> Moves:
    """The lowest rows that are free for as long as each run lives."""
    placed: list[tuple[int, int, int]] = []
    moved: dict[int, int] = {}
    for first, last, start, stop in lives:
        row = 0
        for low, high in sorted((a, b) for a, b, until in placed if until >= first):
            if low - row >= stop - start:
                break
            row = max(row, high)
        placed.append((row, row + stop - start, last))
        moved[start] = row
    return moved, max((high for _, high, _ in placed), default=0)


def _blocks(buffer: str, sections: Sequence[list[Instruction]]) -> dict[int, int]:
    """start → stop of every run of rows that some instruction writes whole, widest first."""
    found: dict[int, int] = {}
    outputs = {i.output for section in sections for i in section if i.output.buffer == buffer}
    end = 0
    for ref in sorted(outputs, key=lambda r: (r.start, -r.stop)):
        if ref.start >= end:
            found[ref.start] = end = ref.stop
    return found


def _depths(
    buffer: str, sections: Sequence[list[Instruction]], blocks: dict[int, int]
) -> tuple[dict[int, int], dict[int, Instruction]]:
    """How many blocks stand beneath each, and the instruction that writes it first."""
    starts = sorted(blocks)
    depth: dict[int, int] = {}
    first: dict[int, Instruction] = {}
    for section in sections:
        for instruction in section:
            if instruction.output.buffer != buffer:
                continue
            block = starts[bisect_right(starts, instruction.output.start) - 1]
            beneath = [
                depth.get(starts[bisect_right(starts, ref.start) - 1], 0)
                for ref in instruction.inputs
                if ref.buffer == buffer
            ]
            if block not in first:
                first[block] = instruction
                depth[block] = 1 + max(beneath, default=0)
    return depth, first


def _rank(
    instruction: Instruction, buffer: str, moved: dict[int, int], start: int
) -> tuple[object, ...]:
    places = [
        (_ORDER.index(ref.buffer), ref.key, shift(ref, buffer, moved).start)
        for ref in instruction.inputs
        if ref.buffer not in ("number", "vector") and (ref.buffer != buffer or moved)
    ]
    return instruction.function, places, start


def _renumbered(instruction: Instruction, buffer: str, moved: dict[int, int]) -> Instruction:
    return replace(
        instruction,
        inputs=tuple(shift(ref, buffer, moved) for ref in instruction.inputs),
        output=shift(instruction.output, buffer, moved),
    )
