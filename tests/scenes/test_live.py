"""Live sessions without a socket: stepping, going back, vectors of one's own, gradients."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenes.strategies import scenes
from unrolled.scenes import lessons, reading, run
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages
from unrolled.scenes.live.errors import CODES
from unrolled.scenes.live.session import Session
from unrolled.scenes.plan import plan
from unrolled.web import encode

Document = dict[str, Any]
LSTM: Document = lessons.lesson("lecture-lstm").document()["scene"]
BOTH: Document = {
    "version": 1,
    "network": {
        "layers": [{"cell": "elman", "units": 2, "direction": "bidirectional"}],
        "readout": {"outputs": 2},
    },
    "inputs": [[1], [2], [3]],
}


def ask(session: Session, kind: str, **fields: Any) -> Any:
    """The answer as a client reads it, checked against the schema of answers."""
    answer = orjson.loads(encode.json_bytes(session.answer({"type": kind, **fields})))
    model = {m.model_fields["type"].annotation.__args__[0]: m for m in messages.SERVER}  # type: ignore[union-attr]
    model[answer["type"]].model_validate(answer)
    return answer


def opened(scene: Document, **settings: Any) -> Session:
    session = Session(Limits(), lessons.scene, **settings)
    assert ask(session, "open", scene=scene)["type"] == "opened"
    return session


def values(frame: Any, layer: int = 0, direction: int = 0) -> Any:
    return frame["layers"][layer]["directions"][direction]["values"]


def refused(answer: Any) -> str:
    assert answer["type"] == "error", answer
    assert answer["code"] in CODES
    assert answer["detail"]
    return str(answer["code"])


def test_a_lesson_opens_with_its_steps_and_its_network_defaults_filled() -> None:
    session = Session(Limits(), lessons.scene)
    answer = ask(session, "open", lesson="lecture-lstm")
    assert answer["steps"] == 5
    assert answer["network"]["shape"] == "many-to-many"
    assert answer["network"]["layers"][0]["direction"] == "forward"
    assert answer["network"]["layers"][0]["options"]["input_activation"] == "identity"
    assert ask(session, "open", lesson="lecture-rnn/reordered")["steps"] == 3


def test_the_memory_of_the_lecture_fills_step_by_step() -> None:
    session = opened(LSTM)
    frames = [ask(session, "step") for _ in range(5)]
    memory = [values(frame)["c"][0] for frame in frames]
    assert memory == pytest.approx([3, 7, 6.999773, 6.999501, 5.7e-39], rel=1e-2)
    assert [frame["t"] for frame in frames] == [0, 1, 2, 3, 4]
    assert refused(ask(session, "step")) == "end"
    assert ask(session, "seek", t=4)["t"] == 4


@settings(max_examples=60)
@given(scenes())
def test_every_scene_steps_through_the_numbers_of_its_trace(scene: Document) -> None:
    trace = run.trace(plan(reading.scene(scene), Limits()))
    session = opened(scene)
    frame: Any = None
    for _ in range(trace.steps):
        frame = ask(session, "step")
        for layer, traced in zip(frame["layers"], trace.layers, strict=True):
            for part, one in zip(layer["directions"], traced, strict=True):
                for name, array in one.values.items():
                    assert part["values"][name] == pytest.approx(array[part["position"]])
        for row in frame["outputs"]:
            assert row["output"] == pytest.approx(trace.outputs[row["position"]])
    assert frame["output"] == pytest.approx(trace.outputs[-1])
    assert refused(ask(session, "step")) == "end"


def test_back_goes_before_the_first_step_and_no_further() -> None:
    session = opened(LSTM)
    first = ask(session, "step")
    ask(session, "step")
    assert ask(session, "back") == first
    before = ask(session, "back")
    assert before["t"] is None
    assert before["output"] is None
    assert before["layers"][0]["directions"][0]["initial"] == {"h": [0], "c": [0]}
    assert refused(ask(session, "back")) == "range"
    assert ask(session, "step") == first


def test_any_step_of_the_scene_can_be_sought_and_none_besides() -> None:
    session = opened(LSTM)
    fourth = ask(session, "seek", t=3)
    assert fourth["t"] == 3
    for t in (5, -1, 10**12):
        assert refused(ask(session, "seek", t=t)) == "range"
    assert ask(session, "seek", t=None)["t"] is None
    for _ in range(3):
        ask(session, "step")
    assert ask(session, "step") == fourth


def test_a_vector_of_ones_own_goes_past_the_end() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=4)
    frame = ask(session, "step", input=[2, 1, 1])
    assert (frame["t"], frame["input"]) == (5, [2, 1, 1])
    longer = {**LSTM, "inputs": [*LSTM["inputs"], [2, 1, 1]], "labels": None}
    assert ask(opened(longer), "seek", t=5)["layers"] == frame["layers"]
    assert ask(session, "seek", t=5) == frame


def test_the_recorded_vector_comes_again_after_back() -> None:
    session = opened(LSTM)
    ask(session, "step")
    own = ask(session, "step", input=[9, 1, 0])
    ask(session, "back")
    assert ask(session, "step") == own


def test_a_vector_after_back_overwrites_and_drops_what_followed() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=4)
    ask(session, "step", input=[1, 1, 1])
    ask(session, "step", input=[2, 1, 1])
    ask(session, "seek", t=3)
    assert ask(session, "step", input=[7, 1, 1])["t"] == 4
    assert refused(ask(session, "step")) == "end"
    assert refused(ask(session, "seek", t=5)) == "range"
    assert ask(session, "seek", t=4)["input"] == [7, 1, 1]


def test_after_a_vector_within_the_scene_the_scenes_own_inputs_follow() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=4)
    ask(session, "seek", t=0)
    ask(session, "step", input=[0, -1, 0])
    assert ask(session, "step")["input"] == LSTM["inputs"][2]


def test_reset_forgets_vectors_and_keeps_edits() -> None:
    session = opened(LSTM)
    ask(session, "step", input=[8, 1, 0])
    ask(session, "edit", path="network.layers[0].weights.W_g[0][0]", value=2)
    assert ask(session, "reset")["t"] is None
    frame = ask(session, "step")
    assert frame["input"] == [3, 1, 0]
    assert values(frame)["g"] == [6]


@pytest.mark.parametrize("wrong", [[1, 2], [1, 2, 3, 4], []])
def test_a_vector_of_another_length_is_refused(wrong: list[float]) -> None:
    session = opened(LSTM)
    here = ask(session, "step")
    assert refused(ask(session, "step", input=wrong)) == "bad_message"
    assert ask(session, "seek", t=0) == here


def test_both_directions_have_places_of_their_own() -> None:
    session = opened(BOTH)
    trace = run.trace(plan(reading.scene(BOTH), Limits()))
    places = []
    for _ in range(3):
        frame = ask(session, "step")
        places.append([d["position"] for d in frame["layers"][0]["directions"]])
        at = frame["t"]
        expected = None if at == 0 else pytest.approx(trace.outputs[at])
        assert frame["output"] == expected
    assert places == [[0, 2], [1, 1], [2, 0]]


def test_a_backward_direction_takes_no_further_vectors() -> None:
    session = opened(BOTH)
    ask(session, "step")
    assert refused(ask(session, "step", input=[1])) == "needs_whole_sequence"
    assert ask(session, "step")["t"] == 1
    assert refused(ask(session, "gradients")) == "needs_whole_sequence"
    ask(session, "step")
    assert ask(session, "gradients")["steps"] == 3


def gradients_of(scene: Document) -> Any:
    return run.trace(plan(reading.scene(scene), Limits()), gradients=True).document()


@pytest.mark.parametrize("loss", [None, "squared_error"])
def test_gradients_are_those_of_the_steps_so_far(loss: str | None) -> None:
    scene: Document = {
        "version": 1,
        "network": {"layers": [{"cell": "gru", "units": 2}], "readout": {"outputs": 2}},
        "inputs": [[1], [2], [3]],
    }
    if loss:
        scene |= {"loss": loss, "targets": [[1, 0], None, [0, 1]]}
    session = opened(scene)
    assert refused(ask(session, "gradients")) == "range"
    for steps in (1, 2, 3):
        ask(session, "step")
        shorter = copy.deepcopy(scene)
        shorter["inputs"] = scene["inputs"][:steps]
        if loss:
            shorter["targets"] = scene["targets"][:steps]
        answer, expected = ask(session, "gradients"), gradients_of(shorter)
        assert (answer["t"], answer["steps"]) == (steps - 1, steps)
        part = answer["layers"][0]["directions"][0]
        whole = expected["layers"][0]["directions"][0]
        for group in ("gradients", "parameter_gradients", "initial_gradients"):
            for name, array in whole[group].items():
                assert np.allclose(part[group][name], array, rtol=1e-12), name
        assert np.allclose(answer["input_gradients"], expected["input_gradients"])
        assert (answer["loss"] is None) == (loss is None)


def test_gradients_reach_vectors_past_the_end_without_a_loss_there() -> None:
    scene = {**copy.deepcopy(LSTM), "loss": "squared_error", "targets": [[1.0]] * 5}
    session = opened(scene)
    ask(session, "seek", t=4)
    ask(session, "step", input=[1, 1, 1])
    answer = ask(session, "gradients")
    assert answer["steps"] == 6
    assert answer["loss"]["steps"][5] == 0
    assert len(answer["input_gradients"]) == 6


def test_numbers_that_are_none_travel_as_words() -> None:
    scene = copy.deepcopy(LSTM)
    scene["network"]["layers"][0]["weights"]["W_g"] = [[1e300, 0, 0]]
    scene["inputs"] = [[1e300, 1, 0], [-1e300, 1, 0]]
    scene.pop("labels", None)
    session = opened(scene)
    assert values(ask(session, "step"))["g"] == ["Infinity"]
    assert values(ask(session, "step"))["c"] == ["NaN"]


def test_steps_past_the_end_are_bounded() -> None:
    session = opened(LSTM, history=7)
    ask(session, "seek", t=4)
    for _ in range(2):
        assert ask(session, "step", input=[1, 1, 1])["type"] == "frame"
    answer = ask(session, "step", input=[1, 1, 1])
    assert refused(answer) == "limit"
    assert "UNROLLED_LIVE_HISTORY" in answer["detail"]
    assert ask(session, "back")["t"] == 5


def test_what_a_session_records_is_bounded() -> None:
    session = Session(Limits(values=70), lessons.scene)
    ask(session, "open", lesson="lecture-lstm")
    ask(session, "seek", t=4)
    answer = ask(session, "step", input=[1, 1, 1])
    assert refused(answer) == "limit"
    assert "UNROLLED_MAX_VALUES" in answer["detail"]


def test_a_scene_that_cannot_be_used_leaves_the_open_one_where_it_was() -> None:
    session = opened(LSTM)
    here = ask(session, "seek", t=2)
    for bad in (
        {"scene": {"version": 1}},
        {"scene": {**BOTH, "inputs": [[1], [2, 3]]}},
        {"lesson": "no-such-lesson"},
        {"scene": {**BOTH, "inputs": [[float("inf")]]}},
    ):
        assert refused(ask(session, "open", **bad)) == "bad_scene"
    assert ask(session, "seek", t=2) == here


def test_another_scene_may_be_opened_in_place_of_the_first() -> None:
    session = opened(LSTM)
    ask(session, "seek", t=3)
    assert ask(session, "open", scene=BOTH)["steps"] == 3
    assert ask(session, "step")["t"] == 0


@pytest.mark.parametrize("kind", ["step", "back", "seek", "reset", "edit", "gradients"])
def test_nothing_goes_before_a_scene_is_open(kind: str) -> None:
    needed: dict[str, Document] = {
        "seek": {"t": 0},
        "edit": {"path": "inputs[0][0]", "value": 1},
    }
    session = Session(Limits(), lessons.scene)
    assert refused(ask(session, kind, **needed.get(kind, {}))) == "not_open"


BAD: list[Any] = [
    None, 3, "step", [], [{}], {}, {"type": None}, {"type": 3}, {"type": ["step"]},
    {"type": "nope"}, {"type": "step", "input": "x"}, {"type": "step", "input": ["Infinity", 0, 0]},
    {"type": "step", "input": [float("nan"), 0, 0]}, {"type": "step", "input": [True, 0, 0]},
    {"type": "step", "more": 1}, {"type": "seek"}, {"type": "seek", "t": "3"},
    {"type": "seek", "t": 1.5}, {"type": "seek", "t": True}, {"type": "edit", "path": "inputs"},
    {"type": "edit", "value": 1}, {"type": "edit", "path": 3, "value": 1}, {"type": "open"},
    {"type": "open", "scene": LSTM, "lesson": "lecture-lstm"}, {"type": "open", "scene": []},
    {"type": "step", "input": [[1, 2, 3]]},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_bad_message_is_refused_and_the_session_goes_on(bad: Any) -> None:
    session = opened(LSTM)
    here = ask(session, "seek", t=1)
    session.small(bad)
    answer = session.answer(bad)
    assert refused(answer) == "bad_message"
    assert ask(session, "seek", t=1) == here


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KINDS = ["open", "step", "back", "seek", "reset", "edit", "gradients"]
FIELDS = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)},
    optional={
        "t": st.integers(-2, 8) | anything,
        "input": st.lists(st.floats(-2, 2), min_size=3, max_size=3) | anything,
        "path": st.sampled_from(
            ["inputs[1][0]", "network.layers[0].weights.U_f[0][0]", "initial[0].c", "x", "seed"]
        )
        | st.text(max_size=20),
        "value": st.floats(-2, 2) | anything,
    },
)


@settings(max_examples=150)
@given(st.lists(FIELDS, max_size=12))
def test_whatever_comes_the_answer_is_a_frame_or_a_clean_refusal(sent: list[Document]) -> None:
    session = opened(LSTM)
    for message in sent:
        fields = {name: value for name, value in message.items() if name != "type"}
        session.small(message)
        answer = ask(session, message["type"], **fields)
        assert answer["type"] in ("frame", "gradients", "error")
    assert ask(session, "reset")["t"] is None


def test_small_work_is_told_from_large() -> None:
    session = Session(Limits(), lessons.scene)
    long = {**LSTM, "inputs": [[1, 0, 0]] * 5000}
    long.pop("labels", None)
    assert not session.small({"type": "open", "scene": long})
    ask(session, "open", scene=long)
    assert session.small({"type": "step"})
    assert not session.small({"type": "seek", "t": 4999})
    ask(session, "seek", t=4999)
    assert session.small({"type": "seek", "t": 17})
    assert not session.small({"type": "gradients"})
