"""The cells of a scene described for drawing: equations, symbols, graph; kept by content."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from unrolled.engine import describe
from unrolled.engine.attention import whole
from unrolled.engine.cell import cell_from_document
from unrolled.engine.network import readout_cell
from unrolled.scenes import encoding
from unrolled.scenes.schema import Encoding

MOST_NUMBERS = 10_000


def scene(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a page needs beside a scene's document, its defaults filled, to draw it.

    `cells` are descriptions by key, `layers` the keys of the layers' cells in order (an encoder's
    before its decoder's), `readout` and `attention` those of the engine's own cells or None. `rows`
    are the input rows that a text becomes, None without a text or with one too long to be read.
    """
    keys = [key(layer) for layer in layers(document)]
    parts = {"readout": readout(document), "attention": attention(document)}
    found = {name: key(each) if each else None for name, each in parts.items()}
    used = [*keys, *(each for each in found.values() if each)]
    cells = {each: cell(each) for each in used}
    return {"cells": cells, "layers": keys, "rows": rows(document), **found}


def rows(document: Mapping[str, Any]) -> list[list[float]] | None:
    """The input rows of a scene whose input is a text, where they are few enough to be shown."""
    if not document.get("text"):
        return None
    form = Encoding.model_validate(document["encoding"])
    steps = len(encoding.tokens(document["text"], form.kind))
    if steps * encoding.width(form) > MOST_NUMBERS:
        return None
    return encoding.rows(document["text"], form)


def layers(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The layers of a scene, in order; those of an encoder before its decoder's."""
    network = document["network"]
    parts = [network, network.get("encoder") or {}, network.get("decoder") or {}]
    return [layer for part in parts for layer in part.get("layers") or []]


def readout(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The readout of a scene as a layer, whose cell is the engine's own."""
    network = document["network"]
    found = network.get("readout") or (network.get("decoder") or {}).get("readout")
    if found is None:
        return None
    name = "readout_attention" if network.get("attention") else "readout"
    return {"cell": name, "options": {"activation": found.get("activation", "identity")}}


def attention(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """How a scene's decoder looks back as a layer, whose cell is the engine's own."""
    found = document["network"].get("attention")
    return {"cell": "attention", "options": {"kind": found["kind"]}} if found else None


def key(layer: Mapping[str, Any]) -> str:
    """One key for each cell with its options chosen; the page's own reckoning is the same."""
    chosen = [layer["cell"], layer.get("options") or {}]
    return orjson.dumps(chosen, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=256)
def cell(key: str) -> dict[str, Any]:
    """The description of the cell that a key names."""
    found, options = orjson.loads(key)
    if found in ("readout", "readout_attention"):
        return describe.cell(readout_cell(found), options)
    if found == "attention":
        return describe.cell(whole(options["kind"]))
    return describe.cell(found if isinstance(found, str) else cell_from_document(found), options)
