"""The Python interface, as the README and notebooks use it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import unrolled
from tests.scenes.documents import TRANSLATION
from unrolled.engine.compiled_pair import CompiledPair, CompiledPairRun
from unrolled.engine.errors import EngineError
from unrolled.scenes.errors import DocumentError


def test_a_lesson_is_traced_by_three_lines() -> None:
    scene = unrolled.lesson("lecture-lstm").scene
    trace = unrolled.trace(scene, gradients=True)
    memory = trace.layers[0][0].values["c"][:, 0]
    np.testing.assert_allclose(memory[:4], [3, 7, 6.999773010656488, 6.999500633749107], rtol=1e-15)
    assert trace.layers[0][0].gradients is not None


def test_compile_takes_a_scene_or_a_dict_and_ignores_its_inputs() -> None:
    scene = unrolled.lesson("lecture-rnn").scene
    net = unrolled.compile(scene.model_dump(exclude_none=True))
    run = net.forward([[2, 2], [1, 1], [1, 1]])
    assert run.values[0]["forward"]["h"].tolist() == [[4, 4], [10, 10], [22, 22]]
    assert run.outputs.tolist() == [[8, 8], [20, 20], [44, 44]]


def test_a_batch_gives_each_sequence_what_it_gets_alone() -> None:
    scene = _scene("bidirectional")
    net = unrolled.compile(scene)
    x = np.random.default_rng(1).normal(size=(5, 3, 2))
    together = net.forward(x)
    grads = net.backward(together, np.ones_like(together.outputs))
    total = {name: np.zeros_like(array) for name, array in net.parameters.items()}
    for number in range(3):
        alone = net.forward(x[:, number])
        one = net.backward(alone, np.ones_like(alone.outputs))
        np.testing.assert_allclose(together.outputs[:, number], alone.outputs, rtol=1e-12)
        np.testing.assert_allclose(grads.inputs[:, number], one.inputs, rtol=1e-10, atol=1e-15)
        for name, states in one.initial_states[0]["backward"].items():
            np.testing.assert_allclose(
                grads.initial_states[0]["backward"][name][number], states, rtol=1e-10, atol=1e-15
            )
        for name, array in one.parameters.items():
            total[name] = total[name] + array
    for name, array in grads.parameters.items():
        np.testing.assert_allclose(array, total[name], rtol=1e-10, atol=1e-14)


def test_gradients_of_final_states_reach_the_weights() -> None:
    net = unrolled.compile(_scene("forward"))
    x = np.random.default_rng(2).normal(size=(4, 2))
    run = net.forward(x)
    nothing = np.zeros_like(run.outputs)
    ends = [{"forward": {"h": np.array([1.0, 0.0, 0.0])}}]
    by_state = net.backward(run, nothing, ends).parameters["layers.0.forward.W_z"]
    last = nothing.copy()
    last[-1, 0] = 1
    by_output = net.backward(run, last).parameters["layers.0.forward.W_z"]
    np.testing.assert_allclose(by_state, by_output, rtol=1e-13)


def test_float32_runs_in_float32() -> None:
    net = unrolled.compile(_scene("forward"), dtype="float32")
    run = net.forward(np.ones((3, 2)))
    assert run.outputs.dtype == np.float32
    assert net.backward(run, np.ones_like(run.outputs)).inputs.dtype == np.float32


def test_a_run_keeps_its_values_while_others_come_and_go() -> None:
    net = unrolled.compile(_scene("forward"))
    first = net.forward(np.ones((3, 2)))
    kept = first.values[0]["forward"]["h"]
    before = kept.copy()
    del first
    for _ in range(3):
        net.forward(-np.ones((3, 2)))
    np.testing.assert_array_equal(kept, before)


def test_wrong_shapes_are_named() -> None:
    net = unrolled.compile(_scene("forward"))
    with pytest.raises(EngineError, match=r"x: expected \(time, 2\)"):
        net.forward(np.ones((3, 4)))
    with pytest.raises(DocumentError, match="units"):
        unrolled.trace({"version": 1, "inputs": [[1]], "network": {"layers": [{"cell": "lstm"}]}})


def _scene(direction: str) -> dict[str, object]:
    cell = {
        "id": "plain", "state": ["h"], "output": "h",
        "equations": "z = W_z @ x + U_z @ h[t-1] + b_z\nh = tanh(z)",
    }  # fmt: skip
    layer = {"cell": cell, "units": 3, "direction": direction}
    return {"version": 1, "inputs": [[0, 0]], "network": {"layers": [layer]}, "seed": 3}


def test_a_compiled_encoder_decoder_gives_each_sequence_what_it_gets_alone() -> None:
    net = unrolled.compile(TRANSLATION)
    assert isinstance(net, CompiledPair)
    random = np.random.default_rng(3)
    x, fed = random.normal(size=(5, 2, 2)), random.normal(size=(3, 2, 3))
    together = net.forward(x, decoder_inputs=fed)
    assert together.outputs.shape == (3, 2, 3)
    assert together.attention["alpha"].shape == (3, 2, 5)
    grads = net.backward(together, np.ones_like(together.outputs))
    for number in range(2):
        alone = net.forward(x[:, number], decoder_inputs=fed[:, number])
        one = net.backward(alone, np.ones_like(alone.outputs))
        assert alone.encoder[0]["backward"]["h"].shape == (5, 2)
        np.testing.assert_allclose(together.outputs[:, number], alone.outputs, rtol=1e-12)
        np.testing.assert_allclose(
            together.attention["context"][:, number], alone.attention["context"], rtol=1e-12
        )
        np.testing.assert_allclose(grads.inputs[:, number], one.inputs, atol=1e-14)
        np.testing.assert_allclose(grads.decoder_inputs[:, number], one.decoder_inputs, atol=1e-14)
        np.testing.assert_allclose(
            grads.attention["scores"][:, number], one.attention["scores"], atol=1e-14
        )
    assert set(grads.parameters) == set(net.parameters)


def test_a_compiled_decoder_may_feed_itself() -> None:
    net = unrolled.compile(TRANSLATION, dtype="float32")
    run = net.forward([[1, 0], [0, 1]], steps=4)
    assert isinstance(run, CompiledPairRun)
    assert run.outputs.dtype == np.float32
    np.testing.assert_array_equal(run.decoder_inputs[1:], np.eye(3)[run.outputs.argmax(1)[:-1]])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "decoder_inputs, or a number of steps, got nothing"),
        ({"decoder_inputs": [[0, 0, 0]], "steps": 1}, "got both"),
        ({"decoder_inputs": [[0, 0]]}, r"decoder_inputs: expected \(time, 3\)"),
        ({"decoder_inputs": [[[0, 0, 0]]]}, "a batch as x has"),
        ({"steps": 0}, "steps: expected a whole number of at least 1, got 0"),
    ],
)
def test_what_a_decoder_cannot_be_fed_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        unrolled.compile(TRANSLATION).forward([[1, 0], [0, 1]], **given)


def test_a_network_without_a_decoder_takes_nothing_for_one() -> None:
    net = unrolled.compile(_scene("forward"))
    with pytest.raises(EngineError, match="no decoder"):
        net.forward([[1, 0]], steps=3)
