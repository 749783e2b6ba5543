"""Scenes stored over HTTP: by their content, at a pace, and not without a place for them."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve

SCENE: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 1, "weights": {"W_h": [[1]]}}]},
    "inputs": [[0.5], [1]],
}


@pytest.fixture
def server(serve: Serve) -> TestClient:
    return serve(database=":memory:")


def test_a_stored_scene_is_read_by_its_id_and_the_same_has_one(server: TestClient) -> None:
    made = [server.post("/api/v1/scenes", json={"scene": SCENE}) for _ in range(2)]
    names = {answer.json()["id"] for answer in made}
    assert [answer.status_code for answer in made] == [201, 201]
    (name,) = names
    found = server.get(f"/api/v1/scenes/{name}")
    assert found.json() == {"id": name, "scene": SCENE}
    assert "immutable" in found.headers["cache-control"]


@pytest.mark.parametrize("name", ["s_AAAAAAAAAAAAAAAAAAAAAA", "lecture-rnn", "s_.."])
def test_what_was_never_stored_is_not_found(server: TestClient, name: str) -> None:
    assert server.get(f"/api/v1/scenes/{name}").status_code == 404


def test_what_is_no_scene_is_not_stored(server: TestClient) -> None:
    answer = server.post("/api/v1/scenes", json={"scene": {"version": 1}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "network"


def test_without_a_database_rooms_are_503_and_lessons_go_on(serve: Serve, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("")
    server = serve(database=str(tmp_path / "file" / "rooms.sqlite3"))
    answer = server.post("/api/v1/rooms", json={"lesson": "lecture-rnn"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert server.post("/api/v1/scenes", json={"scene": SCENE}).status_code == 503
    assert server.get("/lessons/lecture-rnn").status_code == 200


def test_a_page_of_another_origin_stores_no_scene(server: TestClient) -> None:
    headers = {"Origin": "https://evil.example"}
    assert server.post("/api/v1/scenes", json={"scene": SCENE}, headers=headers).status_code == 403


def test_so_many_scenes_a_minute_from_one_address(serve: Serve) -> None:
    server = serve(scene_storings=2)
    answers = [server.post("/api/v1/scenes", json={"scene": SCENE}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "UNROLLED_SCENE_STORINGS" in answers[2].json()["detail"]
