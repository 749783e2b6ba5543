"""A checked scene as what the engine takes: a network with its weights, and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from unrolled.engine.encoder_decoder import EncoderDecoder
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.layers import ResolvedLayer
from unrolled.scenes.plan import Plan

Array = NDArray[Any]


def network(plan: Plan, dtype: DTypeLike = np.float64) -> Network:
    """The network with the scene's effective weights.

    Raises:
        DocumentError: the scene has an encoder and a decoder, see `encoder_decoder`.
    """
    one_stack(plan)
    made = Network(_specs(plan.layers), _readout(plan), plan.network.pool, dtype)
    made.assign(weights(plan))
    return made


def one_stack(plan: Plan) -> None:
    """Refuse a scene with an encoder and a decoder; raises `DocumentError`."""
    if plan.decoder is not None:
        raise DocumentError.of(
            "network.shape", "many-to-many, many-to-one, one-to-many or one-to-one",
            '"encoder-decoder", for which there is none of this',
        )  # fmt: skip


def encoder_decoder(plan: Plan, dtype: DTypeLike = np.float64) -> EncoderDecoder:
    """The encoder–decoder with the scene's effective weights; only where the scene is one."""
    assert plan.decoder is not None
    attention = plan.decoder.attention
    made = EncoderDecoder(
        _specs(plan.reading),
        _specs(plan.decoder.layers),
        _readout(plan),
        None if attention is None else attention.spec,
        dtype,
    )
    made.assign(weights(plan))
    return made


def _specs(layers: list[ResolvedLayer]) -> list[LayerSpec]:
    return [
        LayerSpec(
            cell=layer.cell,
            dimensions=layer.dimensions,
            options=layer.layer.options,
            direction=layer.layer.direction,
            merge=layer.layer.merge or "concat",
        )
        for layer in layers
    ]


def _readout(plan: Plan) -> ReadoutSpec | None:
    if plan.readout is None:
        return None
    readout = plan.readout.readout
    return ReadoutSpec(readout.outputs, readout.activation)


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
    if plan.decoder is not None and plan.decoder.attention is not None:
        for name, array in plan.decoder.attention.weights(seed).items():
            found[f"decoder.attention.{name}"] = array
    return found


def inputs(plan: Plan) -> Array:
    """The input rows, (steps, entries)."""
    return _array(plan.inputs)


def decoder_inputs(plan: Plan) -> Array | None:
    """The decoder's input rows, (steps, entries), None where it feeds itself."""
    rows = None if plan.decoder is None else plan.decoder.inputs
    return None if rows is None else _array(rows)


def static(plan: Plan) -> Array | None:
    """The static vector, (entries,), None without one."""
    return None if plan.scene.static is None else _array(plan.scene.static)


def initial(plan: Plan) -> list[dict[str, dict[str, Array]]]:
    """Initial states by layer, direction and name; the engine starts the others at zero.

    A layer that reads backward only may have its states under "backward" or without.
    """
    given = plan.scene.initial or [{} for _ in plan.reading]
    return [
        {
            direction: _states(states, direction, alone=len(layer.directions) == 1)
            for direction in layer.directions
        }
        for states, layer in zip(given, plan.reading, strict=True)
    ]


def _states(states: dict[str, Any], direction: str, *, alone: bool) -> dict[str, Array]:
    plain = {name: value for name, value in states.items() if name != "backward"}
    if direction == "backward":
        plain = (plain if alone else {}) | (states.get("backward") or {})
    return {name: _array(value) for name, value in plain.items()}


def _array(value: Any) -> Array:
    # Adding 0 turns -0.0 into 0.0: the canonical form of a scene knows one zero only.
    return np.array(value, dtype=np.float64) + 0.0
