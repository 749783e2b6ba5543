"""A scene with other weights: those that a training found, written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from unrolled.scenes.schema import Scene


def learned(scene: Scene, parameters: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """The scene's document with parameters by address, e.g. ``layers.0.forward.W_f``."""
    document: dict[str, Any] = scene.model_dump(mode="json")
    for address, array in parameters.items():
        *place, name = address.split(".")
        _home(document["network"], place)[name] = array.tolist()
    return document


def _home(network: dict[str, Any], place: list[str]) -> Any:
    """The weights in a document to which the beginning of an address leads."""
    if place[0] in ("encoder", "decoder") and place[1:] != ["attention"]:
        return _home(network[place[0]], place[1:])
    if place == ["readout"]:
        return network.get("decoder", network)["readout"]["weights"]
    if place[0] == "layers":
        layer = network["layers"][int(place[1])]
        second = place[2] == "backward" and layer["direction"] == "bidirectional"
        return layer["backward_weights" if second else "weights"]
    return network[place[-1]]["weights"]
