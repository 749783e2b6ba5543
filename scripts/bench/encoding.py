"""A trace as JSON: the server's encoder against pydantic's and the standard library's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from scripts.bench.table import Table, milliseconds
from scripts.bench.timing import measured
from unrolled.engine.cell import catalogue
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network
from unrolled.engine.trace import trace
from unrolled.web.encode import json_bytes, safetensors_bytes

_SIZES = ((5, 3, 1), (20, 8, 8), (100, 64, 64))


def _document(steps: int, entries: int, units: int) -> dict[str, Any]:
    """The trace of an LSTM, gradients included."""
    network = Network([LayerSpec(catalogue()["lstm"], {"input": entries, "units": units})])
    rng = np.random.default_rng(0)
    for array in network.parameters().values():
        array[...] = rng.normal(size=array.shape) * 0.1
    return trace(network, rng.normal(size=(steps, entries)), gradients=True).document()


def _plain(value: Any) -> Any:
    """Arrays as lists, for encoders that know none."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _arrays(value: Any, name: str = "trace") -> dict[str, Any]:
    """The arrays of a document by a name each."""
    if isinstance(value, np.ndarray):
        return {name: value}
    pairs = value.items() if isinstance(value, dict) else enumerate(
        value if isinstance(value, list) else ())  # fmt: skip
    return {k: v for key, each in pairs for k, v in _arrays(each, f"{name}.{key}").items()}


def _rows() -> Iterator[tuple[str, ...]]:
    adapter = TypeAdapter(dict[str, Any])
    for size in _SIZES:
        document = _document(*size)
        arrays = _arrays(document)
        mine, binary, pydantic, standard = measured(
            [
                partial(json_bytes, document),
                partial(safetensors_bytes, arrays, "id"),
                lambda: adapter.dump_json(_plain(document)),  # noqa: B023 - called in this turn
                lambda: json.dumps(_plain(document)),  # noqa: B023
            ]
        )
        yield ("T={} D={} H={}".format(*size), milliseconds(mine), f"{pydantic / mine:.1f}",
               f"{standard / mine:.1f}", f"{mine / binary:.1f}")  # fmt: skip


ENCODING = Table(
    "A trace encoded",
    "An LSTM's trace with gradients as JSON in f64; infinities are kept. The last column is the\n"
    "same trace as safetensors.",
    ("LSTM", "ours", "pydantic ÷ ours", "json ÷ ours", "ours ÷ safetensors"), _rows,
)  # fmt: skip
