"""The small pictures of the gallery: a lesson's first steps as its own engine computes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from unrolled.engine.digits import rounded
from unrolled.engine.errors import EngineError
from unrolled.engine.trace import Trace
from unrolled.scenes import run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Network, Scene

STEPS = 9
_UNITS = 4
_LONGEST = 64
_GATES = ("forget", "input", "output")
Json = dict[str, Any]


def preview(scene: Scene, cell: Mapping[str, Any]) -> list[Json]:
    """The first steps of a scene, each with its inputs, its memory, its output and its gates.

    A scene too large to be run for a picture shows its inputs alone; `cell` is the description
    of its first layer's cell.
    """
    carried = cell.get("state") or [cell["output"]]
    held = [each["name"] for each in cell["equations"] if each["role"] == "memory"]
    state = next((name for name in held if name in carried), carried[0])
    gates = tuple(
        (each["name"], each["role"])
        for each in cell["equations"]
        if each["role"] in _GATES and not each["name"].startswith("z_")
    )
    return _columns(scene.model_dump_json(exclude_none=True), state, cell["output"], gates)


@lru_cache(maxsize=64)
def _columns(
    document: str, state: str, output: str, gates: tuple[tuple[str, str], ...]
) -> list[Json]:
    scene = Scene.model_validate_json(document)
    inputs = np.asarray(scene.inputs or [[0.0]], dtype=float)[:STEPS, :_UNITS]
    columns: list[Json] = [{"x": column} for column in _shaded(inputs)]
    if (
        len(scene.inputs or ()) > _LONGEST
        or not isinstance(scene.network, Network)
        or len(scene.network.layers) != 1
    ):
        return columns
    try:
        values = _values(run.trace(plan(scene, Limits())))
    except (DocumentError, EngineError):  # the lesson's own page says what is wrong with it
        return columns
    memory, spoken = (_shaded(values[name][:STEPS, :_UNITS]) for name in (state, output))
    for step, column in enumerate(columns):
        column["memory"] = memory[step]
        column["output"] = spoken[step] if output != state else []
        column["gates"] = [
            {"role": role, "open": _share(float(values[name][step][0]), 1.0)}
            for name, role in gates
        ]
    return columns


def _values(trace: Trace) -> Mapping[str, Any]:
    prefix = "layers.0.forward.values."
    arrays = trace.arrays()
    return {key.removeprefix(prefix): array for key, array in arrays.items() if prefix in key}


def _shaded(rows: np.ndarray) -> list[list[Json]]:
    """Each number as it is printed, with its sign and its share of the largest."""
    finite = np.abs(rows[np.isfinite(rows)])
    top = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return [[_number(float(value), top) for value in row] for row in rows]


def _number(value: float, top: float) -> Json:
    sign = "negative" if value < 0 else "positive"
    return {"text": rounded(value), "sign": sign, "share": _share(value, top)}


def _share(value: float, top: float) -> float:
    return round(math.sqrt(min(1.0, abs(value) / top)), 3) if math.isfinite(value) else 1.0
