"""Answers of a live session as plain data: dicts and lists, with arrays as leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unrolled.engine.frames import Frame
from unrolled.scenes.live.player import Player


def opened(player: Player) -> dict[str, Any]:
    """The answer to `open`: how many steps, the scene's network with its defaults, and the whole
    run of an encoder."""
    network = player.plan.scene.network.model_dump(mode="json")
    stacks = [network] if player.plan.decoder is None else [network["encoder"], network["decoder"]]
    documents = [document for stack in stacks for document in stack["layers"]]
    for document, layer in zip(documents, player.plan.layers, strict=True):
        chosen = {name: allowed[0] for name, allowed in layer.cell.options.items()}
        document["options"] = chosen | document["options"]
    return {"type": "opened", "steps": player.plan.steps, "network": network, **encoder(player)}


def encoder(player: Player) -> dict[str, Any]:
    """The whole run of an encoder as a field, where there is one."""
    found = player.encoder()
    return {} if found is None else {"encoder": found}


def frame(player: Player) -> dict[str, Any]:
    """The frame at the place where the player stands."""
    if player.t is None:
        return _before(player)
    shown: Frame = player.frame()
    layers = [
        {
            **_named(player, number),
            "directions": [
                {"direction": d.direction, "position": d.position, "values": dict(d.values)}
                for d in layer
            ],
        }
        for number, layer in enumerate(shown.layers)
    ]
    return {
        "type": "frame",
        "t": shown.t,
        "layers": layers,
        **_attention(player, shown.attention),
        "readout": None if shown.readout is None else {"values": dict(shown.readout)},
        "output": shown.output,
        "outputs": [{"position": p, "output": row} for p, row in shown.reached.items()],
        "input": player.input(shown.t),
    }


def _before(player: Player) -> dict[str, Any]:
    """Before the first step there are initial states only."""
    layers = [
        {
            **_named(player, number),
            "directions": [
                {"direction": name, "position": None, "values": {}, "initial": dict(states)}
                for name, states in directions.items()
            ],
        }
        for number, directions in enumerate(player.states())
    ]
    return {"type": "frame", "t": None, "layers": layers, **_attention(player, None),
            "readout": None, "output": None, "outputs": [], "input": None}  # fmt: skip


def _named(player: Player, number: int) -> dict[str, str]:
    """Which layer it is, where more than one stack has layers."""
    return {"layer": f"{player.prefix}layers.{number}"} if player.prefix else {}


def _attention(player: Player, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a decoder looks at, a field only where it does."""
    if player.plan.decoder is None or player.plan.decoder.attention is None:
        return {}
    return {"attention": None if values is None else {"values": dict(values)}}
