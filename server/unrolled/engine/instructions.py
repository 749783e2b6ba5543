"""Instructions over rows of buffers, and their fusion.

A value is a run of rows of a buffer; an instruction applies one NumPy function to runs. Two
instructions of one function on neighbouring runs are one instruction on the joint run: the four
sigmoid calls of an LSTM's three gates become four, not twelve. (Joining runs that share an
operand by broadcasting it costs more than it saves: NumPy leaves its fast path.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MIXING = ("softmax", "softmax_pullback", "dot", "dot_transposed", "dot_joint")
MAX_FUSED = 150
"""Instructions of a section beyond which none are joined: looking for pairs takes cubic time."""


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
    """`output` = `function`(*`inputs`).

    For ``dot`` and ``dot_transposed`` `stack` says which stacked matrix; ``dot_joint`` is the
    product with the joint one.
    """

    function: str
    inputs: tuple[Ref, ...]
    output: Ref
    stack: int = -1


def fuse(instructions: list[Instruction]) -> list[Instruction]:
    """The same computation in fewer instructions, keeping every dependency."""
    if len(instructions) > MAX_FUSED:
        return list(instructions)
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
    if first.function != second.function or first.function in MIXING:
        return None
    if _conflict(first, second) or not first.output.neighbours(second.output):
        return None
    inputs = [_merged(*pair) for pair in zip(first.inputs, second.inputs, strict=True)]
    if any(ref is None for ref in inputs):
        return None
    return replace(
        first,
        inputs=tuple(ref for ref in inputs if ref is not None),
        output=replace(first.output, stop=second.output.stop),
    )


def _merged(one: Ref, other: Ref) -> Ref | None:
    """The operand of a joint run: a number, or neighbouring rows."""
    if one.buffer == other.buffer == "number" and str(one.value) == str(other.value):
        return replace(one, stop=one.stop + other.stop)
    return replace(one, stop=other.stop) if one.neighbours(other) else None


def _conflict(one: Instruction, other: Instruction) -> bool:
    """Whether the order of the two matters."""
    return (
        one.output.overlaps(other.output)
        or any(ref.overlaps(one.output) for ref in other.inputs)
        or any(ref.overlaps(other.output) for ref in one.inputs)
    )
