"""Encoder–decoders over HTTP: traces, arithmetic, pages; clear words where there is nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load
from starlette.testclient import TestClient

from tests.scenes.documents import TRANSLATION, greedy


def posted(client: TestClient, route: str, document: Any) -> Any:
    answer = client.post(f"/api/v1/{route}", json=document)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_trace_has_both_halves_and_what_the_decoder_looked_at(client: TestClient) -> None:
    found = posted(client, "traces", {"scene": TRANSLATION, "gradients": True})
    assert found["steps"] == found["decoder"]["steps"] == 2
    assert found["encoder"]["steps"] == 4
    assert "layers" not in found
    (reader,) = found["encoder"]["layers"]
    assert [each["direction"] for each in reader["directions"]] == ["forward", "backward"]
    attention = found["attention"]
    alpha = np.array(attention["alpha"])
    assert alpha.shape == np.shape(attention["gradients"]["alpha"]) == (2, 4)
    np.testing.assert_allclose(alpha.sum(axis=1), 1)
    assert set(attention["parameter_gradients"]) == {"v_a", "W_q", "W_k"}
    assert np.shape(found["input_gradients"]) == (4, 2)
    assert np.shape(found["decoder_input_gradients"]) == (2, 3)


def test_a_decoder_that_feeds_itself_says_what_it_was_fed(client: TestClient) -> None:
    found = posted(client, "traces", {"scene": greedy(steps=5), "gradients": True})
    likeliest = np.eye(3)[np.argmax(found["outputs"], axis=1)]
    np.testing.assert_array_equal(found["decoder"]["inputs"], [[0, 0, 0], *likeliest[:-1]])
    assert found["decoder_input_gradients"] is None


def test_arrays_are_named_by_their_halves(client: TestClient) -> None:
    headers = {"Accept": "application/vnd.safetensors"}
    answer = client.post("/api/v1/traces", json={"scene": TRANSLATION}, headers=headers)
    arrays = load(answer.content)
    assert arrays["decoder.attention.values.alpha"].shape == (2, 4)
    assert arrays["encoder.layers.0.backward.values.c"].shape == (4, 2)
    assert arrays["decoder.layers.0.forward.values.c"].shape == (2, 4)
    assert arrays["decoder_inputs"].shape == (2, 3)


@pytest.mark.parametrize(
    ("address", "t"),
    [
        ("decoder.attention.scores[3]", 1),
        ("decoder.attention.alpha[0]", 0),
        ("decoder.attention.context[3]", 1),
        ("encoder.layers.0.backward.h[1]", 2),
        ("encoder.layers.0.forward.c[0]", 3),
        ("decoder.layers.0.forward.h[2]", 0),
        ("readout.z[1]", 1),
    ],
)
def test_every_number_opens_forward_and_backward(client: TestClient, address: str, t: int) -> None:
    part, _, rest = address.rpartition(".")
    name, unit = rest.rstrip("]").split("[")
    trace = posted(client, "traces", {"scene": TRANSLATION, "gradients": True})
    for way, group in (("forward", "values"), ("backward", "gradients")):
        asked = {"scene": TRANSLATION, "address": address, "t": t, "pass": way}
        found = posted(client, "explanations", asked)
        assert found["value"] == held(trace, part, group)[name][t][int(unit)]
        if found["apply"] is None:
            assert sum(each["value"] for each in found["terms"]) == pytest.approx(found["value"])


def held(trace: Any, part: str, group: str) -> Any:
    """Values or gradients of a part of a trace's document."""
    if part == "readout":
        return trace[part][group]
    if part == "decoder.attention":
        return trace["attention"] if group == "values" else trace["attention"][group]
    half, _, number, direction = part.split(".")
    directions = trace[half]["layers"][int(number)]["directions"]
    side = next(each for each in directions if each["direction"] == direction)
    return side[group]


@pytest.mark.parametrize("entry", ["v_a[1]", "W_q[2][3]", "W_k[0][1]"])
def test_a_weight_of_attention_tells_where_its_gradient_comes_from(
    client: TestClient, entry: str
) -> None:
    asked = {"scene": TRANSLATION, "address": f"decoder.attention.{entry}", "pass": "backward"}
    found = posted(client, "explanations", asked)
    trace = posted(client, "traces", {"scene": TRANSLATION, "gradients": True})
    name, *indices = entry.replace("]", "").split("[")
    wanted = np.array(trace["attention"]["parameter_gradients"][name])[tuple(map(int, indices))]
    assert found["value"] == pytest.approx(wanted)
    assert sum(each["value"] for each in found["terms"]) == pytest.approx(wanted)


AXIS = {"parameter": "readout.b", "from": 0, "to": 1, "points": 2}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "surfaces": {"axes": [{**AXIS, "entry": [0]}, {**AXIS, "entry": [1]}], "descents": []},
    "jacobians": {"of": "decoder.layers.0.forward.h",
                  "with_respect_to": "decoder.layers.0.forward.h"},
    "bptt": {},
    "samples": {"steps": 3, "temperature": 1, "seed": 0, "eos": None},
}  # fmt: skip


@pytest.mark.parametrize("route", ELSEWHERE)
def test_what_there_is_not_for_two_stacks_is_refused_by_the_shapes_name(
    client: TestClient, route: str
) -> None:
    answer = client.post(f"/api/v1/{route}", json={"scene": TRANSLATION, **ELSEWHERE[route]})
    assert answer.status_code == 422
    (mistake,) = answer.json()["errors"]
    assert mistake["field"].endswith("network.shape")
    assert "encoder-decoder" in mistake["got"]


@pytest.mark.parametrize("lesson", ["attention", "encoder-decoder"])
def test_its_lessons_have_pages_and_say_their_steps(client: TestClient, lesson: str) -> None:
    for page in (f"/lessons/{lesson}", f"/embed/{lesson}?lang=zh"):
        assert client.get(page).status_code == 200
    scenes = client.get(f"/api/v1/lessons/{lesson}").json()["scenes"]
    assert [each["steps"] for each in scenes] == [
        each["scene"]["network"]["steps"] for each in scenes
    ]
