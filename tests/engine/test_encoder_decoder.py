"""Encoder–decoders: gradients of every attention, cell, direction and depth; feedback; forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.pairs_of_stacks import Pair, every_pair, network, problem
from unrolled.engine import describe, explain
from unrolled.engine.attention import KINDS, Attention, AttentionSpec, part, whole
from unrolled.engine.check import check
from unrolled.engine.decoding import Decoding
from unrolled.engine.encoder_decoder import EncoderDecoder
from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace, trace
from unrolled.engine.errors import EngineError

ATTENTIVE = [Pair("gru", "bidirectional concat", 1, kind) for kind in KINDS]


def traced(pair: Pair, seed: int = 0, **sizes: int) -> EncoderDecoderTrace:
    found = problem(pair, seed, **sizes)
    result = found.run(found.network, gradients=True)
    assert isinstance(result, EncoderDecoderTrace)
    return result


@pytest.mark.parametrize("pair", every_pair(), ids=lambda pair: pair.name)
def test_every_gradient_is_that_of_the_complex_step(pair: Pair) -> None:
    report = check(problem(pair, 7))
    assert report.method == "complex step"
    assert report.passed, report.rows[-1]
    checked = {row.address for row in report.rows}
    assert {"inputs", "decoder_inputs", "encoder.layers.0."} <= {
        address if "layers" not in address else address[:17] for address in checked
    }
    if pair.attention == "additive":
        assert {f"decoder.attention.{name}" for name in ("v_a", "W_q", "W_k")} <= checked


@pytest.mark.parametrize("cell", ["jordan", "lstm_peephole", "slstm", "feed_forward", "min_gru"])
def test_any_cell_hands_its_states_over(cell: str) -> None:
    report = check(problem(Pair(cell, "bidirectional concat", 1, "general"), 3))
    assert report.passed, report.rows[-1]


@pytest.mark.parametrize("pair", ATTENTIVE, ids=lambda pair: pair.attention)
def test_scores_and_context_are_what_their_definitions_say(pair: Pair) -> None:
    found = traced(pair, read=5, written=3)
    assert found.attention is not None
    values, weights = found.attention.values, found.attention.parameters
    queries = found.layers[-1][0].values["h"]
    keys = np.concatenate([side.values["h"] for side in found.encoder[-1]], axis=1)

    def score(q: Any, k: Any) -> float:
        if pair.attention == "additive":
            return float(weights["v_a"] @ np.tanh(weights["W_q"] @ q + weights["W_k"] @ k))
        return float(q @ (weights["W_a"] @ k if pair.attention == "general" else k))

    scores = np.array([[score(q, k) for k in keys] for q in queries])
    np.testing.assert_allclose(values["scores"], scores, atol=1e-14)
    powers = np.exp(scores)
    alpha = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(values["alpha"], alpha, atol=1e-14)
    np.testing.assert_allclose(values["context"], alpha @ keys, atol=1e-14)
    assert found.readout is not None
    np.testing.assert_array_equal(found.readout.inputs["x"], queries)
    np.testing.assert_array_equal(found.readout.inputs["context"], values["context"])
    source = found.readout.cell.equations[0].source
    assert source == "z = V @ concat(x, context) + b"


@pytest.mark.parametrize("pair", ATTENTIVE, ids=lambda pair: pair.attention)
def test_the_gradient_of_a_score_is_the_slope_as_the_score_alone_moves(pair: Pair) -> None:
    """Everything after the scores written out once more, differentiated by central differences."""
    found = traced(pair)
    assert found.attention is not None
    assert found.attention.gradients is not None
    assert found.readout is not None
    weights = found.readout.parameters
    tops, keys = found.layers[-1][0].values["h"], found.keys

    def total(scores: Any, shift: Any) -> float:
        powers = np.exp(scores)
        context = powers / powers.sum(axis=1, keepdims=True) @ keys + shift
        return float(np.tanh(np.hstack([tops, context]) @ weights["V"].T + weights["b"]).sum())

    scores = found.attention.values["scores"]
    nothing = np.zeros_like(found.attention.values["context"])
    for name, array in (("scores", scores), ("context", nothing)):
        for entry in np.ndindex(array.shape):
            step = np.zeros_like(array)
            step[entry] = 1e-5
            ahead, back = (
                total(scores + sign * step, nothing)
                if name == "scores"
                else total(scores, nothing + sign * step)
                for sign in (1, -1)
            )
            slope = (ahead - back) / 2e-5
            assert found.attention.gradients[name][entry] == pytest.approx(slope, abs=1e-9)


def test_with_both_directions_the_decoder_starts_from_both_ends() -> None:
    found = traced(Pair("lstm", "bidirectional concat", 2))
    for reader, (writer,) in zip(found.encoder, found.layers, strict=True):
        for state in ("h", "c"):
            ends = [reader[0].values[state][-1], reader[1].values[state][0]]
            np.testing.assert_array_equal(writer.initial[state], np.concatenate(ends))


@given(
    read=st.integers(1, 6), written=st.integers(1, 6), depth=st.integers(1, 3),
    kind=st.sampled_from([None, *KINDS]), readout=st.booleans(),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_every_array_has_a_row_a_step_of_its_own_half(
    read: int, written: int, depth: int, kind: str | None, readout: bool
) -> None:
    pair = Pair("gru", "bidirectional concat", depth, kind, readout=readout)
    found = traced(pair, read=read, written=written)
    assert found.steps == len(found.outputs) == written
    assert found.input_gradients is not None
    assert found.input_gradients.shape == (read, 3)
    for address, direction in found.directions():
        rows = read if address.startswith("encoder.") else written
        for name, array in direction.values.items():
            assert len(array) == rows
            assert direction.gradients is not None
            assert direction.gradients[name].shape == array.shape
    if found.attention is not None:
        alpha = found.attention.values["alpha"]
        assert alpha.shape == (written, read)
        np.testing.assert_allclose(alpha.sum(axis=1), 1)
    if not readout:
        assert found.outputs.shape == (written, 4 + (0 if kind is None else 4))


def test_a_batch_is_its_sequences_side_by_side() -> None:
    rng = np.random.default_rng(0)
    for kind in (None, *KINDS):
        made = network(Pair("lstm", "bidirectional concat", 1, kind), 1)
        x, y = rng.uniform(-1, 1, (4, 3, 2)), rng.uniform(-1, 1, (3, 2, 2))
        together = made.forward(x, decoder_inputs=y)
        above = rng.uniform(-1, 1, together.outputs.shape)
        summed = made.backward(together, above)
        alone = [made.forward(x[..., n], decoder_inputs=y[..., n]) for n in range(2)]
        parts = [made.backward(run, above[..., n]) for n, run in enumerate(alone)]
        for n, (run, part_of) in enumerate(zip(alone, parts, strict=True)):
            np.testing.assert_allclose(together.outputs[..., n], run.outputs, atol=1e-14)
            of_input = summed.encoder.input[..., n]
            np.testing.assert_allclose(of_input, part_of.encoder.input, atol=1e-14)
        if kind in ("general", "additive"):
            assert summed.attention is not None
            for name, array in summed.attention.parameters.items():
                both = sum(each.attention.parameters[name] for each in parts if each.attention)
                np.testing.assert_allclose(array, both, atol=1e-14)


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_a_greedy_decoder_is_fed_its_likeliest_answer(kind: str | None) -> None:
    pair = Pair("lstm", "forward", 1, kind, "cross_entropy")
    made, found = network(pair, 4), problem(pair, 4)
    free = trace(made, found.inputs, decoder_inputs=None, steps=6, gradients=True)
    assert free.steps == 6
    np.testing.assert_array_equal(free.decoder_inputs[0], [0, 0])
    likeliest = np.eye(2)[free.outputs.argmax(axis=1)]
    np.testing.assert_array_equal(free.decoder_inputs[1:], likeliest[:-1])
    assert free.decoder_input_gradients is None
    forced = trace(made, found.inputs, decoder_inputs=free.decoder_inputs, gradients=True)
    np.testing.assert_array_equal(free.outputs, forced.outputs)
    assert free.input_gradients is not None
    np.testing.assert_array_equal(free.input_gradients, forced.input_gradients)


@pytest.mark.parametrize("pair", ATTENTIVE, ids=lambda pair: pair.attention)
def test_decoding_step_by_step_gives_the_rows_of_the_whole(pair: Pair) -> None:
    found = problem(pair, 2, written=4)
    made = found.network
    assert isinstance(made, EncoderDecoder)
    assert found.decoder_inputs is not None
    whole = made.forward(found.inputs, found.initial, decoder_inputs=found.decoder_inputs)
    decoding = Decoding(made, made.encode(found.inputs, found.initial, None))
    for t, row in enumerate(found.decoder_inputs):
        np.testing.assert_allclose(decoding.step(row).outputs[0], whole.outputs[t], atol=1e-14)
    decoding.forget(2)
    again = decoding.step(found.decoder_inputs[2])
    np.testing.assert_allclose(again.outputs[0], whole.outputs[2], atol=1e-14)


EXPLAINED = [
    *(Pair("lstm", way, 2, kind, "squared_error") for kind in (None, *KINDS)
      for way in ("forward", "bidirectional concat")),
    Pair("elman", "bidirectional sum", 1, "general"),
    Pair("gru", "backward", 1, "additive", "cross_entropy"),
    Pair("elman", "forward", 1, "dot", readout=False),
]  # fmt: skip


@pytest.mark.parametrize("pair", EXPLAINED, ids=lambda pair: pair.name)
def test_the_arithmetic_of_every_number_adds_up(pair: Pair) -> None:
    found = traced(pair)
    for address, direction in found.directions():
        arrays = {**direction.inputs, **direction.values}
        for name, array in arrays.items():
            for t, unit in np.ndindex(array.shape):
                place = f"{address}.{name}[{unit}]"
                forward = explain.explain(found, place, t)
                assert forward["value"] == array[t, unit]
                if forward["apply"] is None:
                    assert added(forward) == pytest.approx(array[t, unit], abs=1e-12), place
                if direction.gradients is not None and name in direction.gradients:
                    backward = explain.explain(found, place, t, "backward")
                    assert backward["value"] == direction.gradients[name][t, unit]
                    assert added(backward) == pytest.approx(backward["value"], abs=1e-12), place


def added(explanation: dict[str, Any]) -> float:
    return float(sum(term["value"] for term in explanation["terms"]))


def leaves(explanation: dict[str, Any]) -> list[tuple[str | None, int | None]]:
    """Where the numbers of an explanation lead, those of its parts included."""
    found = []
    pending = list(explanation["terms"])
    while pending:
        term = pending.pop(0)
        for factor in term["factors"]:
            found.append((factor.get("address"), factor.get("t")))
            pending += factor.get("parts") or []
    return found


def test_a_score_leads_to_the_outputs_of_both_halves() -> None:
    found = traced(Pair("elman", "bidirectional concat", 1, "dot"), read=4)
    places = leaves(explain.explain(found, "decoder.attention.scores[2]", 1))
    assert ("decoder.layers.0.forward.h[0]", 1) in places
    assert ("encoder.layers.0.forward.h[0]", 2) in places
    assert ("encoder.layers.0.backward.h[1]", 2) in places


def test_the_decoders_first_state_leads_to_the_end_of_the_encoder() -> None:
    found = traced(Pair("elman", "bidirectional concat"), read=4)
    places = leaves(explain.explain(found, "decoder.layers.0.forward.z_h[0]", 0))
    assert ("encoder.layers.0.forward.h[1]", 3) in places
    assert ("encoder.layers.0.backward.h[0]", 0) in places


def test_the_readout_sees_the_context_of_its_step() -> None:
    found = traced(Pair("elman", "forward", 1, "dot"))
    places = leaves(explain.explain(found, "readout.z[0]", 1))
    assert ("readout.x[1]", 1) in places
    assert ("readout.context[1]", 1) in places
    places = leaves(explain.explain(found, "readout.context[1]", 1))
    assert ("decoder.attention.context[1]", 1) in places


def test_arrays_have_flat_names_and_the_document_has_both_halves() -> None:
    found = traced(Pair("gru", "bidirectional concat", 1, "additive", "cross_entropy"))
    names = set(found.arrays())
    assert {
        "encoder.layers.0.backward.values.h", "decoder.layers.0.forward.gradients.h",
        "decoder.attention.values.alpha", "decoder.attention.gradients.scores",
        "decoder.attention.parameters.v_a", "decoder.attention.parameter_gradients.W_q",
        "readout.values.y", "input_gradients", "decoder_inputs", "decoder_input_gradients",
    } <= names  # fmt: skip
    document = found.document()
    assert "layers" not in document
    assert document["encoder"]["steps"] == 3
    assert document["decoder"]["steps"] == document["steps"] == 2
    assert {"scores", "alpha", "context", "gradients", "parameters"} <= set(document["attention"])


def test_the_first_number_that_is_not_finite_is_named_with_its_half() -> None:
    found = problem(Pair("elman", "forward", 1, "general"), 0)
    found.network.parameters()["decoder.attention.W_a"][:] = np.inf
    named = found.run(found.network).non_finite()
    assert named == {"layer": "decoder.attention", "direction": "attention", "t": 0,
                     "name": "scores", "pass": "forward"}  # fmt: skip
    found.network.parameters()["encoder.layers.0.forward.b_h"][:] = np.nan
    named = found.run(found.network).non_finite()
    assert named is not None
    assert (named["layer"], named["name"]) == ("encoder.layers.0", "z_h")


def test_the_equations_of_attention_are_written_once_and_set_like_those_of_a_cell() -> None:
    sources = {kind: part(f"attention_{kind}").equations[0].source for kind in KINDS}
    assert sources == {
        "dot": "scores = K @ q",
        "general": "scores = K @ (T_W_a @ q)",
        "additive": "scores = T_v_a @ tanh(W_q @ q + W_k @ k)",
    }
    weighed = [equation.source for equation in part("attention").equations]
    assert weighed == ["alpha   = softmax(scores)", "context = T_K @ alpha"]


def test_what_does_not_fit_is_refused_with_its_sizes() -> None:
    made = network(Pair("lstm", "bidirectional concat"), 0)
    encoder, decoder, readout, _ = made._specs
    small = [replace(decoder[0], dimensions={**decoder[0].dimensions, "units": 2})]
    with pytest.raises(EngineError, match=r"h of 4, c of 4, got h of 2, c of 2"):
        EncoderDecoder(encoder, small, readout)
    with pytest.raises(EngineError, match=r"1 layers, as the encoder has, got 2"):
        EncoderDecoder(encoder, [*decoder, *decoder], readout)
    with pytest.raises(EngineError, match=r"forward, .*, got bidirectional"):
        EncoderDecoder(encoder, [replace(decoder[0], direction="bidirectional")], readout)
    with pytest.raises(EngineError, match="a key of 4 entries"):
        Attention(AttentionSpec("dot", 4, 2, 3), float)
    with pytest.raises(EngineError, match="one of dot, general, additive"):
        Attention(AttentionSpec("bilinear", 4, 2, 3), float)


@pytest.mark.parametrize("kind", KINDS)
def test_attention_is_described_as_a_cell_with_three_values(kind: str) -> None:
    found = describe.cell(whole(kind))
    assert [each["name"] for each in found["equations"]] == ["scores", "alpha", "context"]
    assert {node["id"] for node in found["graph"]["nodes"]} >= {"q", "scores", "alpha", "context"}
    markup = [each["notations"]["ng"]["mathml"] for each in found["equations"]]
    assert "<mi>K</mi><mo>⊤</mo>" in markup[2]
    said = {"dot": "scores_t = K q_t", "general": "scores_t = K (W_aᵀ q_t)",
            "additive": "scores_t = v_aᵀ tanh(W_q q_t + W_k k_j)"}  # fmt: skip
    assert found["equations"][0]["notations"]["colah"]["text"] == said[kind]
