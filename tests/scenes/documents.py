"""Small scene documents that tests change in one place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]

LSTM: Document = {
    "version": 1,
    "network": {
        "layers": [{"cell": "lstm", "units": 2, "weights": {"W_g": [[1, 0, 0], [0, 1, 0]]}}]
    },
    "inputs": [[3, 1, 0], [4, 1, 0]],
}


def changed(change: Callable[[Document], object], base: Document = LSTM) -> Document:
    """A copy of the document with one change made."""
    document = copy.deepcopy(base)
    change(document)
    return document


def layer(document: Document) -> Document:
    """The first layer of a document."""
    found: Document = document["network"]["layers"][0]
    return found
