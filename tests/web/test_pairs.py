"""Jacobians and gradients through time over HTTP."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve
from unrolled.scenes.limits import Limits

ASKED: Any = {"scene": "lecture-lstm", "of": "c", "with_respect_to": "layers.0.forward.c"}
DOUBLING: Any = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 1, "options": {"activation": "identity"},
                            "weights": {"W_h": [[1]], "U_h": [[2]]}}]},
    "inputs": [[1], [0], [3]],
}  # fmt: skip


def jacobians(client: TestClient, **more: Any) -> Any:
    answer = client.post("/api/v1/jacobians", json={**ASKED, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def bptt(client: TestClient, **more: Any) -> Any:
    answer = client.post("/api/v1/bptt", json={"scene": DOUBLING, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_memory_reaches_later_memory_through_the_forget_gates(client: TestClient) -> None:
    found = jacobians(client, spectral=True)
    np.testing.assert_allclose(found["spectral"][4][:4], found["frobenius"][4][:4], 1e-12)
    assert found["frobenius"][0] == [1, None, None, None, None]
    assert found["frobenius"][3][0] > 0.99
    assert found["frobenius"][4][3] < 1e-3


def test_without_spectral_norms_there_are_none(client: TestClient) -> None:
    found = jacobians(client, scene=DOUBLING, of="h", with_respect_to="h")
    assert found == {"frobenius": [[1, None, None], [2, 1, None], [4, 2, 1]], "spectral": None}


def test_what_is_not_finite_travels_as_a_word(client: TestClient) -> None:
    scene = {**DOUBLING, "network": {"layers": [{**DOUBLING["network"]["layers"][0],
             "weights": {"W_h": [[0]], "U_h": [[1e200]]}}]}}  # fmt: skip
    found = jacobians(client, scene=scene, of="h", with_respect_to="h")
    assert found["frobenius"][2] == ["Infinity", 1e200, 1]
    # Zero comes in, so that what has grown beyond bounds is multiplied with it.
    norms = bptt(client, scene={**scene, "inputs": [[0], [0], [0]]})["parameters"]
    assert norms["layers.0.forward.b_h"]["norms"][2] == ["Infinity", 1e200, 1]
    assert norms["layers.0.forward.W_h"]["norms"][2] == ["NaN", 0, 0]


def test_norms_of_every_parameter_have_losses_as_rows_and_uses_as_columns(
    client: TestClient,
) -> None:
    found = bptt(client)["parameters"]
    assert set(found) == {f"layers.0.forward.{name}" for name in ("W_h", "U_h", "b_h")}
    assert found["layers.0.forward.W_h"]["norms"] == [[1, 0, 0], [2, 0, 0], [4, 0, 3]]
    assert found["layers.0.forward.U_h"]["norms"] == [[0, 0, 0], [0, 1, 0], [0, 2, 2]]


def test_the_terms_of_an_entry_sum_to_its_gradient(client: TestClient) -> None:
    found = bptt(client, parameter="W_h", entry=[0, 0])
    assert found == {"terms": [[1, 0, 0], [2, 0, 0], [4, 0, 3]], "gradient": 10}


def test_without_an_entry_every_entry_has_its_terms(client: TestClient) -> None:
    found = bptt(client, parameter="b_h")
    assert found["gradient"] == [11]
    assert found["terms"][2] == [[4], [2], [1]]


@pytest.mark.parametrize(
    ("route", "change", "field"),
    [
        ("jacobians", {"of": "readout.q"}, "of"),
        ("jacobians", {"with_respect_to": "W_f"}, "with_respect_to"),
        ("jacobians", {"spectral": 1}, "spectral"),
        ("bptt", {"parameter": "c"}, "parameter"),
        ("bptt", {"parameter": "W_f", "entry": [0, 3]}, "entry"),
        ("bptt", {"entry": [0]}, "parameter"),
        ("bptt", {"scene": "nothing"}, "scene"),
        ("jacobians", {"scene": "encoder-decoder"}, "network.shape"),
        ("bptt", {"scene": "encoder-decoder"}, "network.shape"),
    ],
)
def test_what_cannot_be_answered_is_422_by_its_field(
    client: TestClient, route: str, change: Any, field: str
) -> None:
    asked = ASKED if route == "jacobians" else {"scene": "lecture-lstm"}
    answer = client.post(f"/api/v1/{route}", json={**asked, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("limits", "route", "asked", "named"),
    [
        (Limits(pairs=1), "jacobians", ASKED, "UNROLLED_MAX_PAIRS"),
        (Limits(pairs=1), "bptt", {"scene": DOUBLING}, "UNROLLED_MAX_PAIRS"),
        (Limits(table=8), "jacobians", ASKED, "UNROLLED_MAX_TABLE"),
        (Limits(table=8), "bptt", {"scene": DOUBLING}, "UNROLLED_MAX_TABLE"),
        (Limits(table=8), "bptt", {"scene": DOUBLING, "parameter": "W_h"}, "UNROLLED_MAX_TABLE"),
    ],
)
def test_a_table_beyond_a_limit_is_refused_by_the_limits_name(
    serve: Serve, limits: Limits, route: str, asked: Any, named: str
) -> None:
    answer = serve(limits=limits).post(f"/api/v1/{route}", json=asked)
    assert answer.status_code == 422
    assert named in answer.json()["errors"][0]["expected"]


def test_a_table_asked_for_again_is_the_same_and_takes_no_room_twice(serve: Serve) -> None:
    client = serve()

    def kept() -> str:
        lines = client.get("/metrics").text.splitlines()
        return next(line for line in lines if line.startswith("unrolled_answer_cache_bytes "))

    first, size = bptt(client), kept()
    assert (bptt(client), kept()) == (first, size)
    bptt(client, parameter="W_h")
    assert kept() != size


def test_nothing_is_kept_beyond_the_room_there_is(serve: Serve) -> None:
    client = serve(answer_cache=10)
    assert bptt(client) == bptt(client)
    assert "unrolled_answer_cache_bytes 0" in client.get("/metrics").text
