"""The gradient of one entry of a parameter: what its use at each step adds."""

from __future__ import annotations

from .addresses import Address
from .arithmetic import Node, Sum
from .errors import EngineError
from .explain_backward import uses
from .trace import DirectionTrace, Trace
from .trace_scope import TraceScope

WHOLE = "steps"
"""What a sum over many steps is called where it is not written out."""


def entry(held: DirectionTrace, place: Address) -> tuple[int, ...]:
    """The indices that an address gives for a parameter.

    Raises:
        EngineError: too few or too many, or beyond its shape.
    """
    shape = held.parameters[place.name].shape
    given = place.entry
    if len(given) == len(shape) and all(i < n for i, n in zip(given, shape, strict=True)):
        return given
    last = "".join(f"[{size - 1}]" for size in shape)
    first = "[0]" * len(shape)
    raise EngineError(
        "address", f"an entry of {place.part}.{place.name} from {first} to {last}",
        "".join(f"[{index}]" for index in given) or "none",
    )  # fmt: skip


def gradient(trace: Trace, place: Address, t: int | None) -> Sum:
    """What the use at step `t` adds to dL/d(entry), a term for each place where it is used; without
    a step, what the uses at all steps add.

    Raises:
        EngineError: no such part or step.
    """
    if t is not None:
        return Sum(tuple((1, term) for term in _at(trace, place, t)))
    rows = len(next(iter(dict(trace.directions())[place.part].values.values())))
    terms = tuple((1, term) for step in range(rows) for term in _at(trace, place, step))
    return Sum(terms, WHOLE)


def _at(trace: Trace, place: Address, t: int) -> list[Node]:
    scope = TraceScope.at(trace, place.part, t)
    terms: list[Node] = []
    for each in scope.using():
        name, row, column = each.written(place.name, place.entry)
        terms += uses(name, row, each, column)
    return terms
