"""The arithmetic of one number, asked for over HTTP."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve


def explained(client: TestClient, **asked: Any) -> Any:
    answer = client.post("/api/v1/explanations", json={"scene": "lecture-lstm", **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_input_gates_sum_is_taken_apart(client: TestClient) -> None:
    found = explained(client, address="layers.0.forward.z_i[0]", t=0)
    assert found["value"] == 90
    products = [[factor["value"] for factor in term["factors"]] for term in found["terms"]]
    assert [100, 1] in products
    assert [-10] in products
    assert sum(term["value"] for term in found["terms"]) == 90
    assert found["text"]["en"]
    assert found["text"]["zh"]


def test_every_term_is_the_product_of_its_factors(client: TestClient) -> None:
    found = explained(client, address="layers.0.forward.c[0]", t=3)
    for term in found["terms"]:
        assert term["value"] == prod(factor["value"] for factor in term["factors"])
    assert sum(term["value"] for term in found["terms"]) == found["value"]


def test_a_gate_names_the_function_and_what_it_is_applied_to(client: TestClient) -> None:
    found = explained(client, address="f", t=2)
    assert found["apply"].items() >= {"function": "sigmoid", "argument": 10}.items()
    assert found["value"] == pytest.approx(0.99995, abs=1e-5)


def test_the_backward_pass_is_explained_from_a_trace_with_gradients(client: TestClient) -> None:
    body = {"scene": "lecture-lstm", "gradients": True}
    trace = client.post("/api/v1/traces", json=body).json()
    held = trace["layers"][0]["directions"][0]["gradients"]["c"][3][0]
    found = explained(client, address="c", t=3, **{"pass": "backward"})
    assert found["value"] == held
    assert sum(term["value"] for term in found["terms"]) == pytest.approx(held, rel=1e-12)


def test_explaining_many_numbers_computes_the_scene_once(serve: Serve) -> None:
    client = serve()
    for t in range(5):
        explained(client, address="c", t=t)
    assert "unrolled_traces_computed_total 1\n" in client.get("/metrics").text


def test_several_numbers_of_a_step_come_with_one_request(client: TestClient) -> None:
    addresses = ["z_i[0]", "layers.0.forward.c[0]", "W_f[0][1]"]
    found = explained(client, addresses=addresses, t=2)["explanations"]
    assert found == [explained(client, address=address, t=2) for address in addresses]


def test_a_weights_gradient_needs_no_step(client: TestClient) -> None:
    whole = explained(client, address="W_g[0][0]", **{"pass": "backward"})
    assert whole["t"] is None
    assert whole["value"] == pytest.approx(sum(term["value"] for term in whole["terms"]))
    at_two = explained(client, address="W_g[0][0]", t=2, **{"pass": "backward"})
    assert at_two["value"] == whole["terms"][2]["value"]


def test_the_gradient_of_one_row_at_each_of_the_steps_made_of_it(client: TestClient) -> None:
    scene = {
        "version": 1,
        "network": {"layers": [{"cell": "elman", "units": 1, "options": {"activation": "identity"},
                                "weights": {"W_h": [[1]], "U_h": [[2]]}}],
                    "shape": "one-to-many", "steps": 3, "repeat": True},
        "inputs": [[1]],
    }  # fmt: skip
    asked = {"scene": scene, "address": "x[0]", "pass": "backward"}
    assert [explained(client, t=t, **asked)["value"] for t in range(3)] == [7, 3, 1]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"address": "c", "t": 5}, "t"),
        ({"address": "c", "t": -1}, "t"),
        ({"address": "c", "t": "1"}, "t"),
        ({"address": "c", "t": None}, "t"),
        ({"address": "c[1]", "t": 1}, "address"),
        ({"address": "q", "t": 1}, "address"),
        ({"address": "readout.y", "t": 1}, "address"),
        ({"address": "layers.9.forward.c", "t": 1}, "address"),
        ({"address": "", "t": 1}, "address"),
        ({"address": "c[", "t": 1}, "address"),
        ({"address": "c[99999999999999999999]", "t": 1}, "address"),
        ({"address": "__class__", "t": 1}, "address"),
        ({"t": 1}, "address"),
        ({"address": "c"}, "t"),
        ({"address": "c", "addresses": ["c"], "t": 1}, "address"),
        ({"addresses": [], "t": 1}, "addresses"),
        ({"addresses": ["c"] * 65, "t": 1}, "addresses"),
        ({"addresses": ["c", "c[4]"], "t": 1}, "addresses[1]"),
        ({"addresses": ["c"], "t": 9}, "t"),
        ({"address": "W_f", "t": 1}, "address"),
        ({"address": "W_f[0][7]", "pass": "backward"}, "address"),
        ({"address": "c", "t": 1, "pass": "sideways"}, "pass"),
    ],
)
def test_a_number_that_is_not_there_is_422(client: TestClient, asked: Any, field: str) -> None:
    answer = client.post("/api/v1/explanations", json={"scene": "lecture-lstm", **asked})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
