"""Answers to everything that a page without a server may ask: traces, and the arithmetic of every
number in both directions, as the same routes give them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from unrolled.engine.errors import EngineError
from unrolled.engine.explain import explain
from unrolled.engine.trace import DirectionTrace, Trace
from unrolled.scenes import hashing, run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan

PASSES = ("forward", "backward")


def baked(plans: Sequence[Plan], limits: Limits) -> list[dict[str, Any]]:
    """For each scene its trace, and explanations by pass and address, a row of one a step.

    Raises:
        DocumentError: more numbers to explain than the limit `exported`, before any is explained.
    """
    traces = [run.trace(plan, gradients=True) for plan in plans]
    numbers = sum(len(PASSES) * array.size for trace in traces for _, array in _arrays(trace))
    if error := limits.exceeded("exported", "scene", numbers):
        raise DocumentError([error])
    return [_answers(plan, trace) for plan, trace in zip(plans, traces, strict=True)]


def _answers(plan: Plan, trace: Trace) -> dict[str, Any]:
    identifier = hashing.trace_id(plan.scene, True, hashing.engine_version())
    return {
        "trace": {"id": identifier, **trace.document()},
        "explanations": {direction: _explained(trace, direction) for direction in PASSES},
    }


def _arrays(trace: Trace) -> Iterator[tuple[str, Any]]:
    """Every array whose numbers a page opens, by its address."""
    for part, held in trace.directions():
        yield from ((f"{part}.{name}", array) for name, array in _named(held))


def _named(held: DirectionTrace) -> Iterator[tuple[str, Any]]:
    yield from held.values.items()
    yield from held.inputs.items()


def _explained(trace: Trace, direction: str) -> dict[str, list[Any]]:
    return {
        f"{address}[{unit}]": [
            _one(trace, f"{address}[{unit}]", t, direction) for t in range(len(array))
        ]
        for address, array in _arrays(trace)
        for unit in range(array.shape[1])
    }


def _one(trace: Trace, address: str, t: int, direction: str) -> dict[str, Any] | None:
    """The explanation, None where there is none (a gradient that nobody asks for)."""
    try:
        return explain(trace, address, t, direction)
    except EngineError:
        return None
