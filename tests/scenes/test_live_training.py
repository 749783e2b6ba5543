"""Training a live scene: the same weights as the trainer alone, whatever happens between."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from tests.scenes.test_live import LSTM, ask, opened, refused
from unrolled.engine.training import Trainer
from unrolled.scenes import build, language, reading, run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.train_messages import Train
from unrolled.scenes.live.training import LiveTraining
from unrolled.scenes.plan import plan
from unrolled.web import encode

Document = dict[str, Any]
SCENE: Document = {
    "version": 1,
    "network": {
        "layers": [{"cell": "gru", "units": 3, "direction": "bidirectional"}],
        "readout": {"outputs": 2, "activation": "softmax"},
        "shape": "many-to-one",
    },
    "inputs": [[1], [0], [1]],
    "seed": 3,
}
EXAMPLES = [{"inputs": [[1], [0]], "targets": [0]}, {"inputs": [[0], [1], [1]], "targets": [1]}]
TRAIN: Document = {
    "examples": EXAMPLES, "optimiser": "adam", "rate": 0.05, "updates": 12, "batch": 1,
    "clip": {"norm": 1}, "seed": 2,
}  # fmt: skip


def begun(scene: Document = SCENE, **changed: Any) -> LiveTraining:
    """What the orders of a session lead to, as the process of trainings follows them."""
    session = opened(scene)
    assert session.answer({"type": "train", **TRAIN, **changed}) is None
    (order,) = session.orders
    assert order.scene is not None
    return made(order.scene, order.message)


def made(scene: Document, message: Document, limits: Limits | None = None) -> LiveTraining:
    read = messages.read(message)
    assert isinstance(read, Train)
    bounds = limits or Limits()
    return LiveTraining(plan(reading.scene(scene), bounds), read, bounds)


def order(training: LiveTraining, kind: str, **fields: Any) -> Any:
    return training.follow(messages.read({"type": kind, **fields}))  # type: ignore[arg-type]


def to_the_end(training: LiveTraining) -> Document:
    while training.ended is None:
        training.advance(0)
    return through_json(training.trained())


def through_json(answer: Document) -> Document:
    """As the wire has it."""
    read: Document = json.loads(encode.json_bytes(answer))
    return read


def weights_of(scene: Document) -> dict[str, Any]:
    return build.weights(plan(reading.scene(scene), Limits()))


def test_a_training_learns_what_the_trainer_learns() -> None:
    network = build.network(plan(reading.scene(SCENE), Limits()))
    trainer = Trainer(network, EXAMPLES, optimiser="adam", rate=0.05, batch=1, clip={"norm": 1},
                      seed=2)  # fmt: skip
    reports = [trainer.update().document() for _ in range(12)]
    training = begun()
    for report in reports:
        training.advance(0)
        assert training.progress() == {"type": "progress", **report, "state": "running"}
    done = to_the_end(training)
    assert (done["type"], done["updates"], done["stopped"]) == ("trained", 12, "updates")
    for address, array in network.parameters().items():
        assert np.array_equal(weights_of(done["scene"])[address], array), address


def test_the_trained_scene_is_open_at_the_place_where_the_other_stood() -> None:
    session = opened(SCENE)
    ask(session, "step")
    session.answer({"type": "train", **TRAIN})
    done = to_the_end(begun())
    assert ask(session, "seek", t=2) == ask(opened(SCENE), "seek", t=2)  # as it was until then
    ask(session, "seek", t=0)
    session.trained(done)
    session.untrained()
    assert not session.training
    assert ask(session, "step") == ask(opened(done["scene"]), "seek", t=1)


def test_pausing_and_going_on_changes_nothing() -> None:
    training = begun()
    training.advance(0)
    paused = order(training, "pause")
    assert (paused["type"], paused["update"], paused["state"]) == ("progress", 1, "paused")
    training.advance(5)
    assert training.progress()["update"] == 1
    assert order(training, "resume")["state"] == "running"
    assert to_the_end(training) == to_the_end(begun())


def test_one_update_after_the_other_is_the_same_training() -> None:
    training = begun(paused=True)
    found = [order(training, "update") for _ in range(12)]
    assert [each["update"] for each in found] == list(range(1, 13))
    assert {each["state"] for each in found} == {"paused"}
    assert training.ended == "updates"
    assert to_the_end(training) == to_the_end(begun())


def test_single_updates_are_for_a_training_that_rests() -> None:
    with pytest.raises(LiveError, match="pause") as caught:
        order(begun(), "update")
    assert caught.value.code == "training"


def test_the_weights_of_any_update_can_be_had() -> None:
    training = begun(paused=True)
    for updates in (1, 2, 3):
        order(training, "update")
        held = order(training, "weights")
        assert (held["type"], held["update"]) == ("weights", updates)
        assert "checkpoint" not in held
        assert held["scene"] == to_the_end(begun(updates=updates))["scene"]


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "rmsprop", "adam"])
def test_a_checkpoint_goes_on_bit_for_bit(optimiser: str) -> None:
    how: Document = {"optimiser": optimiser, "checkpoint": True}
    whole = to_the_end(begun(**how))
    first = to_the_end(begun(**how, updates=5))
    rest = {"examples": EXAMPLES, "updates": 12, "checkpoint": True}
    resumed = made(SCENE, {"type": "train", **rest, "resume": first["checkpoint"]})
    assert resumed.progress()["update"] == 5
    assert to_the_end(resumed) == whole


def test_a_checkpoint_is_had_at_any_time() -> None:
    training = begun(paused=True)
    for _ in range(7):
        order(training, "update")
    held = through_json(order(training, "weights", checkpoint=True))
    resumed = made(SCENE, {"type": "train", **TRAIN, "resume": held["checkpoint"]})
    assert to_the_end(resumed) == to_the_end(begun())


def test_what_is_given_with_a_checkpoint_takes_its_place() -> None:
    first = to_the_end(begun(updates=5, checkpoint=True))
    again = {"type": "train", "examples": EXAMPLES, "updates": 6, "resume": first["checkpoint"]}
    same, slower = (to_the_end(made(SCENE, {**again, **more})) for more in ({}, {"rate": 1e-9}))
    assert same["scene"] != slower["scene"]
    start = weights_of(first["scene"])
    for address, array in weights_of(slower["scene"]).items():
        np.testing.assert_allclose(array, start[address], atol=1e-8)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c: c.update(version=7), "version"),
        (lambda c: c.update(examples="0"), "examples"),
        (lambda c: c["slots"].pop("mean"), "slots"),
        (lambda c: c["parameters"].pop("readout.V"), "readout.V"),
        (lambda c: c["parameters"].update({"readout.b": [1]}), "readout.b"),
        (lambda c: c["parameters"].update({"readout.b": ["x", 1]}), "parameters"),
        (lambda c: c["parameters"].update({"readout.b": [None, 1]}), "resume.parameters"),
        (lambda c: c["parameters"].update({"readout.b": {"0": 1}}), "parameters"),
        (lambda c: c["settings"].update(optimiser="sgd"), "slots"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused(change: Any, field: str) -> None:
    checkpoint = to_the_end(begun(checkpoint=True))["checkpoint"]
    change(checkpoint)
    with pytest.raises(LiveError) as caught:
        made(SCENE, {"type": "train", "examples": EXAMPLES, "updates": 20, "resume": checkpoint})
    assert caught.value.code == "bad_message"
    assert caught.value.errors[0].field == field


def test_a_checkpoint_of_another_form_is_refused_where_it_is_read() -> None:
    session = opened(SCENE)
    answer = ask(session, "train", **{**TRAIN, "resume": {"version": 1}})
    assert refused(answer) == "bad_message"
    assert answer["errors"][0]["field"] == "resume.settings"


def test_a_stopped_training_gives_what_was_learned_so_far() -> None:
    training = begun()
    training.advance(0)
    assert order(training, "stop") is None
    done = to_the_end(training)
    assert (done["updates"], done["stopped"]) == (1, "stop")
    assert done["scene"] == to_the_end(begun(updates=1))["scene"]


def test_before_the_first_update_there_is_nothing_to_tell() -> None:
    paused = order(begun(), "pause")
    assert (paused["update"], paused["loss"]) == (0, None)


def test_weights_that_leave_the_numbers_end_the_training_at_the_last_good_ones() -> None:
    scene = copy.deepcopy(LSTM)
    scene.pop("labels", None)
    examples = [{"inputs": [[1e200, 1, 1]], "targets": [[-1e200]]}]
    training = begun(scene, examples=examples, optimiser="sgd", rate=1e300, clip=None, batch=None)
    done = to_the_end(training)
    assert done["stopped"] == "non_finite"
    assert all(np.isfinite(array).all() for array in weights_of(done["scene"]).values())


def test_one_row_is_made_into_many_where_the_shape_says_so() -> None:
    scene = {
        "version": 1,
        "network": {
            "layers": [{"cell": "elman", "units": 2}], "shape": "one-to-many", "steps": 3,
        },
        "inputs": [[1]],
    }  # fmt: skip
    good = [{"inputs": [[2]], "targets": [[0, 0], None, [1, 1]]}]
    assert to_the_end(begun(scene, examples=good))["updates"] == 12
    with pytest.raises(DocumentError) as caught:
        begun(scene, examples=[{"inputs": [[2], [3]], "targets": [[0, 0]] * 3}])
    assert caught.value.errors[0].field == "examples[0].inputs"


def test_a_language_model_is_trained_on_the_tokens_of_its_sentences() -> None:
    text = "the cat sat\nthe dog ran"
    scene = language.model(text, units=3)
    done = to_the_end(begun(scene.model_dump(mode="json"), examples=language.examples(scene, text)))
    learned = language.reads(reading.scene(done["scene"]), "the dog ran")
    before, after = (run.trace(plan(each, Limits())).loss or 0.0 for each in (scene, learned))
    assert after < before


@pytest.mark.parametrize("attention", [None, "dot", "general", "additive"])
def test_an_encoder_decoder_is_trained_too(attention: str | None) -> None:
    halves = {"layers": [{"cell": "gru", "units": 3}]}
    scene: Document = {
        "version": 1,
        "network": {
            "shape": "encoder-decoder", "encoder": halves, "attention": attention,
            "decoder": {**halves, "readout": {"outputs": 2, "activation": "softmax"}},
        },
        "inputs": [[1], [0]], "decoder_inputs": [[0, 0], [1, 0]], "targets": [0, 1],
        "loss": "cross_entropy",
    }  # fmt: skip
    message: Document = {
        "type": "train", "examples": [{"inputs": [[1], [0]], "targets": [0, 1]}], "updates": 20,
        "optimiser": "adam", "rate": 0.05,
    }  # fmt: skip
    done = to_the_end(made(scene, message))
    before, after = (
        run.trace(plan(reading.scene(each), Limits())).loss or 0.0
        for each in (scene, done["scene"])
    )
    assert after < before / 2


@pytest.mark.parametrize(
    "changed",
    [{"examples": []}, {"examples": [{"inputs": [[1]]}]}, {"updates": 0}, {"updates": None},
     {"rate": 0}, {"rate": "Infinity"}, {"batch": 0}, {"seed": -1}, {"more": 1},
     {"examples": [{"tokens": []}]}, {"examples": [{"tokens": [0.5]}]}, {"paused": 1}],
    ids=str,
)  # fmt: skip
def test_a_message_that_is_none_is_refused(changed: Document) -> None:
    session = opened(SCENE)
    here = ask(session, "step")
    assert refused(ask(session, "train", **{**TRAIN, **changed})) == "bad_message"
    assert not session.training
    assert not session.orders
    assert ask(session, "seek", t=0) == here


@pytest.mark.parametrize(
    "changed",
    [{"optimiser": "none"}, {"optimiser": {"name": "adam", "beta9": 1}}, {"clip": {"norm": 0}},
     {"clip": {"size": 1}}, {"clip": {}}, {"truncate": 2},
     {"examples": [{"inputs": [[1, 2]], "targets": [0]}]},
     {"examples": [{"inputs": [[1], [1, 2]], "targets": [0]}]},
     {"examples": [{"inputs": [[1]], "targets": [7]}]},
     {"examples": [{"inputs": [[1]], "targets": [0, 0]}]},
     {"examples": [{"tokens": [0]}]}],
    ids=str,
)  # fmt: skip
def test_a_training_that_cannot_be_is_refused(changed: Document) -> None:
    with pytest.raises(LiveError) as caught:
        begun(**changed)
    assert caught.value.code == "bad_message"
    assert caught.value.errors


def test_an_update_beyond_a_limit_is_refused_by_its_name() -> None:
    many = [{"inputs": [[1]] * 100, "targets": [0]}]
    with pytest.raises(LiveError, match="UNROLLED_MAX_VALUES") as caught:
        made(SCENE, {"type": "train", **TRAIN, "examples": many}, Limits(values=3000))
    assert caught.value.code == "limit"


def test_during_a_training_nothing_else_is_opened_edited_or_trained() -> None:
    session = opened(SCENE)
    session.answer({"type": "train", **TRAIN})
    for kind, fields in (
        ("open", {"lesson": "lecture-rnn"}),
        ("edit", {"path": "inputs[0][0]", "value": 1}),
        ("train", TRAIN),
    ):
        assert refused(ask(session, kind, **fields)) == "training"
    assert len(session.orders) == 1


@pytest.mark.parametrize("kind", ["pause", "resume", "update", "weights", "stop"])
def test_there_is_nothing_to_pause_without_a_training(kind: str) -> None:
    assert refused(ask(opened(SCENE), kind)) == "not_training"


def test_what_comes_too_late_for_a_training_is_refused_when_it_ends() -> None:
    session = opened(SCENE)
    for message in ({"type": "train", **TRAIN}, {"type": "stop"}, {"type": "pause"}):
        assert session.answer(message) is None
    assert [refused(each) for each in session.untrained()] == ["not_training"]
    assert not session.orders


def test_what_waits_for_a_training_is_bounded() -> None:
    session = opened(SCENE)
    session.answer({"type": "train", **TRAIN})
    answers = [session.answer({"type": "weights"}) for _ in range(200)]
    assert answers[0] is None
    assert answers[-1] is not None
    assert refused(answers[-1]) == "busy"
