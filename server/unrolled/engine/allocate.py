"""Scratch rows handed out so that like stands beside like.

Instructions first write to scratch in any order. Here the blocks are numbered anew, by depth,
function and where their operands stand, so that `fuse` finds the neighbours it joins: the slopes
of an LSTM's four gates become a handful of instructions instead of twenty.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from .instructions import Instruction, Ref

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
