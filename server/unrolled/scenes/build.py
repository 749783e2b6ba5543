"""A checked scene as what the engine takes: a network with its weights, and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.scenes.plan import Plan

Array = NDArray[Any]


def network(plan: Plan, dtype: DTypeLike = np.float64) -> Network:
    """The network with the scene's effective weights."""
    readout = plan.readout.readout if plan.readout else None
    specs = [
        LayerSpec(
            cell=layer.cell,
            dimensions=layer.dimensions,
            options=layer.layer.options,
            direction=layer.layer.direction,
            merge=layer.layer.merge or "concat",
        )
        for layer in plan.layers
    ]
    made = Network(
        specs,
        readout=ReadoutSpec(readout.outputs, readout.activation) if readout else None,
        pool=plan.network.pool,
        dtype=dtype,
    )
    made.assign(weights(plan))
    return made


def weights(plan: Plan) -> dict[str, Array]:
    """Every effective parameter by its address."""
    seed = plan.scene.seed
    found = {
        f"{layer.address}.{direction}.{name}": array
        for layer in plan.layers
        for direction in layer.directions
        for name, array in layer.weights(direction, seed).items()
    }
    if plan.readout is not None:
        for name, array in plan.readout.weights(seed).items():
            found[f"{plan.readout.address}.{name}"] = array
    return found


def inputs(plan: Plan) -> Array:
    """The input rows, (steps, entries)."""
    return _array(plan.inputs)


def static(plan: Plan) -> Array | None:
    """The static vector, (entries,), None without one."""
    return None if plan.scene.static is None else _array(plan.scene.static)


def initial(plan: Plan) -> list[dict[str, dict[str, Array]]]:
    """Initial states by layer, direction and name; the engine starts the others at zero.

    A layer that reads backward only may have its states under "backward" or without.
    """
    given = plan.scene.initial or [{} for _ in plan.layers]
    return [
        {
            direction: _states(states, direction, alone=len(layer.directions) == 1)
            for direction in layer.directions
        }
        for states, layer in zip(given, plan.layers, strict=True)
    ]


def _states(states: dict[str, Any], direction: str, *, alone: bool) -> dict[str, Array]:
    plain = {name: value for name, value in states.items() if name != "backward"}
    if direction == "backward":
        plain = (plain if alone else {}) | (states.get("backward") or {})
    return {name: _array(value) for name, value in plain.items()}


def _array(value: Any) -> Array:
    # Adding 0 turns -0.0 into 0.0: the canonical form of a scene knows one zero only.
    return np.array(value, dtype=np.float64) + 0.0
