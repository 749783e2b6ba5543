"""Descriptions of scenes: what a page draws before it has a number."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

SMALL: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 1}]},
    "inputs": [[1], [2]],
}


def described(client: TestClient, scene: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/descriptions", json={"scene": scene})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_defaults_are_filled_and_every_layer_has_its_cell(client: TestClient) -> None:
    network = {
        "layers": [
            {"cell": "lstm", "units": 2, "options": {"output_activation": "identity"}},
            {"cell": "elman", "units": 1},
        ],
        "readout": {"outputs": 1},
    }
    found = described(client, {**SMALL, "network": network})
    assert found["scene"]["network"]["shape"] == "many-to-many"
    assert [found["cells"][key]["id"] for key in found["layers"]] == ["lstm", "elman"]
    assert found["cells"][found["layers"][0]]["chosen"]["output_activation"] == "identity"
    assert found["cells"][found["readout"]]["id"] == "readout"


def test_attention_is_described_in_the_notations_of_cells(client: TestClient) -> None:
    half = {"layers": [{"cell": "gru", "units": 2}]}
    network = {"shape": "encoder-decoder", "encoder": half, "decoder": half,
               "attention": "general"}  # fmt: skip
    scene = {**SMALL, "network": network, "decoder_inputs": [[1], [2], [3]]}
    found = described(client, scene)
    assert found["steps"] == 3
    assert [found["cells"][key]["id"] for key in found["layers"]] == ["gru", "gru"]
    equations = found["cells"][found["attention"]]["equations"]
    assert [each["notations"]["colah"]["text"] for each in equations] == [
        "scores_t = K (W_aᵀ q_t)", "α_t = softmax(scores_t)", "context_t = Kᵀ α_t",
    ]  # fmt: skip
    assert [each["notations"]["lee"]["latex"] for each in equations][2] == (
        r"\mathrm{context}^{t} = K^{\top}\,\alpha^{t}"
    )
    assert described(client, SMALL)["attention"] is None


def test_steps_of_a_text_are_its_words(client: TestClient) -> None:
    encoding = {"kind": "word", "vocabulary": ["leave", "arrive"], "other": True}
    scene = {**SMALL, "text": "arrive in Taipei", "encoding": encoding}
    scene.pop("inputs")
    found = described(client, scene)
    assert found["steps"] == 3
    assert found["rows"] == [[0, 1, 0], [0, 0, 1], [0, 0, 1]]


def test_a_lesson_is_described_by_its_name(client: TestClient) -> None:
    assert described(client, "lecture-lstm")["steps"] == 5


@pytest.mark.parametrize(
    ("layer", "field"),
    [
        ({"cell": "none", "units": 1}, "network.layers[0].cell"),
        ({"cell": "elman", "units": 1, "weights": {"W_h": [[1, 2]]}}, "layers[0].weights.W_h"),
    ],
)
def test_a_scene_that_cannot_run_is_refused_by_field(
    client: TestClient, layer: dict[str, Any], field: str
) -> None:
    answer = client.post(
        "/api/v1/descriptions", json={"scene": {**SMALL, "network": {"layers": [layer]}}}
    )
    assert answer.status_code == 422
    assert field in answer.json()["errors"][0]["field"]
