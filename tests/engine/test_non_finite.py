"""The first number that is not finite is named in the order of computation."""

from __future__ import annotations

from typing import Any

import numpy as np

import unrolled


def traced(cell: str, weights: dict[str, Any], inputs: list[list[float]], **more: Any) -> Any:
    layer = {"cell": cell, "units": 1, "weights": weights, **more}
    scene = {"version": 1, "inputs": inputs, "network": {"layers": [layer]}}
    return unrolled.trace(scene, gradients=True)


def test_within_a_step_what_is_computed_first_is_named_first() -> None:
    huge = {"W_g": [[1e308]], "b_f": [800], "b_i": [800], "p_o": [1]}
    options = {"input_activation": "identity", "output_activation": "identity"}
    said = traced("lstm_peephole", huge, [[1.0], [1.0]], options=options).non_finite()
    assert (said["t"], said["name"], said["pass"]) == (1, "c", "forward")


def test_backwards_the_first_step_is_the_latest_in_time() -> None:
    weights = {"W_h": [[0]], "U_h": [[1e200]]}
    found = traced("elman", weights, [[0.0]] * 5, options={"activation": "identity"})
    gradients = found.layers[0][0].gradients["h"][:, 0]
    assert np.isfinite(gradients).tolist() == [False, False, False, True, True]
    said = found.non_finite()
    assert (said["t"], said["name"], said["pass"]) == (2, "h", "backward")


def test_a_parameter_whose_gradient_alone_overflows_is_named_without_a_step() -> None:
    weights = {"W_h": [[0]], "U_h": [[0]]}
    found = traced("elman", weights, [[1.7e308]] * 2, options={"activation": "identity"})
    assert found.non_finite() == {
        "layer": 0, "direction": "forward", "t": None, "name": "W_h", "pass": "backward",
    }  # fmt: skip


def test_finite_traces_say_nothing() -> None:
    assert traced("elman", {"W_h": [[1]]}, [[1.0]]).non_finite() is None


def test_a_cell_keeps_its_own_id_beside_another_of_the_same_text() -> None:
    for name in ("first", "second"):
        cell = {"id": name, "state": ["h"], "output": "h", "equations": "h = tanh(W @ x + h[t-1])"}
        scene = {
            "version": 1, "inputs": [[1]], "network": {"layers": [{"cell": cell, "units": 1}]},
        }  # fmt: skip
        assert unrolled.trace(scene).document()["layers"][0]["cell"] == name
