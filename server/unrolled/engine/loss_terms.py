"""What the loss passes back to an answer, as arithmetic; without a loss, 1 for every answer.

One row a loss, in step with `losses.LOSSES`: dL/dy, and dL/dz where it has a form of its own
(the product of dL/dy and dy/dz is 0·∞ where y has underflowed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .arithmetic import Function, Leaf, Node, Product, Quotient, Sum
from .trace import Trace

Form = Callable[[Leaf, Leaf, Leaf], Node]
"""From the leaves y (or z, where `from_z`), target and the sum of this row's targets."""


def _difference(y: Node, target: Leaf, total: Leaf) -> Sum:
    return Sum(((1, y), (-1, target)))


def _share(y: Leaf, target: Leaf, total: Leaf) -> Sum:
    """softmax with cross-entropy: y − target where the targets add up to 1."""
    return _difference(y if total.value == 1 else Product((y, total)), target, total)


def _inverse(y: Leaf, target: Leaf, total: Leaf) -> Node:
    """−target / y, 0 where the target is: nothing is asked of that answer."""
    return target if target.value == 0 else Quotient(Sum(((-1, target),)), y)


def _odds(z: Leaf, target: Leaf, total: Leaf) -> Node:
    """−target / y + (1 − target) / (1 − y) from z, as 1 / y = 1 + exp(−z): y itself may be 1."""
    one = Leaf("1", 1.0)
    asked = Sum(((1, one), (1, Function("exp", (Sum(((-1, z),)),)))))
    unasked = Sum(((1, one), (1, Function("exp", (z,)))))
    if target.value == 0:
        return unasked
    if target.value == 1:
        return Sum(((-1, asked),))
    rest = Sum(((1, one), (-1, target)))
    return Sum(((-1, Product((target, asked))), (1, Product((rest, unasked)))))


@dataclass(frozen=True, slots=True)
class _Forms:
    of_y: Form
    of_z: Form | None = None
    from_z: bool = False


FORMS: dict[str, _Forms] = {
    "squared_error": _Forms(_difference),
    "cross_entropy": _Forms(_inverse, _share),
    "binary_cross_entropy": _Forms(_odds, _difference, from_z=True),
}


def of_y(trace: Trace, row: int, unit: int, y: Leaf, z: Leaf) -> list[Node]:
    """dL/dy[unit] at a row of outputs; no term where the loss does not count the row."""
    if trace.loss_name is None:
        return [Leaf("1", 1.0)]
    leaves = _leaves(trace, row, unit)
    forms = FORMS[trace.loss_name]
    return [] if leaves is None else [forms.of_y(z if forms.from_z else y, *leaves)]


def of_z(trace: Trace, row: int, unit: int, y: Leaf) -> list[Node] | None:
    """dL/dz[unit] in a form of its own, None where it follows from dL/dy."""
    form = None if trace.loss_name is None else FORMS[trace.loss_name].of_z
    if form is None:
        return None
    leaves = _leaves(trace, row, unit)
    return [] if leaves is None else [form(y, *leaves)]


def _leaves(trace: Trace, row: int, unit: int) -> tuple[Leaf, Leaf] | None:
    if trace.targets is None or trace.counts is None or not trace.counts[row]:
        return None
    targets = trace.targets[row]
    return (
        Leaf(f"target[{unit}]", float(targets[unit])),
        Leaf("Σ target", float(targets.sum())),
    )
