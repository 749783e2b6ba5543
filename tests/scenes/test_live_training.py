"""Training a live scene: the same weights as the trainer alone, whatever happens between."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from tests.scenes.test_live import LSTM, ask, opened, refused
from unrolled.engine.training import Trainer
from unrolled.scenes import build, lessons, reading
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.session import Session
from unrolled.scenes.plan import plan

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


def begun(scene: Document = SCENE, **changed: Any) -> Session:
    session = opened(scene)
    ask(session, "step")
    assert session.answer({"type": "train", **TRAIN, **changed}) is None
    return session


def to_the_end(session: Session) -> Document:
    training = session.training
    assert training is not None
    while training.ended is None:
        training.advance(0)
    return session.trained()


def weights_of(scene: Document) -> dict[str, Any]:
    return build.weights(plan(reading.scene(scene), Limits()))


def test_a_training_learns_what_the_trainer_learns() -> None:
    network = build.network(plan(reading.scene(SCENE), Limits()))
    trainer = Trainer(network, EXAMPLES, optimiser="adam", rate=0.05, batch=1, clip={"norm": 1},
                      seed=2)  # fmt: skip
    reports = [trainer.update().document() for _ in range(12)]
    session = begun()
    training = session.training
    assert training is not None
    for report in reports:
        training.advance(0)
        assert training.progress() == {"type": "progress", **report, "state": "running"}
    done = to_the_end(session)
    assert (done["type"], done["updates"], done["stopped"]) == ("trained", 12, "updates")
    for address, array in network.parameters().items():
        assert np.array_equal(weights_of(done["scene"])[address], array), address


def test_the_trained_scene_is_open_at_the_place_where_the_other_stood() -> None:
    session = begun()
    done = to_the_end(session)
    assert session.training is None
    assert ask(session, "step") == ask(moved(done["scene"]), "seek", t=1)


def moved(scene: Document) -> Session:
    return opened(scene)


def test_the_scene_stays_as_it_was_until_the_training_has_ended() -> None:
    session = begun()
    assert session.training is not None
    session.training.advance(0)
    assert ask(session, "seek", t=2) == ask(opened(SCENE), "seek", t=2)


def test_pausing_and_going_on_changes_nothing() -> None:
    session = begun()
    training = session.training
    assert training is not None
    training.advance(0)
    paused = ask(session, "pause")
    assert (paused["type"], paused["update"], paused["state"]) == ("progress", 1, "paused")
    training.advance(5)
    assert training.progress()["update"] == 1
    assert ask(session, "resume")["state"] == "running"
    assert to_the_end(session) == to_the_end(begun())


def test_a_stopped_training_gives_what_was_learned_so_far() -> None:
    session = begun()
    training = session.training
    assert training is not None
    training.advance(0)
    assert session.answer({"type": "stop"}) is None
    done = to_the_end(session)
    assert (done["updates"], done["stopped"]) == (1, "stop")
    other = to_the_end(begun(updates=1))
    assert done["scene"] == other["scene"]


def test_before_the_first_update_there_is_nothing_to_tell() -> None:
    paused = ask(begun(), "pause")
    assert (paused["update"], paused["loss"]) == (0, None)


def test_weights_that_leave_the_numbers_end_the_training_at_the_last_good_ones() -> None:
    scene = copy.deepcopy(LSTM)
    scene.pop("labels", None)
    examples = [{"inputs": [[1e200, 1, 1]], "targets": [[-1e200]]}]
    session = begun(scene, examples=examples, optimiser="sgd", rate=1e300, clip=None, batch=None)
    done = to_the_end(session)
    assert done["stopped"] == "non_finite"
    assert all(np.isfinite(array).all() for array in weights_of(done["scene"]).values())
    assert ask(session, "reset")["t"] is None


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
    session = opened(scene)
    bad = [{"inputs": [[2], [3]], "targets": [[0, 0]] * 3}]
    answer = ask(session, "train", **{**TRAIN, "examples": bad})
    assert refused(answer) == "bad_message"
    assert answer["errors"][0]["field"] == "examples[0].inputs"


@pytest.mark.parametrize(
    "changed",
    [{"examples": []}, {"examples": [{"inputs": [[1]]}]}, {"updates": 0}, {"updates": None},
     {"optimiser": "none"}, {"optimiser": {"name": "adam", "beta9": 1}}, {"rate": 0},
     {"rate": "Infinity"}, {"clip": {"norm": 0}}, {"clip": {"size": 1}}, {"clip": {}},
     {"truncate": 2}, {"batch": 0}, {"seed": -1}, {"more": 1},
     {"examples": [{"inputs": [[1, 2]], "targets": [0]}]},
     {"examples": [{"inputs": [[1], [1, 2]], "targets": [0]}]},
     {"examples": [{"inputs": [[1]], "targets": [7]}]},
     {"examples": [{"inputs": [[1]], "targets": [0, 0]}]}],
    ids=str,
)  # fmt: skip
def test_a_training_that_cannot_be_is_refused(changed: Document) -> None:
    session = opened(SCENE)
    here = ask(session, "step")
    assert refused(ask(session, "train", **{**TRAIN, **changed})) == "bad_message"
    assert session.training is None
    assert ask(session, "seek", t=0) == here


def test_an_update_beyond_a_limit_is_refused_by_its_name() -> None:
    session = Session(Limits(values=3000), lessons.scene)
    ask(session, "open", scene=SCENE)
    many = [{"inputs": [[1]] * 100, "targets": [0]}]
    answer = ask(session, "train", **{**TRAIN, "examples": many})
    assert refused(answer) == "limit"
    assert "UNROLLED_MAX_VALUES" in answer["detail"]


def test_during_a_training_nothing_else_is_opened_edited_or_trained() -> None:
    session = begun()
    for kind, fields in (
        ("open", {"lesson": "lecture-rnn"}),
        ("edit", {"path": "inputs[0][0]", "value": 1}),
        ("train", TRAIN),
    ):
        assert refused(ask(session, kind, **fields)) == "training"
    assert to_the_end(session)["updates"] == 12


@pytest.mark.parametrize("kind", ["pause", "resume", "stop"])
def test_there_is_nothing_to_pause_without_a_training(kind: str) -> None:
    assert refused(ask(opened(SCENE), kind)) == "not_training"
