"""Instructions over rows of buffers, and their fusion.

A value is a run of rows of a buffer; an instruction applies one NumPy function to runs. Two
instructions of one function on neighbouring runs are one instruction on the joint run: the four
sigmoid calls of an LSTM's three gates become four, not twelve. Where one operand is the same in
both, the joint run is folded into (k, size) and the operand broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MIXING = ("softmax", "softmax_pullback", "dot", "dot_transposed")


@dataclass(frozen=True, slots=True)
class Ref:
    """Rows `start`…`stop` of a buffer.

    Buffers: ``now`` and ``next``, the record of values at this step and the next (a state's new
    value stands in ``next``, so that ``now`` holds its previous one); ``grad``, the record of
    gradients; ``carry``, gradients handed to the step before; ``step``, scratch of one step;
    ``span``, scratch of many steps; ``input`` (with `key` x or v); ``vector``, the column of vector
    parameters; ``number`` (`value`).
    """

    buffer: str
    start: int
    stop: int
    key: str = ""
    value: float = 0.0

    def neighbours(self, other: Ref) -> bool:
        """Whether `other` continues where this ends."""
        same = self.buffer == other.buffer and self.key == other.key
        return same and self.buffer != "number" and self.stop == other.start

    def overlaps(self, other: Ref) -> bool:
        """Whether the two share memory."""
        same = self.buffer == other.buffer and self.key == other.key
        return same and self.start < other.stop and other.start < self.stop


@dataclass(frozen=True, slots=True)
class Instruction:
    """`output` = `function`(*`inputs`); `fold` > 1 views joint runs as (fold, size).

    For ``dot`` and ``dot_transposed`` `stack` says which stacked matrix.
    """

    function: str
    inputs: tuple[Ref, ...]
    output: Ref
    fold: int = 1
    stack: int = -1


def fuse(instructions: list[Instruction]) -> list[Instruction]:
    """The same computation in fewer instructions, keeping every dependency."""
    fused = _levelled(instructions)
    changed = True
    while changed:
        changed = False
        for i in range(len(fused)):
            for j in range(i + 1, len(fused)):
                joint = _joined(fused[i], fused[j]) or _joined(fused[j], fused[i])
                if joint is None:
                    continue
                between = fused[i + 1 : j]
                if not any(_conflict(fused[j], other) for other in between):
                    fused[i : j + 1] = [joint, *between]
                elif not any(_conflict(fused[i], other) for other in between):
                    fused[i : j + 1] = [*between, joint]
                else:
                    continue
                changed = True
                break
            if changed:
                break
    return fused


def _levelled(instructions: list[Instruction]) -> list[Instruction]:
    """As early as its dependencies allow, so that parallel chains run side by side."""
    levels: list[int] = []
    for place, instruction in enumerate(instructions):
        before = zip(levels, instructions[:place], strict=True)
        levels.append(
            1 + max((level for level, other in before if _conflict(instruction, other)), default=0)
        )
    order = sorted(range(len(instructions)), key=lambda place: levels[place])
    return [instructions[place] for place in order]


def _joined(first: Instruction, second: Instruction) -> Instruction | None:
    """One instruction for both, where `second` continues `first` in every operand."""
    if first.function != second.function or first.function in MIXING or second.fold > 1:
        return None
    if _conflict(first, second) or not first.output.neighbours(second.output):
        return None
    inputs = [_merged(*pair) for pair in zip(first.inputs, second.inputs, strict=True)]
    if any(ref is None for ref in inputs):
        return None
    joint = replace(
        first,
        inputs=tuple(ref for ref in inputs if ref is not None),
        output=replace(first.output, stop=second.output.stop),
    )
    shared = [
        one == other and one.buffer != "number"
        for one, other in zip(first.inputs, second.inputs, strict=True)
    ]
    if any(shared):
        return _folded(joint, second, shared)
    return joint if first.fold == 1 else None


def _merged(one: Ref, other: Ref) -> Ref | None:
    """The operand of a joint run: a number, neighbouring rows, or the same rows broadcast."""
    if one.buffer == other.buffer == "number" and str(one.value) == str(other.value):
        return replace(one, stop=one.stop + other.stop)
    if one.neighbours(other):
        return replace(one, stop=other.stop)
    return one if one == other and one.buffer != "number" else None


def _folded(joint: Instruction, second: Instruction, shared: list[bool]) -> Instruction | None:
    """The joint run seen as (fold, size), if every operand has one of the two extents."""
    size = second.output.stop - second.output.start
    fold = joint.fold + 1
    whole = fold * size
    fits = joint.output.stop - joint.output.start == whole and all(
        ref.buffer == "number" or ref.stop - ref.start == (size if same else whole)
        for ref, same in zip(joint.inputs, shared, strict=True)
    )
    return replace(joint, fold=fold) if fits else None


def _conflict(one: Instruction, other: Instruction) -> bool:
    """Whether the order of the two matters."""
    return (
        one.output.overlaps(other.output)
        or any(ref.overlaps(one.output) for ref in other.inputs)
        or any(ref.overlaps(other.output) for ref in one.inputs)
    )
