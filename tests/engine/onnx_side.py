"""ONNX's recurrent operators in the terms of our networks (its Operators.md: LSTM, GRU, RNN).

ONNX stacks the gates: i, o, f, c in an LSTM; z, r, h in a GRU. It has two biases, which enter as
their sum. Peepholes are i, o, f; the output gate sees the memory of its own step, as in Gers &
Schmidhuber. z is our u.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.engine.cell import catalogue
from unrolled.engine.compiled import ByLayer, Compiled
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network

Array = NDArray[Any]
Arrays = Mapping[str, Array]
CELLS = {"LSTM": "lstm", "GRU": "gru_reset_before", "RNN": "elman"}
GATES = {"LSTM": "iofg", "GRU": "urn", "RNN": "h"}
PEEPHOLES = "iof"
DIRECTIONS = {"forward": "forward", "reverse": "backward", "bidirectional": "bidirectional"}


def outputs(operator: str, case: Mapping[str, Any]) -> dict[str, Array]:
    """Y, Y_h and Y_c of a reference case as our engine computes them, in ONNX's layout."""
    given = {name: np.array(value, np.float64) for name, value in case["inputs"].items() if name}
    batch_first = case["attributes"].get("layout", 0) == 1
    if batch_first:
        for name in {"X", "initial_h", "initial_c"} & set(given):
            given[name] = given[name].swapaxes(0, 1)
    net = Compiled(network(operator, case["attributes"], given))
    lengths = given.get("sequence_lens")
    found = _whole(net, given) if lengths is None else _each(net, given, lengths.astype(int))
    if not batch_first:
        return found
    return {
        name: array.transpose(2, 0, 1, 3) if name == "Y" else array.swapaxes(0, 1)
        for name, array in found.items()
    }


def network(operator: str, attributes: Mapping[str, Any], given: Arrays) -> Network:
    """Our network with the operator's weights."""
    unknown = set(attributes) - {"hidden_size", "direction", "layout"}
    assert not unknown, f"no case had {unknown} when this was written"
    cell = "lstm_peephole" if "P" in given else CELLS[operator]
    sizes = {"input": given["X"].shape[2], "units": attributes["hidden_size"]}
    direction = DIRECTIONS[attributes.get("direction", "forward")]
    made = Network([LayerSpec(catalogue()[cell], sizes, direction=direction)])
    for number, (address, _) in enumerate(made.directions()):
        named = _weights(operator, {name: given[name][number] for name in "WRBP" if name in given})
        made.assign({f"{address}.{name}": array for name, array in named.items()})
    return made


def _weights(operator: str, stacked: Arrays) -> dict[str, Array]:
    """Parameters by name from ONNX's stacks of one direction."""
    gates = GATES[operator]
    found: dict[str, Array] = {}
    for name, array in (("W", stacked["W"]), ("U", stacked["R"])):
        parts = np.split(array, len(gates))
        found |= {f"{name}_{gate}": part for gate, part in zip(gates, parts, strict=True)}
    if "B" in stacked:
        parts = np.split(np.split(stacked["B"], 2)[0] + np.split(stacked["B"], 2)[1], len(gates))
        found |= {f"b_{gate}": part for gate, part in zip(gates, parts, strict=True)}
    if "P" in stacked:
        parts = np.split(stacked["P"], len(PEEPHOLES))
        found |= {f"p_{gate}": part for gate, part in zip(PEEPHOLES, parts, strict=True)}
    return found


def _whole(net: Compiled, given: Arrays) -> dict[str, Array]:
    """All sequences side by side."""
    run = net.forward(given["X"], _initial(net, given))
    y = np.stack([values["h"] for values in run.values[0].values()], axis=1)
    return {"Y": y, **_final(run.final_states)}


def _each(net: Compiled, given: Arrays, lengths: Array) -> dict[str, Array]:
    """Every sequence by itself, as long as it is; zeros after its end."""
    steps = len(given["X"])
    parts = []
    for number, length in enumerate(lengths):
        one = {name: given[name][:, [number]] for name in ("X", "initial_h", "initial_c")
               if name in given}  # fmt: skip
        found = _whole(net, {**one, "X": one["X"][:length]})
        rest = np.zeros((steps - length, *found["Y"].shape[1:]))
        parts.append({**found, "Y": np.concatenate([found["Y"], rest])})
    return {name: np.concatenate([part[name] for part in parts], axis=-2) for name in parts[0]}


def _initial(net: Compiled, given: Arrays) -> list[dict[str, dict[str, Array]]]:
    states = {"h": "initial_h", "c": "initial_c"}
    return [{
        direction: {state: given[name][number] for state, name in states.items() if name in given}
        for number, direction in enumerate(net.network.entrance[1].layers[0].directions)
    }]  # fmt: skip


def _final(states: ByLayer) -> dict[str, Array]:
    names = {"h": "Y_h", "c": "Y_c"}
    directions = list(states[0].values())
    return {names[state]: np.stack([each[state] for each in directions]) for state in directions[0]}
