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

TRANSLATION: Document = {
    "version": 1,
    "network": {
        "shape": "encoder-decoder",
        "encoder": {"layers": [{"cell": "lstm", "units": 2, "direction": "bidirectional"}]},
        "decoder": {
            "layers": [{"cell": "lstm", "units": 4}],
            "readout": {"outputs": 3, "activation": "softmax"},
        },
        "attention": {"kind": "additive", "size": 3},
    },
    "inputs": [[1, 0], [0, 1], [1, 1], [0.5, 0.2]],
    "decoder_inputs": [[0, 0, 0], [0, 1, 0]],
    "targets": [1, 2],
    "loss": "cross_entropy",
    "seed": 3,
}
"""Read four rows in both directions, write two, looking back."""


def greedy(base: Document = TRANSLATION, steps: int = 3) -> Document:
    """The document with a decoder that feeds itself."""
    document = copy.deepcopy(base)
    document |= {"decoder_inputs": None, "targets": None, "loss": None}
    document["network"] |= {"feedback": "greedy", "steps": steps}
    return document


def changed(change: Callable[[Document], object], base: Document = LSTM) -> Document:
    """A copy of the document with one change made."""
    document = copy.deepcopy(base)
    change(document)
    return document


def layer(document: Document) -> Document:
    """The first layer of a document."""
    found: Document = document["network"]["layers"][0]
    return found
