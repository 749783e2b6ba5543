"""A scene's canonical form and the id of its trace.

Two documents that mean the same, whatever the order of their keys, whether a default is written
out, `1` or `1.0`, have one id; the id changes with the engine, to the last line of its source,
since an answer is kept for ever.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from typing import Any

import rfc8785

from unrolled.engine import cell as cells
from unrolled.engine.sizes import entries
from unrolled.scenes.layers import find_cell
from unrolled.scenes.schema import EncoderDecoder, InlineCell, Layer, Scene


def canonical(scene: Scene) -> dict[str, Any]:
    """The scene as plain data: defaults filled in, cells written out, options chosen.

    Raises `DocumentError` where a cell is not known.
    """
    document = scene.model_dump(mode="json")
    network = scene.network
    if isinstance(network, EncoderDecoder):
        for part in ("encoder", "decoder"):
            layers = getattr(network, part).layers
            _write_out(document["network"][part]["layers"], layers, f"network.{part}.layers")
        _write_size(document["network"])
    else:
        _write_out(document["network"]["layers"], network.layers, "network.layers")
    return document


def _write_out(documents: list[dict[str, Any]], layers: list[Layer], field: str) -> None:
    for number, (document, layer) in enumerate(zip(documents, layers, strict=True)):
        cell = find_cell(layer, f"{field}[{number}]")
        document["cell"] = _cell_document(layer, cell)
        document["options"] = {
            name: layer.options.get(name, allowed[0]) for name, allowed in cell.options.items()
        }
        for size in cell.declared_sizes.values():
            document.setdefault(size, layer.units)


def _write_size(network: dict[str, Any]) -> None:
    """The size in which additive attention compares, that of the decoder's output by default."""
    attention = network["attention"]
    if attention is None or attention["kind"] != "additive" or attention["size"] is not None:
        return
    top = network["decoder"]["layers"][-1]
    cell = cells.cell_from_document(top["cell"])
    sizes = {name: value for name, value in top.items() if isinstance(value, int)}
    with suppress(KeyError):  # an output as wide as the input: its size stays the decoder's
        attention["size"] = entries(cell.size_of[cell.output], sizes)


def _cell_document(layer: Layer, cell: cells.Cell) -> dict[str, Any]:
    if isinstance(layer.cell, InlineCell):
        return layer.cell.model_dump()
    return {
        "id": cell.id,
        "state": list(cell.state),
        "output": cell.output,
        "equations": cell.text,
        "options": {name: list(allowed) for name, allowed in cell.options.items()},
        "sizes": dict(cell.declared_sizes),
    }


@lru_cache(maxsize=1)
def engine_version() -> str:
    """A digest of the engine's own source and cells."""
    digest = hashlib.sha256()
    home = files("unrolled.engine")
    for entry in sorted((*home.iterdir(), *home.joinpath("parts").iterdir()), key=str):
        if entry.is_file() and entry.name.endswith((".py", ".toml")):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]


def trace_id(scene: Scene, gradients: bool, version: str) -> str:
    """The id of a trace: sha256 of the RFC 8785 JSON of scene, gradients and engine version."""
    text = rfc8785.dumps({"scene": canonical(scene), "gradients": gradients, "engine": version})
    return hashlib.sha256(text).hexdigest()
