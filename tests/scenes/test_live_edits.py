"""Edits of a live scene: one number changes, everything after it is computed anew."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from tests.scenes.test_live import BOTH, LSTM, ask, opened, refused, values
from unrolled.scenes import build, reading
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

Document = dict[str, Any]
SEEDED: Document = {
    "version": 1,
    "network": {
        "layers": [{"cell": "lstm", "units": 2}, {"cell": "gru", "units": 2}],
        "readout": {"outputs": 2, "activation": "softmax"},
    },
    "inputs": [[1], [2], [3]],
    "seed": 4,
}


def test_an_edit_answers_with_the_current_frame_recomputed() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=2)
    frame = ask(session, "edit", path="network.layers[0].weights.W_f[0][1]", value=50)
    changed = copy.deepcopy(LSTM)
    changed["network"]["layers"][0]["weights"]["W_f"][0][1] = 50
    assert frame == ask(opened(changed), "seek", t=2)
    assert frame["t"] == 2


@pytest.mark.parametrize(
    ("path", "address", "entry"),
    [
        ("network.layers[0].weights.W_f[1][0]", "layers.0.forward.W_f", (1, 0)),
        ("network.layers[1].weights.d_n[0]", "layers.1.forward.d_n", (0,)),
        ("network.readout.weights.V[0][1]", "readout.V", (0, 1)),
        ("network.readout.weights.b[1]", "readout.b", (1,)),
    ],
)
def test_an_edit_of_a_seeded_weight_moves_no_other(
    path: str, address: str, entry: tuple[int, ...]
) -> None:
    weights = build.weights(plan(reading.scene(SEEDED), Limits()))
    weights[address][entry] = 0.75
    written = copy.deepcopy(SEEDED)
    for name, array in weights.items():
        *part, parameter = name.split(".")
        network = written["network"]
        home = network["readout"] if part == ["readout"] else network["layers"][int(part[1])]
        home.setdefault("weights", {})[parameter] = array.tolist()
    session = opened(SEEDED)
    ask(session, "seek", t=2)
    assert ask(session, "edit", path=path, value=0.75) == ask(opened(written), "seek", t=2)


def test_each_direction_of_a_seeded_layer_has_its_own_weights_written_out() -> None:
    session = opened(BOTH)
    before = ask(session, "seek", t=2)
    frame = ask(session, "edit", path="network.layers[0].backward_weights.b_h[0]", value=3)
    assert values(frame, direction=0) == values(before, direction=0)
    assert values(frame, direction=1)["h"] != values(before, direction=1)["h"]


def test_weights_left_out_beside_given_ones_are_zero_and_may_be_edited() -> None:
    session = opened(LSTM)
    ask(session, "step")
    frame = ask(session, "edit", path="network.layers[0].weights.b_g[0]", value=5)
    assert values(frame)["g"] == [8]


def test_a_row_or_a_matrix_may_be_put_in_whole() -> None:
    session = opened(LSTM)
    ask(session, "step")
    frame = ask(session, "edit", path="network.layers[0].weights.W_g", value=[[2, 1, 0]])
    assert values(frame)["g"] == [7]
    frame = ask(session, "edit", path="inputs[0]", value=[1, 1, 1])
    assert values(frame)["g"] == [3]


def test_inputs_initial_states_and_options_may_be_edited() -> None:
    session = opened(LSTM)
    ask(session, "step")
    assert values(ask(session, "edit", path="inputs[0][0]", value=-4))["g"] == [-4]
    assert values(ask(session, "edit", path="initial[0].c[0]", value=10))["c"] == [6]
    option = "network.layers[0].options.output_activation"
    assert values(ask(session, "edit", path=option, value="tanh"))["m"] == [np.tanh(6)]


def test_the_backward_direction_has_initial_states_of_its_own() -> None:
    session = opened(BOTH)
    frame = ask(session, "edit", path="initial[0].backward.h[1]", value=0.5)
    forward, backward = frame["layers"][0]["directions"]
    assert (forward["initial"], backward["initial"]) == ({"h": [0, 0]}, {"h": [0, 0.5]})


def test_the_initial_state_of_a_layer_that_reads_backward_only_may_be_edited() -> None:
    scene = copy.deepcopy(BOTH)
    scene["network"]["layers"][0]["direction"] = "backward"
    session = opened(scene)
    frame = ask(session, "edit", path="initial[0].h[1]", value=0.5)
    assert frame["layers"][0]["directions"][0]["initial"] == {"h": [0, 0.5]}


def test_targets_may_be_edited_and_gradients_follow() -> None:
    scene = {**copy.deepcopy(SEEDED), "loss": "cross_entropy", "targets": [0, 1, None]}
    session = opened(scene)
    ask(session, "seek", t=2)
    ask(session, "edit", path="targets[2]", value=1)
    assert ask(session, "gradients")["loss"]["steps"][2] > 0


def test_a_vector_of_ones_own_may_be_edited_at_its_step() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=4)
    ask(session, "step", input=[1, 1, 1])
    frame = ask(session, "edit", path="inputs[5][0]", value=6)
    assert (frame["t"], frame["input"]) == (5, [6, 1, 1])
    assert refused(ask(session, "edit", path="inputs[5][0]", value="x")) == "bad_edit"
    assert refused(ask(session, "edit", path="inputs[5]", value=[1])) == "bad_edit"
    assert refused(ask(session, "edit", path="inputs[6][0]", value=1)) == "bad_edit"
    assert ask(session, "seek", t=5) == frame


def test_text_becomes_rows_when_a_row_is_edited() -> None:
    scene = {
        "version": 1,
        "network": {"layers": [{"cell": "elman", "units": 1}]},
        "text": "a b a",
        "encoding": {"kind": "word", "vocabulary": ["a", "b"]},
    }
    session = opened(scene)
    ask(session, "step")
    assert ask(session, "edit", path="inputs[0][1]", value=0.5)["input"] == [1, 0.5]
    assert ask(session, "step")["input"] == [0, 1]


def test_steps_after_the_edit_follow_the_edited_scene() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=4)
    ask(session, "seek", t=0)
    ask(session, "edit", path="inputs[1][0]", value=40)
    assert values(ask(session, "step"))["c"] == [43]


WRONG: list[tuple[str, Any]] = [
    ("network.layers[0].weights.W_f[0][3]", 1),
    ("network.layers[0].weights.W_f[1]", 1),
    ("network.layers[0].weights.W_x[0][0]", 1),
    ("network.layers[7].weights.W_f[0][0]", 1),
    ("network.layers[0].weights", {}),
    ("network.layers[0].backward_weights.W_f[0][0]", 1),
    ("network.layers[0].weights.W_f[0][0]", "Infinity"),
    ("network.layers[0].weights.W_f[0][0]", float("inf")),
    ("network.layers[0].weights.W_f[0][0]", None),
    ("network.layers[0].weights.W_f[0][0]", True),
    ("network.layers[0].weights.W_f", [[1, 2]]),
    ("network.layers[0].weights.W_f[0][0][0]", 1),
    ("network.layers[0].options.nothing", "tanh"),
    ("network.layers[0].options.input_activation", "cosh"),
    ("network.layers[0].units", 3),
    ("network.readout.weights.V[0][0]", 1),
    ("inputs", [[1, 2, 3]]),
    ("inputs[9][0]", 1),
    ("inputs[0]", [1, 2]),
    ("inputs.a", 1),
    ("initial[1].h[0]", 1),
    ("initial[0].q[0]", 1),
    ("initial[0].backward.h[0]", 1),
    ("static[0]", 1),
    ("targets[0]", 1),
    ("version", 2),
    ("seed", 2),
    ("", 1),
    ("__class__", 1),
    ("network..layers", 1),
    ("network.layers[-1].weights.W_f", 1),
    ("inputs[0][٣]", 1),
]


@pytest.mark.parametrize(("path", "value"), WRONG, ids=str)
def test_an_edit_that_cannot_be_made_leaves_everything_as_it_was(path: str, value: Any) -> None:
    session = opened(LSTM)
    here = ask(session, "seek", t=3)
    answer = ask(session, "edit", path=path, value=value)
    assert refused(answer) == "bad_edit"
    assert answer["errors"]
    assert ask(session, "seek", t=3) == here
