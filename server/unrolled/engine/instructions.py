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
    ``span``, scratch of many steps; ``input`` (with `key` x or v), ``vector`` (a parameter,
    `key`), ``number`` (`value`).
    """

    buffer: str
    start: int
    stop: int
    key: str = ""
    value: float = 0.0

    def neighbours(self, other: Ref) -> bool:
        """Whether `other` continues where this ends."""
        same = self.buffer == other.buffer and self.key == other.key
        return same and self.buffer not in ("number", "vector") and self.stop == other.start

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
    fused = list(instructions)
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


def _joined(first: Instruction, second: Instruction) -> Instruction | None:
    if first.function != second.function or first.function in MIXING or second.fold > 1:
        return None
    if _conflict(first, second) or not first.output.neighbours(second.output):
        return None
    shared = False
    inputs: list[Ref] = []
    for one, other in zip(first.inputs, second.inputs, strict=True):
        if one.buffer == other.buffer == "number" and str(one.value) == str(other.value):
            inputs.append(replace(one, stop=one.stop + other.stop))
        elif one.neighbours(other):
            inputs.append(replace(one, stop=other.stop))
        elif one == other and one.buffer != "number":
            inputs.append(one)
            shared = True
        else:
            return None
    if not shared and first.fold > 1:
        return None
    output = replace(first.output, stop=second.output.stop)
    if not shared:
        return replace(first, inputs=tuple(inputs), output=output)
    size = second.output.stop - second.output.start
    fold = first.fold + 1
    fits = all(
        ref.stop - ref.start in (size, fold * size) or ref.buffer == "number"
        for ref in (*inputs, output)
    )
    if not fits or output.stop - output.start != fold * size:
        return None
    if first.fold > 1 and any(
        (one == other) != (one.stop - one.start == size)
        for one, other in zip(first.inputs, second.inputs, strict=True)
        if one.buffer != "number"
    ):
        return None
    return replace(first, inputs=tuple(inputs), output=output, fold=fold)


def _conflict(one: Instruction, other: Instruction) -> bool:
    """Whether the order of the two matters."""
    return (
        one.output.overlaps(other.output)
        or any(ref.overlaps(one.output) for ref in other.inputs)
        or any(ref.overlaps(other.output) for ref in one.inputs)
    )
