"""Error surfaces over HTTP: the cliff, descents over it, and what is refused."""

from __future__ import annotations

import copy
import time
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve
from unrolled.scenes.limits import Limits

CLIFF: Any = {
    "version": 1,
    "network": {
        "layers": [
            {
                "cell": {
                    "id": "cliff",
                    "state": ["h"],
                    "output": "y",
                    "equations": "a = sigmoid(h[t-1])\nh = W @ a + b\ny = sigmoid(h)",
                },
                "units": 1,
                "weights": {"W": [[6]], "b": [-2.4]},
            }
        ],
        "shape": "many-to-one",
    },
    "inputs": [[0]] * 50,
    "initial": [{"h": [0.5]}],
    "targets": [[0.7]],
    "loss": "squared_error",
}
AXES: Any = [
    {"parameter": "W", "entry": [0, 0], "from": 4.5, "to": 7.5, "points": 61},
    {"parameter": "layers.0.forward.b", "entry": [0], "from": -2.9, "to": -1.9, "points": 61},
]


def surface(client: TestClient, **more: Any) -> Any:
    body = {"scene": CLIFF, "axes": AXES, **more}
    answer = client.post("/api/v1/surfaces", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def test_the_cliff_stands_where_it_should(client: TestClient) -> None:
    found = surface(client)
    assert found["axes"][0] == pytest.approx(np.linspace(4.5, 7.5, 61))
    assert found["axes"][1] == pytest.approx(np.linspace(-2.9, -1.9, 61))
    loss = np.array(found["loss"])
    assert loss.shape == (61, 61)
    assert loss.min() >= 0
    assert loss.max() == pytest.approx(0.1984, abs=1e-4)
    # Between two neighbours of the grid the loss jumps by most of its range.
    assert np.abs(np.diff(loss, axis=1)).max() > 0.15
    w, b = np.meshgrid(*found["axes"], indexing="ij")
    h = np.full(w.shape, 0.5)
    for _ in range(50):
        h = w * sigma(h) + b
    np.testing.assert_allclose(loss, 0.5 * (sigma(h) - 0.7) ** 2, rtol=0, atol=1e-12)


def test_a_descent_goes_down_and_says_that_its_updates_are_made(client: TestClient) -> None:
    path = surface(client, descents=[{"start": [6, -2.4], "rate": 1, "updates": 20}])
    (descent,) = path["descents"]
    points = np.array(descent["points"])
    assert descent["stopped"] == "updates"
    assert points.shape == (21, 3)
    assert points[0, :2].tolist() == [6, -2.4]
    assert (np.diff(points[:, 2]) < 0).all()


def test_clipping_keeps_steps_at_the_cliff_short(client: TestClient) -> None:
    at_the_edge = {"start": [5.09, -2.66833333], "rate": 0.1, "updates": 1}
    clips = [None, {"norm": 1}, {"value": 0.5}]
    descents = [{**at_the_edge, "clip": clip} for clip in clips]
    free, normed, boxed = (
        np.diff(np.array(each["points"])[:, :2], axis=0)[0]
        for each in surface(client, descents=descents)["descents"]
    )
    assert np.hypot(*free) > 50
    assert np.hypot(*normed) == pytest.approx(0.1, rel=1e-4)
    np.testing.assert_allclose(normed / np.hypot(*normed), free / np.hypot(*free))
    assert np.abs(boxed).max() == pytest.approx(0.05)


def test_a_descent_into_overflow_says_so_and_shows_how_far_it_came(client: TestClient) -> None:
    scene: Any = {
        "version": 1,
        "network": {
            "layers": [
                {
                    "cell": "elman",
                    "units": 1,
                    "options": {"activation": "identity"},
                    "weights": {"U_h": [[3]]},
                }
            ],
            "shape": "many-to-one",
        },
        "inputs": [[0]] * 1000,
        "initial": [{"h": [1]}],
        "targets": [[0]],
        "loss": "squared_error",
    }
    axes = [
        {"parameter": "U_h", "entry": [0, 0], "from": 0.5, "to": 3, "points": 2},
        {"parameter": "b_h", "entry": [0], "from": 0, "to": 0, "points": 1},
    ]
    found = surface(
        client,
        scene=scene,
        axes=axes,
        descents=[
            {"start": [3, 0], "rate": 0.1, "updates": 5},
            {"start": [0.5, 0], "rate": 0.1, "updates": 5},
        ],
    )
    assert found["loss"] == [[pytest.approx(0)], ["Infinity"]]
    overflown, calm = found["descents"]
    assert overflown == {"points": [[3, 0, "Infinity"]], "stopped": "non_finite"}
    assert calm["stopped"] == "updates"
    assert len(calm["points"]) == 6


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: d.pop("axes"), "axes"),
        (lambda d: d["axes"].pop(), "axes"),
        (lambda d: d["axes"].append(AXES[0]), "axes"),
        (lambda d: d["axes"][0].update(parameter="W_q"), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(parameter="layers.7.forward.W"), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(parameter="readout.V"), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(parameter="h"), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(parameter="W[0]"), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(parameter="W[["), "axes[0].parameter"),
        (lambda d: d["axes"][0].update(entry=[0]), "axes[0].entry"),
        (lambda d: d["axes"][1].update(entry=[1]), "axes[1].entry"),
        (lambda d: d["axes"][1].update(entry=[-1]), "axes[1].entry[0]"),
        (lambda d: d["axes"][1].update(parameter="W", entry=[0, 0]), "axes[1].entry"),
        (lambda d: d["axes"][1].update({"from": "low"}), "axes[1].from"),
        (lambda d: d["axes"][1].update({"to": 1e300}), "axes[1].to"),
        (lambda d: d["axes"][1].update(points=0), "axes[1].points"),
        (lambda d: d["axes"][1].update(points=10**9), "axes"),
        (lambda d: d["axes"][1].update(points=True), "axes[1].points"),
        (lambda d: d["descents"][0].update(start=[1]), "descents[0].start"),
        (lambda d: d["descents"][0].update(rate=0), "descents[0].rate"),
        (lambda d: d["descents"][0].update(updates=10**6), "descents[0].updates"),
        (lambda d: d["descents"][0].update(clip={"norm": 0}), "descents[0].clip.norm"),
        (lambda d: d["descents"][0].update(clip={"norm": 1, "value": 1}), "descents[0].clip"),
        (lambda d: d["descents"][0].update(clip=3), "descents[0].clip"),
        (lambda d: d.update(descents=d["descents"] * 17), "descents"),
        (lambda d: d["scene"].update(loss=None), "loss"),
        (lambda d: d["scene"].update(inputs=[]), "inputs"),
    ],
)
def test_what_cannot_be_drawn_is_422_by_its_field(
    client: TestClient, change: Any, field: str
) -> None:
    body = copy.deepcopy(
        {
            "scene": CLIFF,
            "axes": AXES,
            "descents": [{"start": [6, -2.4], "rate": 0.1, "updates": 1}],
        }
    )
    change(body)
    start = time.monotonic()
    answer = client.post("/api/v1/surfaces", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("name", ["grid", "surface"])
def test_a_limit_is_a_setting_and_named(serve: Serve, name: str) -> None:
    client = serve(limits=Limits(**{name: 100}))
    answer = client.post("/api/v1/surfaces", json={"scene": CLIFF, "axes": AXES})
    assert answer.status_code == 422
    assert f"UNROLLED_MAX_{name.upper()}" in answer.json()["errors"][0]["expected"]


def test_many_descents_cost_what_they_cost(client: TestClient) -> None:
    descents = [{"start": [6, -2.4], "rate": 0.1, "updates": 10_000}] * 16
    answer = client.post(
        "/api/v1/surfaces", json={"scene": CLIFF, "axes": AXES, "descents": descents}
    )
    assert answer.status_code == 422
    assert "UNROLLED_MAX_SURFACE" in answer.json()["errors"][0]["expected"]
