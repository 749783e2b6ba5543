"""Documents and arrays as bytes: JSON that keeps its infinities, safetensors, gzip."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import save

JSON = "application/json"


def json_bytes(document: Any) -> bytes:
    """The document as JSON; arrays become lists, what is not finite becomes a word.

    `"Infinity"`, `"-Infinity"` and `"NaN"` stand for the numbers JSON has no sign for.
    """
    return orjson.dumps(_spelled(document))


def _spelled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _spelled(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(each) for each in value]
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _spelled(value.item())
    if isinstance(value, float) and not isfinite(value):
        return word(value)
    return value


def _array(value: np.ndarray[Any, Any]) -> Any:
    if value.ndim == 0:
        return _spelled(value.item())
    # The encoder would write null for a number that is not finite, without a word of warning.
    if np.issubdtype(value.dtype, np.floating) and not np.isfinite(value).all():
        return _spelled(value.tolist())
    # Each array by itself: other threads get their turn between two of them, where one call for a
    # whole trace would keep everybody waiting for a third of a second.
    return orjson.Fragment(
        orjson.dumps(np.ascontiguousarray(value), option=orjson.OPT_SERIALIZE_NUMPY)
    )


def word(value: float) -> str:
    """The word that travels for a number that is not finite."""
    if value != value:
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def safetensors_bytes(arrays: Mapping[str, np.ndarray[Any, Any]], identifier: str) -> bytes:
    """The arrays under their names, the trace's id in the header."""
    flat = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(flat, metadata={"id": identifier})


def compressed(data: bytes) -> bytes:
    """The bytes in gzip; the same input gives the same output at any time.

    Digits hardly shrink further for more effort, so large traces get the least.
    """
    return gzip.compress(data, compresslevel=6 if len(data) < 1_000_000 else 1, mtime=0)


def preferences(accept: str) -> dict[str, float]:
    """What a client likes by an Accept header of any kind, with how much, 0 to 1."""
    return dict(map(_quality, accept.split(",")))


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client takes gzip by its Accept-Encoding header."""
    likes = preferences(accept_encoding)
    return likes.get("gzip", likes.get("*", 0.0)) > 0


def _quality(part: str) -> tuple[str, float]:
    """`text/html;q=0.5` as its name and weight."""
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                weight = float(parameter[2:])
            except ValueError:
                weight = 0.0
    return name, weight
