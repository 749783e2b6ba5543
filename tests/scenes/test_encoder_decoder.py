"""Scenes with an encoder and a decoder: what fits, how they are seeded, their live steps."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import orjson
import pytest

from tests.scenes.documents import TRANSLATION, Document, changed, greedy
from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace
from unrolled.scenes import build, hashing, reading, run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages
from unrolled.scenes.live.session import Session
from unrolled.scenes.plan import Plan, plan
from unrolled.web import encode


def planned(document: Document, limits: Limits | None = None) -> Plan:
    return plan(reading.scene(document), limits or Limits())


def traced(document: Document, *, gradients: bool = False) -> EncoderDecoderTrace:
    found = run.trace(planned(document), gradients)
    assert isinstance(found, EncoderDecoderTrace)
    return found


def mistakes(document: Document, limits: Limits | None = None) -> dict[str, str]:
    with pytest.raises(DocumentError) as caught:
        planned(document, limits)
    return {each.field: str(each) for each in caught.value.errors}


def encoder(document: Document) -> Document:
    found: Document = document["network"]["encoder"]["layers"][0]
    return found


def decoder(document: Document) -> Document:
    found: Document = document["network"]["decoder"]["layers"][0]
    return found


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda d: decoder(d).update(units=2), "network.decoder.layers[0]",
         "both directions of the encoder's layer, h of 4, c of 4, got h of 2, c of 2"),
        (lambda d: decoder(d).update(cell="gru"), "network.decoder.layers[0]", "got h of 4"),
        (lambda d: decoder(d).update(direction="backward"),
         "network.decoder.layers[0].direction", "forward"),
        (lambda d: d["network"]["decoder"]["layers"].append(decoder(d)),
         "network.decoder.layers", "1 layers, as the encoder has, got 2"),
        (lambda d: (encoder(d).update(merge="sum"), d["network"].update(attention="dot")),
         "network.attention", "4 entries and the encoder's 2"),
        (lambda d: d["network"]["attention"].update(kind="general"), "network.attention.size",
         "additive"),
        (lambda d: d["network"]["attention"].update(kind="bilinear"), "network.attention.kind",
         "'dot'"),
        (lambda d: d["network"]["attention"].update(weights={"W_a": [[1]]}),
         "network.attention.weights.W_a", "one of v_a, W_q, W_k"),
        (lambda d: d["network"]["attention"].update(weights={"v_a": [1]}),
         "network.attention.weights.v_a", "a vector of 3"),
        (lambda d: d.update(decoder_inputs=None), "decoder_inputs", "feedback greedy and steps"),
        (lambda d: d.update(decoder_inputs=[]), "decoder_inputs", "at least one row"),
        (lambda d: d.update(decoder_inputs=[[1, 2], [1]]), "decoder_inputs[1]", "2 numbers"),
        (lambda d: d["network"].update(steps=2), "network.steps", "inputs are given"),
        (lambda d: d["network"].update(feedback="greedy"), "network.feedback", "inputs are given"),
        (lambda d: d.update(targets=[1]), "targets", "2 rows"),
        (lambda d: d.update(targets=[1, 3]), "targets[1]", "below 3"),
        (lambda d: d.update(initial=[{"h": [1]}]), "initial[0].h", "a vector of 2"),
        (lambda d: d.update(initial=[{}, {}]), "initial", "1 entries"),
        (lambda d: d.update(labels={"inputs": ["one"]}), "labels.inputs", "4 labels"),
        (lambda d: d["network"]["decoder"]["readout"].update(weights={"V": [[1] * 4] * 3}),
         "network.decoder.readout.weights.V", "3 × 8"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(change: Any, field: str, words: str) -> None:
    found = mistakes(changed(change, TRANSLATION))
    assert words in found[field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: d["network"].pop("steps"), "network.steps"),
        (lambda d: d["network"]["decoder"].pop("readout"), "network.decoder.readout"),
    ],
)
def test_a_decoder_that_feeds_itself_needs_steps_and_a_readout(change: Any, field: str) -> None:
    assert field in mistakes(changed(change, greedy()))


def test_feedback_may_stand_beside_the_decoders_inputs() -> None:
    inside = greedy()
    beside = changed(lambda d: d["network"].pop("feedback") and d["network"].pop("steps"), inside)
    beside |= {"feedback": "greedy", "steps": 3}
    scenes = [reading.scene(each) for each in (inside, beside)]
    ids = {hashing.trace_id(each, False, "1") for each in scenes}
    assert len(ids) == 1


def test_a_size_written_out_that_is_the_default_changes_no_id() -> None:
    silent = changed(lambda d: d["network"].update(attention="additive"), TRANSLATION)
    written = changed(
        lambda d: d["network"].update(attention={"kind": "additive", "size": 4}), TRANSLATION
    )
    other = TRANSLATION
    ids = [hashing.trace_id(reading.scene(each), False, "1") for each in (silent, written, other)]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"layers": 1}, "layers"),
        ({"steps": 3}, "steps"),
        ({"values": 300}, "values"),
        ({"cost": 800}, "cost"),
        ({"parameters": 100}, "parameters"),
        ({"units": 2}, "units"),
    ],
)
def test_every_limit_counts_both_halves(limits: dict[str, int], name: str) -> None:
    found = mistakes(TRANSLATION, Limits(**limits))
    assert any(f"limit {name}" in said for said in found.values()), found


def test_pairs_of_a_query_and_a_key_count_among_the_values() -> None:
    long = changed(
        lambda d: d.update(inputs=[[1, 0]] * 100, decoder_inputs=[[0, 0, 0]] * 100, targets=None,
                           loss=None), TRANSLATION,
    )  # fmt: skip
    assert "limit values" in mistakes(long, Limits(values=100_000))["inputs"]
    plain = changed(lambda d: d["network"].update(attention=None), long)
    assert planned(plain, Limits(values=100_000)).steps == 100


def test_steps_and_rows_are_the_decoders() -> None:
    found = planned(TRANSLATION)
    assert (found.steps, found.rows, len(found.inputs), found.width) == (2, 2, 4, 3)
    assert planned(greedy(steps=7)).steps == 7


def test_without_a_readout_the_answers_are_output_and_context() -> None:
    bare = changed(
        lambda d: (d["network"]["decoder"].pop("readout"), d.update(targets=None, loss=None)),
        TRANSLATION,
    )
    assert planned(bare).width == 8
    assert traced(bare).outputs.shape == (2, 8)


def test_attention_is_seeded_by_its_addresses_within_the_root_of_its_fan_in() -> None:
    weights = build.weights(planned(TRANSLATION))
    for name, fan in (("W_q", 4), ("W_k", 4), ("v_a", 3)):
        address = f"decoder.attention.{name}"
        stream = np.random.default_rng([3, zlib.crc32(address.encode())])
        bound = 1 / np.sqrt(fan)
        wanted = stream.uniform(-bound, bound, weights[address].shape)
        np.testing.assert_array_equal(weights[address], wanted)
    assert weights["decoder.attention.W_q"].shape == (3, 4)


def test_left_out_weights_of_attention_are_zero_beside_given_ones() -> None:
    given = changed(
        lambda d: d["network"]["attention"].update(weights={"v_a": [1, 2, 3]}), TRANSLATION
    )
    weights = build.weights(planned(given))
    np.testing.assert_array_equal(weights["decoder.attention.v_a"], [1, 2, 3])
    assert not weights["decoder.attention.W_k"].any()


def test_a_static_vector_enters_each_half_at_its_first_step() -> None:
    captioning = {"id": "captioning", "state": ["h"], "output": "h",
                  "equations": "h = W_x @ x + W_v @ v + h[t-1]"}  # fmt: skip
    layer = {"cell": captioning, "units": 1, "weights": {"W_v": [[10]]}}
    document = {
        "version": 1, "static": [1], "inputs": [[0], [0]], "decoder_inputs": [[0], [0]],
        "network": {"shape": "encoder-decoder", "encoder": {"layers": [layer]},
                    "decoder": {"layers": [layer]}},
    }  # fmt: skip
    found = traced(document, gradients=True)
    np.testing.assert_array_equal(found.encoder[0][0].values["h"], [[10], [10]])
    np.testing.assert_array_equal(found.outputs, [[20], [20]])
    assert found.static_gradients is not None
    np.testing.assert_array_equal(found.static_gradients, [40])


def test_a_static_vector_enters_a_one_to_many_network_once() -> None:
    captioning = {"id": "captioning", "state": ["h"], "output": "h",
                  "equations": "h = W_x @ x + W_v @ v + h[t-1]"}  # fmt: skip
    document = {
        "version": 1, "static": [1, 2], "inputs": [[3]],
        "network": {
            "layers": [{"cell": captioning, "units": 1,
                        "weights": {"W_x": [[1]], "W_v": [[10, 100]]}}],
            "shape": "one-to-many", "steps": 3,
        },
    }  # fmt: skip
    found = run.trace(planned(document), gradients=True)
    np.testing.assert_array_equal(found.outputs, [[213], [213], [213]])
    assert found.static_gradients is not None
    np.testing.assert_array_equal(found.static_gradients, [30, 300])


def test_what_is_made_for_one_stack_refuses_two_by_the_name_of_the_shape() -> None:
    with pytest.raises(DocumentError, match=r"network\.shape: .*encoder-decoder"):
        build.network(planned(TRANSLATION))


def ask(session: Session, kind: str, **fields: Any) -> Any:
    """The answer as a client reads it, checked against the schema of answers."""
    answer = orjson.loads(encode.json_bytes(session.answer({"type": kind, **fields})))
    model = {m.model_fields["type"].annotation.__args__[0]: m for m in messages.SERVER}  # type: ignore[union-attr]
    model[answer["type"]].model_validate(answer)
    return answer


def opened(document: Document) -> tuple[Session, Any]:
    session = Session(Limits(), lambda _: None)
    return session, ask(session, "open", scene=document)


@pytest.mark.parametrize("document", [TRANSLATION, greedy()], ids=["given", "greedy"])
def test_live_steps_write_the_rows_of_the_trace(document: Document) -> None:
    session, answer = opened(document)
    whole = traced(document)
    assert answer["steps"] == whole.steps
    assert answer["encoder"]["steps"] == 4
    (reader,) = answer["encoder"]["layers"]
    assert reader["layer"] == "encoder.layers.0"
    assert [each["direction"] for each in reader["directions"]] == ["forward", "backward"]
    np.testing.assert_allclose(
        reader["directions"][1]["values"]["h"], whole.encoder[0][1].values["h"], atol=1e-14
    )
    before = ask(session, "reset")
    assert before["attention"] is None
    np.testing.assert_allclose(
        before["layers"][0]["directions"][0]["initial"]["c"], whole.layers[0][0].initial["c"]
    )
    for t in range(whole.steps):
        frame = ask(session, "step")
        assert frame["layers"][0]["layer"] == "decoder.layers.0"
        np.testing.assert_allclose(frame["output"], whole.outputs[t], atol=1e-14)
        np.testing.assert_allclose(frame["input"], whole.decoder_inputs[t])
        assert whole.attention is not None
        alpha = frame["attention"]["values"]["alpha"]
        np.testing.assert_allclose(alpha, whole.attention.values["alpha"][t], atol=1e-14)
    assert ask(session, "step")["code"] == "end"


def test_a_vector_of_ones_own_goes_on_past_the_scenes_end() -> None:
    session, _ = opened(greedy(steps=1))
    ask(session, "step")
    frame = ask(session, "step", input=[0, 0, 1])
    longer = {**TRANSLATION, "decoder_inputs": [[0, 0, 0], [0, 0, 1]], "targets": None,
              "loss": None}  # fmt: skip
    np.testing.assert_allclose(frame["output"], traced(longer).outputs[1], atol=1e-14)
    assert ask(session, "step", input=[1])["detail"] == "input: expected 3 numbers, got 1"
    assert ask(session, "back")["t"] == 0
    assert ask(session, "step")["input"] == [0, 0, 1]


def test_an_edit_of_the_encoder_answers_with_its_new_run() -> None:
    session, answer = opened(TRANSLATION)
    ask(session, "seek", t=1)
    path = "network.encoder.layers[0].weights.b_f[0]"
    frame = ask(session, "edit", path=path, value=2.5)
    assert frame["t"] == 1
    assert frame["encoder"] != answer["encoder"]
    weights = build.weights(planned(TRANSLATION))
    own = {
        name: weights[f"encoder.layers.0.forward.{name}"].tolist()
        for name in planned(TRANSLATION).layers[0].shapes
    }
    own["b_f"][0] = 2.5
    edited = changed(lambda d: encoder(d).update(weights=own), TRANSLATION)
    np.testing.assert_allclose(frame["output"], traced(edited).outputs[1], atol=1e-14)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.encoder.layers[0].backward_weights.W_f[0][1]", 1),
        ("network.encoder.layers[0].options.input_activation", "identity"),
        ("network.decoder.layers[0].weights.U_g[3][1]", 1),
        ("network.decoder.readout.weights.V[2][7]", 1),
        ("network.attention.weights.v_a[2]", 1),
        ("decoder_inputs[1][0]", 1),
        ("inputs[3][1]", 1),
        ("initial[0].backward.h[1]", 1),
        ("targets[1]", 0),
    ],
)
def test_every_place_can_be_edited(path: str, value: Any) -> None:
    session, _ = opened(TRANSLATION)
    ask(session, "seek", t=1)
    assert ask(session, "edit", path=path, value=value)["type"] == "frame"


@pytest.mark.parametrize(
    "path",
    [
        "network.layers[0].weights.W_f[0][0]",
        "network.decoder.layers[1].weights.W_f[0][0]",
        "network.decoder.layers[0].backward_weights.W_f[0][0]",
        "network.encoder.readout.weights.V[0][0]",
        "network.attention.kind",
        "network.steps",
    ],
)
def test_a_place_that_is_not_there_is_refused(path: str) -> None:
    session, _ = opened(TRANSLATION)
    assert ask(session, "edit", path=path, value=1)["code"] == "bad_edit"


def test_live_gradients_are_those_of_the_trace_so_far() -> None:
    session, _ = opened(TRANSLATION)
    ask(session, "seek", t=1)
    found = ask(session, "gradients")
    whole = traced(TRANSLATION, gradients=True)
    assert whole.input_gradients is not None
    np.testing.assert_allclose(found["input_gradients"], whole.input_gradients, atol=1e-14)
    assert whole.attention is not None
    assert whole.attention.gradients is not None
    scores = found["attention"]["gradients"]["scores"]
    np.testing.assert_allclose(scores, whole.attention.gradients["scores"], atol=1e-14)
