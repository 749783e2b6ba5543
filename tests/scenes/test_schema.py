"""The form of a scene: strict, closed, and readable again from what it writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenes.documents import LSTM, Document, changed, layer
from tests.scenes.strategies import scenes
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, FieldError
from unrolled.scenes.schema import Scene


def field_of(document: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        reading.scene(document)
    return caught.value.errors[0].field


def test_the_smallest_scene_is_filled_with_the_contracts_defaults() -> None:
    scene = reading.scene(
        {"version": 1, "network": {"layers": [{"cell": "gru", "units": 3}]}, "inputs": [[1]]}
    )
    document = scene.model_dump()
    assert document["seed"] == 0
    assert document["loss"] is None
    assert document["network"]["shape"] == "many-to-many"
    assert document["network"]["readout"] is None
    assert document["network"]["layers"][0]["direction"] == "forward"


def test_a_bidirectional_layer_concatenates_unless_told_otherwise() -> None:
    both = changed(lambda d: layer(d).update(direction="bidirectional"))
    assert reading.scene(both).model_dump()["network"]["layers"][0]["merge"] == "concat"


def test_many_to_one_takes_the_last_step_unless_told_otherwise() -> None:
    scene = reading.scene(changed(lambda d: d["network"].update(shape="many-to-one")))
    assert scene.model_dump()["network"]["pool"] == "last"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: d.pop("version"), "version"),
        (lambda d: d.update(version=2), "version"),
        (lambda d: d.update(version=True), "version"),
        (lambda d: d.pop("network"), "network"),
        (lambda d: d.update(colour="red"), "colour"),
        (lambda d: d.update(seed=-1), "seed"),
        (lambda d: d.update(seed=0.5), "seed"),
        (lambda d: d.update(loss="hinge"), "loss"),
        (lambda d: d.update(inputs=[[True]]), "inputs[0][0]"),
        (lambda d: d.update(inputs=[["3"]]), "inputs[0][0]"),
        (lambda d: d.update(inputs=[[1], [float("inf")]]), "inputs[1][0]"),
        (lambda d: d["network"].update(shape="many"), "network.shape"),
        (lambda d: d["network"].update(layers=[]), "network.layers"),
        (lambda d: layer(d).pop("cell"), "network.layers[0].cell"),
        (lambda d: layer(d).update(cell=7), "network.layers[0].cell"),
        (lambda d: layer(d).update(cell={"id": "mine"}), "network.layers[0].cell.state"),
        (lambda d: layer(d).update(units="2"), "network.layers[0].units"),
        (lambda d: layer(d).update(units=0), "network.layers[0].units"),
        (lambda d: layer(d).update(units=2.5), "network.layers[0].units"),
        (
            lambda d: layer(d)["weights"].update(W_f=[[0, float("nan")]]),
            "network.layers[0].weights.W_f[0][1]",
        ),
        (lambda d: layer(d)["weights"].update(b_f=0.5), "network.layers[0].weights.b_f"),
        (lambda d: d.update(initial=[{"h": 0}]), "initial[0].h"),
        (lambda d: d.update(initial=[{"backward": {"h": ["x"]}}]), "initial[0].backward.h[0]"),
        (lambda d: d.update(targets=[1.5]), "targets[0]"),
    ],
)
def test_a_wrong_field_is_named(change: Any, field: str) -> None:
    assert field_of(changed(change)) == field


def test_a_mistake_says_what_was_expected_and_what_was_got() -> None:
    with pytest.raises(DocumentError) as caught:
        reading.scene(changed(lambda d: layer(d).update(units=True)))
    assert caught.value.errors[0].document() == {
        "field": "network.layers[0].units",
        "expected": "a whole number",
        "got": "true",
    }


def test_many_mistakes_are_told_together() -> None:
    document = changed(lambda d: (d.update(version=3, colour=1), layer(d).pop("units")))
    with pytest.raises(DocumentError) as caught:
        reading.scene(document)
    assert {each.field for each in caught.value.errors} == {
        "version",
        "colour",
        "network.layers[0].units",
    }


def test_a_million_wrong_numbers_are_one_mistake() -> None:
    with pytest.raises(DocumentError) as caught:
        reading.scene(changed(lambda d: d.update(inputs=[["x"] * 1_000_000])))
    assert len(caught.value.errors) == 1


@pytest.mark.parametrize("where", [lambda d: d, lambda d: layer(d), lambda d: layer(d)["weights"]])
def test_an_object_with_far_too_many_fields_is_one_mistake(where: Any) -> None:
    document = changed(lambda d: where(d).update({f"z{n}": 1 for n in range(100_000)}))
    with pytest.raises(DocumentError) as caught:
        reading.scene(document)
    assert len(caught.value.errors) == 1


def test_feedback_may_stand_beside_the_decoders_inputs() -> None:
    half = {"layers": [{"cell": "gru", "units": 2}]}
    scene = reading.scene(
        {
            "version": 1,
            "network": {"encoder": half, "decoder": half, "attention": "dot"},
            "inputs": [[1]],
            "decoder_inputs": None,
            "feedback": "greedy",
            "steps": 4,
        }
    )
    network = scene.model_dump()["network"]
    assert (network["shape"], network["feedback"], network["steps"]) == (
        "encoder-decoder",
        "greedy",
        4,
    )
    assert network["attention"]["kind"] == "dot"


@given(scenes())
def test_a_scene_reads_back_from_what_it_writes(document: Document) -> None:
    scene = reading.scene(document)
    again = reading.scene(json.loads(json.dumps(scene.model_dump(mode="json"))))
    assert again == scene


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*Scene.model_fields, "layers", "cell"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def mistakes(document: Any) -> tuple[FieldError, ...] | None:
    """The errors of a document, None for a scene."""
    try:
        reading.scene(document)
    except DocumentError as error:
        return error.errors
    return None


@given(anything)
def test_whatever_is_sent_becomes_a_scene_or_a_clean_error(document: Any) -> None:
    found = mistakes(document)
    assert found is None or found
    assert all(each.field and each.expected and each.got for each in found or ())


@given(anything, st.sampled_from(sorted(LSTM)))
def test_whatever_stands_in_a_field_becomes_a_scene_or_names_that_field(
    value: Any, field: str
) -> None:
    found = mistakes({**LSTM, field: value}) or ()
    assert all(each.field.startswith(field) for each in found)
