"""Answers of a live session as plain data: dicts and lists, with arrays as leaves."""

from __future__ import annotations

from typing import Any

from unrolled.engine.frames import Frame
from unrolled.scenes.live.player import Player


def opened(player: Player) -> dict[str, Any]:
    """The answer to `open`: how many steps, and the scene's network with its defaults."""
    network = player.plan.scene.network.model_dump(mode="json")
    for document, layer in zip(network["layers"], player.plan.layers, strict=True):
        chosen = {name: allowed[0] for name, allowed in layer.cell.options.items()}
        document["options"] = chosen | document["options"]
    return {"type": "opened", "steps": player.plan.steps, "network": network}


def frame(player: Player) -> dict[str, Any]:
    """The frame at the place where the player stands."""
    if player.t is None:
        return _before(player)
    shown: Frame = player.frame()
    layers = [
        {
            "directions": [
                {"direction": d.direction, "position": d.position, "values": dict(d.values)}
                for d in layer
            ]
        }
        for layer in shown.layers
    ]
    return {
        "type": "frame",
        "t": shown.t,
        "layers": layers,
        "readout": None if shown.readout is None else {"values": dict(shown.readout)},
        "output": shown.output,
        "outputs": [{"position": p, "output": row} for p, row in shown.reached.items()],
        "input": player.input(shown.t),
    }


def _before(player: Player) -> dict[str, Any]:
    """Before the first step there are initial states only."""
    layers = [
        {
            "directions": [
                {"direction": name, "position": None, "values": {}, "initial": states}
                for name, states in directions.items()
            ]
        }
        for directions in player.states()
    ]
    return {"type": "frame", "t": None, "layers": layers, "readout": None, "output": None,
            "outputs": [], "input": None}  # fmt: skip
