"""One number of a scene changed, by its path: `network.layers[0].weights.W_f[0][1]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.layers import ResolvedLayer
from unrolled.scenes.plan import Plan

Part = str | int
_NAME = r"[A-Za-z][A-Za-z0-9_]{0,31}"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME}|\[[0-9]{{1,7}}\])*")
_PART = re.compile(rf"({_NAME})|\[([0-9]+)\]")
_PLACES = (
    "network.layers[n].weights.NAME, .backward_weights.NAME or .options.NAME, "
    "network.readout.weights.NAME, inputs[t], initial[n].NAME, static[i] or targets[t]"
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
        case ["network", "layers", int(n), ("weights" | "backward_weights") as group, str(), *_]:
            layer = _layer(plan, n, path)
            backward = group == "backward_weights"
            if backward and len(layer.directions) == 1:
                raise _nowhere(path)
            found = layer.weights(layer.directions[1 if backward else 0], plan.scene.seed)
            held = document["network"]["layers"][n]
            held[group] = {name: array.tolist() for name, array in found.items()}
        case ["network", "layers", int(n), "options", str()]:
            layer = _layer(plan, n, path)
            chosen = {name: allowed[0] for name, allowed in layer.cell.options.items()}
            document["network"]["layers"][n]["options"] = chosen | dict(layer.layer.options)
        case ["network", "readout", "weights", str(), *_] if plan.readout is not None:
            effective = plan.readout.weights(plan.scene.seed)
            held = document["network"]["readout"]
            held["weights"] = {name: array.tolist() for name, array in effective.items()}
        case ["inputs", int(), *_]:
            if plan.scene.text is not None:
                document |= {"inputs": [list(row) for row in plan.inputs]}
                document |= {"text": None, "encoding": None}
        case ["initial", int(n), *_]:
            _write_states(document, plan, n, path)
        case ["static" | "targets", int(), *_]:
            pass
        case _:
            raise _nowhere(path)


def _write_states(document: dict[str, Any], plan: Plan, n: int, path: str) -> None:
    layer = _layer(plan, n, path)
    if document["initial"] is None:
        document["initial"] = [{} for _ in plan.layers]
    held = document["initial"][n]
    if "forward" in layer.directions or not held.get("backward"):
        document["initial"][n] = _zeros(layer) | held
    if "backward" in layer.directions and (len(layer.directions) == 2 or held.get("backward")):
        document["initial"][n]["backward"] = _zeros(layer) | (held.get("backward") or {})


def _zeros(layer: ResolvedLayer) -> dict[str, list[float]]:
    return {name: [0.0] * size for name, size in layer.state_sizes().items()}


def _layer(plan: Plan, n: int, path: str) -> ResolvedLayer:
    if n >= len(plan.layers):
        raise DocumentError.of(path, f"a layer from 0 to {len(plan.layers) - 1}", str(n))
    return plan.layers[n]


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
