"""One number of a scene changed, by its path: `network.layers[0].weights.W_f[0][1]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.layers import ResolvedLayer, ResolvedReadout
from unrolled.scenes.plan import Plan
from unrolled.scenes.weights import Array

Part = str | int
_NAME = r"[A-Za-z][A-Za-z0-9_]{0,31}"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME}|\[[0-9]{{1,7}}\])*")
_PART = re.compile(rf"({_NAME})|\[([0-9]+)\]")
_PLACES = (
    "network.layers[n].weights.NAME, .backward_weights.NAME or .options.NAME, "
    "network.readout.weights.NAME, inputs[t], initial[n].NAME, static[i] or targets[t]; of an "
    "encoder–decoder network.encoder.layers[n]…, network.decoder.layers[n]…, "
    "network.decoder.readout…, network.attention.weights.NAME, decoder_inputs[t]"
)


def parts(path: str) -> list[Part]:
    """The steps of a path; raises `DocumentError` for what is none."""
    if not _PATH.fullmatch(path):
        raise DocumentError.of("path", f"a place such as {_PLACES}", shown(path))
    return [name or int(index) for name, index in _PART.findall(path)]


def edited(plan: Plan, path: str, value: Any) -> dict[str, Any]:
    """The scene's document with one value changed; raises `DocumentError`.

    Effective weights are written out first where they were seeded, and zero where left out. The
    document is not judged yet.
    """
    document = plan.scene.model_dump(mode="json")
    place = parts(path)
    _write_out(document, plan, place, path)
    holder: Any = document
    for part in place[:-1]:
        holder = _inside(holder, part, path)
    _inside(holder, place[-1], path)
    holder[place[-1]] = value
    return document


def put(row: list[Any], place: Sequence[Part], value: Any, path: str) -> Any:
    """A row, or one entry of it, replaced; raises `DocumentError`. The value is not judged."""
    if not place:
        return value
    _inside(row, place[0], path)
    if len(place) > 1:
        raise _nowhere(path)
    return [value if number == place[0] else old for number, old in enumerate(row)]


def _write_out(document: dict[str, Any], plan: Plan, place: list[Part], path: str) -> None:
    """Fill in what the document leaves out around the place, so that it can be changed."""
    match place:
        case ["network", ("encoder" | "decoder") as half, *rest] if plan.decoder is not None:
            own = plan.reading if half == "encoder" else plan.decoder.layers
            readout = None if half == "encoder" else plan.readout
            _write_stack(_Stack(document["network"][half], own, readout, plan), rest, path)
        case ["network", "attention", "weights", str(), *_] if plan.decoder is not None:
            attention = plan.decoder.attention
            if attention is None:
                raise _nowhere(path)
            held = document["network"]["attention"]
            held["weights"] = _listed(attention.weights(plan.scene.seed))
        case ["network", *rest] if plan.decoder is None:
            stack = _Stack(document["network"], plan.layers, plan.readout, plan)
            _write_stack(stack, rest, path)
        case ["inputs", int(), *_]:
            if plan.scene.text is not None:
                document |= {"inputs": [list(row) for row in plan.inputs]}
                document |= {"text": None, "encoding": None}
        case ["initial", int(n), *_]:
            _write_states(document, plan, n, path)
        case [("static" | "targets" | "decoder_inputs"), int(), *_]:
            pass
        case _:
            raise _nowhere(path)


@dataclass(frozen=True)
class _Stack:
    """A part of the document that has layers and a readout, and what they are."""

    document: dict[str, Any]
    layers: list[ResolvedLayer]
    readout: ResolvedReadout | None
    plan: Plan


def _write_stack(stack: _Stack, place: list[Part], path: str) -> None:
    seed = stack.plan.scene.seed
    match place:
        case ["layers", int(n), ("weights" | "backward_weights") as group, str(), *_]:
            layer = _layer(stack.layers, n, path)
            backward = group == "backward_weights"
            if backward and len(layer.directions) == 1:
                raise _nowhere(path)
            found = layer.weights(layer.directions[1 if backward else 0], seed)
            stack.document["layers"][n][group] = _listed(found)
        case ["layers", int(n), "options", str()]:
            layer = _layer(stack.layers, n, path)
            chosen = {name: allowed[0] for name, allowed in layer.cell.options.items()}
            stack.document["layers"][n]["options"] = chosen | dict(layer.layer.options)
        case ["readout", "weights", str(), *_] if stack.readout is not None:
            stack.document["readout"]["weights"] = _listed(stack.readout.weights(seed))
        case _:
            raise _nowhere(path)


def _listed(weights: Mapping[str, Array]) -> dict[str, Any]:
    return {name: array.tolist() for name, array in weights.items()}


def _write_states(document: dict[str, Any], plan: Plan, n: int, path: str) -> None:
    layer = _layer(plan.reading, n, path)
    if document["initial"] is None:
        document["initial"] = [{} for _ in plan.reading]
    held = document["initial"][n]
    if "forward" in layer.directions or not held.get("backward"):
        document["initial"][n] = _zeros(layer) | held
    if "backward" in layer.directions and (len(layer.directions) == 2 or held.get("backward")):
        document["initial"][n]["backward"] = _zeros(layer) | (held.get("backward") or {})


def _zeros(layer: ResolvedLayer) -> dict[str, list[float]]:
    return {name: [0.0] * size for name, size in layer.state_sizes().items()}


def _layer(layers: list[ResolvedLayer], n: int, path: str) -> ResolvedLayer:
    if n >= len(layers):
        raise DocumentError.of(path, f"a layer from 0 to {len(layers) - 1}", str(n))
    return layers[n]


def _inside(holder: Any, part: Part, path: str) -> Any:
    if isinstance(holder, dict) and isinstance(part, str):
        if part in holder:
            return holder[part]
        raise DocumentError.of(path, "one of " + ", ".join(holder), shown(part))
    if isinstance(holder, list) and isinstance(part, int):
        if part < len(holder):
            return holder[part]
        raise DocumentError.of(path, f"an index below {len(holder)}", str(part))
    raise _nowhere(path)


def _nowhere(path: str) -> DocumentError:
    return DocumentError.of("path", f"a place such as {_PLACES}", shown(path))
