"""The id of a trace: one for all documents that mean the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenes.documents import LSTM, Document, changed, layer
from tests.scenes.strategies import scenes
from unrolled.scenes import hashing, reading


def identifier(document: Document, gradients: bool = False, version: str = "1") -> str:
    return hashing.trace_id(reading.scene(document), gradients, version)


def shuffled(value: Any, draw: st.DataObject) -> Any:
    """The same document with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = draw.draw(st.permutations(list(value)))
        return {key: shuffled(value[key], draw) for key in keys}
    if isinstance(value, list):
        return [shuffled(each, draw) for each in value]
    return value


@given(scenes(), st.data())
def test_the_order_of_keys_does_not_matter(document: Document, data: st.DataObject) -> None:
    assert identifier(shuffled(document, data)) == identifier(document)


@given(scenes())
def test_writing_the_defaults_out_does_not_matter(document: Document) -> None:
    filled = reading.scene(document).model_dump(mode="json")
    assert identifier(filled) == identifier(document)


@given(scenes())
def test_a_whole_number_may_have_a_point(document: Document) -> None:
    text = json.dumps({**document, "inputs": [[float(n) for n in r] for r in document["inputs"]]})
    assert identifier(json.loads(text)) == identifier(document)


def test_choosing_the_default_option_does_not_matter() -> None:
    chosen = changed(lambda d: layer(d).update(options={"input_activation": "tanh"}))
    assert identifier(chosen) == identifier(LSTM)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(seed=1),
        lambda d: d["inputs"][0].__setitem__(0, 3.0000000000000004),
        lambda d: layer(d).update(cell="lstm_peephole"),
        lambda d: layer(d).update(options={"input_activation": "identity"}),
        lambda d: layer(d).update(weights={}),
    ],
)
def test_another_scene_has_another_id(change: Any) -> None:
    assert identifier(changed(change)) != identifier(LSTM)


def test_gradients_and_the_engines_version_are_part_of_the_id() -> None:
    ids = {identifier(LSTM), identifier(LSTM, True), identifier(LSTM, False, "2")}
    assert len(ids) == 3


def test_the_canonical_form_writes_the_cell_out() -> None:
    document = hashing.canonical(reading.scene(LSTM))
    cell = document["network"]["layers"][0]["cell"]
    assert cell["id"] == "lstm"
    assert "c   = f * c[t-1] + i * g" in cell["equations"]
