"""Explanations of weights and of what layers hand to each other: their terms add up as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.test_encoder_decoder import EXPLAINED, traced
from tests.engine.test_explain import KINDS, holds, lecture, random_trace
from unrolled.engine.errors import EngineError
from unrolled.engine.explain import explain
from unrolled.engine.goal import Goal
from unrolled.engine.network import Network
from unrolled.engine.trace import Trace, trace

TRACES = [*KINDS, *EXPLAINED]


def made(kind: Any) -> Trace:
    return random_trace(kind) if isinstance(kind, str) else traced(kind)


def added(found: dict[str, Any]) -> float:
    return float(sum(term["value"] for term in found["terms"]))


@pytest.mark.parametrize(
    "kind", TRACES, ids=lambda kind: kind if isinstance(kind, str) else kind.name
)
def test_every_use_of_every_weight_adds_up_to_its_gradient(kind: Any) -> None:
    held = made(kind)
    for part, direction in held.directions():
        steps = len(next(iter(direction.values.values())))
        for name, array in direction.parameters.items():
            assert direction.parameter_gradients is not None
            for entry in np.ndindex(*array.shape):
                address = f"{part}.{name}" + "".join(f"[{index}]" for index in entry)
                gradient = direction.parameter_gradients[name][entry]
                whole = explain(held, address, None, "backward")
                assert (whole["address"], whole["value"]) == (address, gradient)
                assert added(whole) == pytest.approx(gradient, rel=1e-9, abs=1e-12), address
                single = sum(explain(held, address, t, "backward")["value"] for t in range(steps))
                assert single == pytest.approx(gradient, rel=1e-9, abs=1e-12), address
                holds(whole["text"]["en"])


def test_a_weights_gradient_reads_as_error_times_input_step_by_step() -> None:
    whole = explain(lecture(), "W_g[0][0]", None, "backward")
    assert whole["text"]["en"] == (
        "1.000045·3 + 1·4 + 0.0000454·2 + 0.0000454·1 + 7.67·10⁻⁵³·3 = 7.00027"
    )
    assert [term["factors"][1]["t"] for term in whole["terms"]] == [0, 1, 2, 3, 4]
    one = explain(lecture(), "W_g[0][0]", 1, "backward")
    assert (one["text"]["en"], one["t"]) == ("1·4 = 4", 1)
    assert [factor["label"] for factor in one["terms"][0]["factors"]] == ["dL/dz_g[0]", "x[0]"]


def test_a_weight_is_what_it_is_at_every_step() -> None:
    for t in (None, 3):
        found = explain(lecture(), "layers.0.forward.W_i[0][1]", t)
        assert found["value"] == 100
        assert found["text"] == {"en": "100 (a weight, the same at every step)",
                                 "zh": "100 (权重，每一步都相同)"}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "t", "direction", "said"),
    [
        ("W_f", None, "forward", r"an entry of layers.0.forward.W_f from \[0\]\[0\] to \[0\]\[2\]"),
        ("W_f[0]", None, "backward", r"got \[0\]"),
        ("W_f[0][3]", 1, "backward", r"got \[0\]\[3\]"),
        ("b_f[0][0]", 1, "backward", r"from \[0\] to \[0\]"),
        ("b_f[0]", 5, "backward", "a step from 0 to 4"),
        ("c[0][0]", 1, "forward", "one unit of layers.0.forward.c"),
        ("c[0]", None, "forward", "a step from 0 to 4"),
    ],
)  # fmt: skip
def test_what_is_no_entry_or_no_step_is_an_error(
    address: str, t: int | None, direction: str, said: str
) -> None:
    with pytest.raises(EngineError, match=said):
        explain(lecture(), address, t, direction)


@pytest.mark.parametrize("address", ["W_f[0][0]", "x[0]", "h[0]"])
def test_without_gradients_there_is_none_to_explain(address: str) -> None:
    network = lecture().network
    assert isinstance(network, Network)
    with pytest.raises(EngineError, match="a trace with gradients"):
        explain(trace(network, [[1, 0, 0]]), address, 0, "backward")


@pytest.mark.parametrize("kind", ["last", "deep"])
def test_what_reaches_an_upper_layers_input_is_what_the_engine_passes_down(kind: str) -> None:
    held = random_trace(kind)
    network = held.network
    assert isinstance(network, Network)
    run = network.forward(held.layers[0][0].inputs["x"])
    goal = Goal.of(network, "cross_entropy", [1] if kind == "last" else [0, None, [0.5, 1.0], 1])
    found = goal.backward(network, run).stack.layers[1]
    upper = network.stack.layers[1].directions
    parts = [upper[way].ordered(one.inputs["x"]) for way, one in found.items()]
    below = np.sum(parts, axis=0)
    for way in upper:
        for t, unit in np.ndindex(*np.shape(below)):
            told = explain(held, f"layers.1.{way}.x[{unit}]", t, "backward")
            assert told["value"] == pytest.approx(below[t, unit], rel=1e-9, abs=1e-12)
            assert added(told) == pytest.approx(told["value"], rel=1e-9, abs=1e-12)
