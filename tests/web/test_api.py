"""Cells, lessons and what the operator asks for."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve
from unrolled.engine.cell import catalogue

MINE = {
    "id": "mine",
    "state": ["h"],
    "output": "h",
    "equations": "z_h = W @ x + U @ h[t-1]\nh = activation(z_h)",
    "options": {"activation": ["tanh", "relu"]},
}


def test_every_cell_of_the_catalogue_is_listed_and_described(client: TestClient) -> None:
    listed = client.get("/api/v1/cells").json()
    assert [each["id"] for each in listed] == list(catalogue())
    for each in listed:
        described = client.get(f"/api/v1/cells/{each['id']}").json()
        assert described["text"] == each["text"]
        assert each["sizes"] == {value["name"]: value["size"] for value in described["equations"]}
        assert {"equations", "parameters", "symbols", "graph"} <= set(described)


def test_an_equation_comes_in_every_notation(client: TestClient) -> None:
    described = client.get("/api/v1/cells/lstm").json()
    memory = next(each for each in described["equations"] if each["name"] == "c")
    assert set(memory["notations"]) == {"lee", "ng", "colah", "pytorch"}
    assert all(form["latex"] and form["mathml"] for form in memory["notations"].values())


def test_typed_equations_are_described_and_not_stored(client: TestClient) -> None:
    described = client.post("/api/v1/cells", json=MINE).json()
    assert [each["name"] for each in described["equations"]] == ["z_h", "h"]
    assert client.get("/api/v1/cells/mine").status_code == 404


def test_a_mistake_in_typed_equations_tells_line_and_column(client: TestClient) -> None:
    answer = client.post("/api/v1/cells", json={**MINE, "equations": "z_h = W @ x\nh = sin(z_h)"})
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert (error["field"], error["line"], error["column"]) == ("equations", 2, 5)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "lstm"}, "id"),
        ({"id": "../x"}, "id"),
        ({"state": "h"}, "state"),
        ({"state": ["q"]}, "state"),
        ({"output": "q"}, "output"),
        ({"equations": "x" * 10_001}, "equations"),
        ({"equations": "h = " + "(" * 5000}, "equations"),
        ({"options": {"activation": ["exec"]}}, "options.activation"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_cell_names_its_field(client: TestClient, change: Any, field: str) -> None:
    answer = client.post("/api/v1/cells", json={**MINE, **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_lessons_are_listed_in_the_order_they_are_taught(client: TestClient) -> None:
    listed = client.get("/api/v1/lessons").json()
    ids = [each["id"] for each in listed]
    assert ids.index("lecture-rnn") < ids.index("memory-rule") < ids.index("lecture-lstm")
    assert all(each["title"]["en"] and each["title"]["zh"] for each in listed)


def test_a_lesson_carries_its_scenes_narration_and_questions(client: TestClient) -> None:
    lesson = client.get("/api/v1/lessons/lecture-rnn").json()
    assert [each["id"] for each in lesson["scenes"]] == ["in-order", "reordered"]
    assert lesson["scene"] == lesson["scenes"][0]["scene"]
    assert lesson["narration"][0]["t"] is None
    assert lesson["narration"][0]["pass"] == "forward"
    assert len(lesson["questions"]) >= 2


def test_a_full_queue_is_not_ready_and_says_when_to_come_again(serve: Serve) -> None:
    client = serve(threads=1, queue=0)
    work = client.app.state.services.work  # type: ignore[attr-defined]
    work._pending = 1
    assert client.get("/readyz").status_code == 503
    answer = client.post("/api/v1/traces", json={"scene": "lecture-rnn"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    work._pending = 0
    assert client.get("/readyz").status_code == 200


def test_counters_name_routes_and_never_addresses(serve: Serve) -> None:
    client = serve()
    client.get("/api/v1/lessons/lecture-rnn")
    client.get("/secret-code-K7MPX2")
    text = client.get("/metrics").text
    assert 'route="/api/v1/lessons/{identifier}",method="GET",status="200"} 1' in text
    assert 'route="none",method="GET",status="404"} 1' in text
    assert "K7MPX2" not in text


def test_the_api_is_described_without_another_host(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/traces" in described["paths"]
    assert client.get("/redoc").status_code == 404
