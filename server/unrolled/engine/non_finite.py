"""Where the first infinite or undefined number of a trace stands, in the order of computation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .trace import DirectionTrace, Trace

Array = NDArray[Any]
Place = tuple[int | str, "DirectionTrace"]
"""A layer's number (of an encoder–decoder ``encoder.layers.0``), or a part's name, and one of its
directions."""


def first(trace: Trace) -> dict[str, Any] | None:
    """`{layer, direction, t, name, pass}` of the first number that is not finite, or None.

    Forward: layer by layer, each direction as it steps, then the readout and the loss. Backward:
    the other way round, then what is summed over time (`t` is None there).
    """
    places = list(_places(trace))
    for layer, held in places:
        found = _step(held.values, _names(held), _back(held))
        if found is not None:
            return _said(layer, held, *found, "forward")
    if trace.loss_steps is not None and not np.isfinite(trace.loss_steps).all():
        t = int(np.flatnonzero(~np.isfinite(trace.loss_steps))[0])
        return {"layer": "loss", "direction": "loss", "t": t, "name": "loss", "pass": "forward"}
    return _backward(places)


def _backward(places: Sequence[Place]) -> dict[str, Any] | None:
    for layer, held in reversed(places):
        found = _step(held.gradients or {}, _names(held)[::-1], not _back(held))
        if found is not None:
            return _said(layer, held, *found, "backward")
    for layer, held in reversed(places):
        for group in (held.parameter_gradients, held.initial_gradients):
            for name, array in (group or {}).items():
                if not np.isfinite(array).all():
                    return _said(layer, held, None, name, "backward")
    return None


def _places(trace: Trace) -> Iterator[Place]:
    for address, held in trace.directions():
        layer = address.rpartition(".")[0] if held.reads else address
        plain = layer.removeprefix("layers.")
        yield int(plain) if plain.isdigit() else layer, held


def _names(held: DirectionTrace) -> list[str]:
    """Its values in the order of computation; those of no equation were made before."""
    before = [name for name in held.values if name not in held.cell.by_name]
    return [*before, *(equation.name for equation in held.cell.evaluation)]


def _back(held: DirectionTrace) -> bool:
    return held.direction == "backward"


def _step(
    group: Mapping[str, Array], names: Sequence[str], from_the_end: bool
) -> tuple[int, str] | None:
    """(t, name) of the first, stepping through time from one end; within a step as computed."""
    best: tuple[int, int, str] | None = None
    for name in names:
        if name not in group:
            continue
        bad = np.flatnonzero(~np.isfinite(group[name]).all(axis=1))
        if len(bad):
            t = int(bad[-1] if from_the_end else bad[0])
            order = -t if from_the_end else t
            if best is None or order < best[0]:
                best = (order, t, name)
    return None if best is None else best[1:]


def _said(
    layer: int | str, held: DirectionTrace, t: int | None, name: str, way: str
) -> dict[str, Any]:
    return {"layer": layer, "direction": held.direction, "t": t, "name": name, "pass": way}
