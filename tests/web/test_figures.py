"""Figures over HTTP: every kind, in the words and colours asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from plotly.graph_objects import Figure
from starlette.testclient import TestClient

from tests.web.test_surfaces import AXES, CLIFF
from unrolled.web.api.figure_kinds import KINDS

REPORT = {"update": 1, "loss": "Infinity", "gradient_norm": 2.0, "clipped_norm": 1.0}
DESCENT = {"start": [6, -2.4], "rate": 0.1, "updates": 3}
ATTENTIVE = {
    "version": 1,
    "network": {
        "shape": "encoder-decoder", "attention": "dot",
        "encoder": {"layers": [{"cell": "gru", "units": 2}]},
        "decoder": {"layers": [{"cell": "gru", "units": 2}]},
    },
    "inputs": [[1, 0], [0, 1], [1, 1]], "decoder_inputs": [[0, 1], [1, 0]],
    "labels": {"inputs": ["le", "chat", "dort"]},
}  # fmt: skip
WRITER = {
    "version": 1,
    "network": {
        "layers": [{"cell": "elman", "units": 2}],
        "readout": {"outputs": 3, "activation": "softmax"},
    },
    "inputs": [[0, 0, 0]], "labels": {"outputs": ["a", "b", "c"]},
}  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "gates": {"scene": "lecture-lstm"},
    "gradient_norms": {"scenes": ["lecture-lstm", "lecture-rnn"]},
    "surface": {"scene": CLIFF, "axes": AXES, "descents": [DESCENT]},
    "training": {"progress": [REPORT]},
    "jacobians": {"scene": "lecture-rnn", "of": "h", "with_respect_to": "h"},
    "bptt": {"scene": CLIFF},
    "attention": {"scene": ATTENTIVE},
    "sampling": {"scene": WRITER, "steps": 4},
}


def figure(client: TestClient, kind: str, **more: Any) -> Any:
    answer = client.post("/api/v1/figures", json={"kind": kind, **ASKED[kind], **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_kind_is_tried() -> None:
    assert set(ASKED) == set(KINDS)


@pytest.mark.parametrize("kind", list(ASKED))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_figure_is_plotly_s_json_with_words_and_a_table(
    client: TestClient, kind: str, lang: str
) -> None:
    found = figure(client, kind, lang=lang, theme="dark")
    assert Figure(found["figure"]).data
    assert found["kind"] == kind
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in found["summary"])
    assert chinese == (lang == "zh")
    widths = {len(row) for row in found["table"]["rows"]}
    assert widths == {len(found["table"]["columns"])}


def test_networks_are_called_by_their_cells_or_as_they_are_named(client: TestClient) -> None:
    columns = figure(client, "gradient_norms")["table"]["columns"]
    assert columns == ["step", "LSTM: h", "LSTM: c", "Simple recurrent network (Elman): h"]
    named = figure(client, "gradient_norms", names=["before"])["table"]["columns"]
    assert named[1:] == ["before: h", "before: c", columns[3]]
    twice = figure(client, "gradient_norms", scenes=["lecture-lstm", "lecture-lstm"])
    assert twice["table"]["columns"][1::2] == ["LSTM 1: h", "LSTM 2: h"]


def test_entries_of_a_surface_are_counted_from_1_as_on_the_page(client: TestClient) -> None:
    assert figure(client, "surface")["table"]["columns"][0] == "W[1,1] \\ b[1]"


def test_the_theme_is_the_page_s(client: TestClient) -> None:
    light, dark = (figure(client, "gates", theme=theme) for theme in ("light", "dark"))
    assert light["figure"]["layout"]["paper_bgcolor"] == "#ffffff"
    assert dark["figure"]["layout"]["paper_bgcolor"] == "#1a1f26"


def test_an_infinite_loss_is_a_word_in_the_table_and_a_mark_in_the_picture(
    client: TestClient,
) -> None:
    found = figure(client, "training")
    assert found["table"]["rows"] == [[1, "Infinity", 2.0, 1.0]]
    assert found["figure"]["data"][1]["text"] == ["∞"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "pie"}, "kind"),
        ({"kind": "gates"}, "scene"),
        ({"kind": "gates", "scene": "lecture-lstm", "theme": "pink"}, "theme"),
        ({"kind": "gates", "scene": "lecture-lstm", "unit": 9}, "unit"),
        ({"kind": "gates", "scene": "lecture-lstm", "place": "readout"}, "place"),
        ({"kind": "gradient_norms", "scenes": []}, "scenes"),
        ({"kind": "gradient_norms", "scenes": ["lecture-lstm", {}]}, "scenes[1].version"),
        ({"kind": "surface", "scene": "lecture-lstm", "axes": AXES}, "loss"),
        ({"kind": "training", "progress": []}, "progress"),
        ({"kind": "bptt", "scene": CLIFF, "parameter": "W_x"}, "parameter"),
        ({"kind": "attention", "scene": "lecture-lstm"}, "network.attention"),
        ({"kind": "jacobians", "scene": "lecture-lstm", "of": "q", "with_respect_to": "h"}, "of"),
    ],
)
def test_a_refusal_names_the_field(client: TestClient, body: Any, field: str) -> None:
    answer = client.post("/api/v1/figures", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field
