"""Errors leave as problem documents, on every route, and tell nobody what is none of theirs."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from unrolled.web.app import create_app


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/nowhere", 404),
        ("POST", "/api/v2/traces", 404),
        ("GET", "/api/v1/traces/0123", 404),
        ("GET", "/api/v1/cells/lstn", 404),
        ("GET", "/api/v1/lessons/lecture-cnn", 404),
        ("GET", "/lessons/lecture-cnn", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/api/v1/traces", 405),
        ("DELETE", "/api/v1/lessons", 405),
        ("PUT", "/healthz", 405),
        ("POST", "/", 405),
    ],
)
def test_unknown_routes_and_wrong_methods_are_problem_documents(
    client: TestClient, method: str, address: str, status: int
) -> None:
    answer = client.request(method, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= set(problem)
    assert problem["status"] == status


def test_a_wrong_method_is_told_the_right_ones(client: TestClient) -> None:
    answer = client.delete("/api/v1/lessons")
    assert answer.headers["allow"] == "GET"
    assert "GET" in answer.json()["detail"]


def test_an_unknown_exception_is_500_without_its_text() -> None:
    app = create_app()

    def fails() -> Any:
        raise RuntimeError("the password is swordfish")

    app.add_api_route("/fails", fails)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "swordfish" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/fails", "/fails"])
def test_an_unexpected_500_has_the_headers_of_any_other_answer(path: str) -> None:
    app = create_app()

    def fails() -> Any:
        raise RuntimeError

    app.add_api_route(path, fails)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get(path, headers={"Origin": "null"})
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert (answer.headers.get("access-control-allow-origin") == "*") == path.startswith("/api")


def test_a_parameter_that_the_framework_refuses_is_named_as_well() -> None:
    app = create_app()

    def doubled(number: int) -> int:
        return 2 * number

    app.add_api_route("/doubled", doubled)
    with TestClient(app) as client:
        problem = client.get("/doubled?number=three").json()
    assert problem["status"] == 422
    assert problem["errors"][0]["field"] == "number"
    assert problem["errors"][0]["got"] == '"three"'


def test_head_is_get_without_a_body(client: TestClient) -> None:
    assert client.head("/healthz").status_code == 200
