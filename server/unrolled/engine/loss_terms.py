"""What the loss passes back to an answer, as arithmetic; without a loss, 1 for every answer."""

from __future__ import annotations

from dataclasses import dataclass

from .arithmetic import Function, Leaf, Node, Product, Quotient, Sum
from .losses import LOSSES, Slope
from .trace import Trace

ONE = Leaf("1", 1.0)


@dataclass(frozen=True, slots=True)
class Traced:
    """Arithmetic in the making: the slopes of `losses.py`, on these in place of numbers."""

    node: Node

    def __sub__(self, other: Traced) -> Traced:
        return Traced(_sum((1, self.node), (-1, other.node)))

    def __rsub__(self, number: int) -> Traced:
        return Traced(Sum(((1, _number(number)), (-1, self.node))))

    def __radd__(self, number: int) -> Traced:
        return Traced(Sum(((1, _number(number)), (1, self.node))))

    def __rtruediv__(self, number: int) -> Traced:
        return Traced(Quotient(_number(number), self.node))

    def __neg__(self) -> Traced:
        return Traced(_sum((-1, self.node)))

    def exp(self) -> Traced:
        """e to this."""
        return Traced(Function("exp", (self.node,)))

    def weighed(self, weight: Traced) -> Traced:
        """A weight of 0 leaves nothing, one of 1 is not written."""
        if weight.node.value == 0:
            return Traced(Sum(()))
        return self if weight.node.value == 1 else Traced(Product((weight.node, self.node)))


def _number(number: int) -> Leaf:
    return ONE if number == 1 else Leaf(str(number), float(number))


def _sum(*terms: tuple[int, Node]) -> Node:
    """A sum without the terms of which nothing is left."""
    kept = tuple((sign, node) for sign, node in terms if node != Sum(()))
    return kept[0][1] if len(kept) == 1 and kept[0][0] > 0 else Sum(kept)


def of_y(trace: Trace, row: int, unit: int, y: Leaf, z: Leaf) -> list[Node]:
    """dL/dy[unit] at a row of outputs; no term where the loss does not count the row."""
    if trace.loss_name is None:
        return [ONE]
    return _terms(trace, row, unit, LOSSES[trace.loss_name].of_y, z, y)


def of_z(trace: Trace, row: int, unit: int, y: Leaf) -> list[Node] | None:
    """dL/dz[unit] in a form of its own, None where it follows from dL/dy."""
    slope = None if trace.loss_name is None else LOSSES[trace.loss_name].of_z
    return None if slope is None else _terms(trace, row, unit, slope, y, y)


def _terms(trace: Trace, row: int, unit: int, slope: Slope, z: Leaf, y: Leaf) -> list[Node]:
    if trace.targets is None or trace.counts is None or not trace.counts[row]:
        return []
    targets = trace.targets[row]
    target = Leaf(f"target[{unit}]", float(targets[unit]))
    total = Leaf("Σ target", float(targets.sum()))
    node: Node = slope.form(Traced(z), Traced(y), Traced(target), Traced(total)).node
    return [Leaf("0", 0.0) if node == Sum(()) else node]
