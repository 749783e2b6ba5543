"""Who may call, frame and read us."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve


@pytest.mark.parametrize("address", ["/", "/lessons/lecture-rnn", "/nowhere", "/api/v1/cells"])
def test_no_other_origin_frames_our_pages(client: TestClient, address: str) -> None:
    policy = client.get(address).headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search("(default|script)-src[^;]*unsafe", policy)
    assert not re.search(r"https?:", policy)


def test_embeds_may_be_framed_by_those_the_setting_names(serve: Serve) -> None:
    client = serve(frame_ancestors="https://moodle.example.edu")
    headers = client.get("/embed/lecture-rnn").headers
    assert "frame-ancestors https://moodle.example.edu" in headers["content-security-policy"]
    assert "x-frame-options" not in headers
    assert "set-cookie" not in headers


@pytest.mark.parametrize("address", ["/", "/healthz", "/nowhere", "/static/nothing"])
def test_every_answer_carries_the_safe_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "192.168.1.7:8000",
        "[::1]:8000",
        "lab-pc",
        "lab-pc.local:8000",
    ],
)
def test_addresses_and_private_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example.com", "127.0.0.1.evil.com", "localhost@evil.com", "a b", "", "x/y", "[::1", "é"],
)
def test_a_strangers_name_is_not_answered(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={b"Host": host.encode()})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_further_names_are_a_setting(serve: Serve) -> None:
    client = serve(allowed_hosts="rnn.example.edu, www.rnn.example.edu")
    answer = client.get("/healthz", headers={"Host": "WWW.rnn.example.edu:443"})
    assert answer.status_code == 200


def test_with_a_public_address_the_proxy_may_use_any_name(serve: Serve) -> None:
    client = serve(public_url="https://rnn.example.edu")
    assert client.get("/healthz", headers={"Host": "backend.example.net"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "a b"}).status_code == 400


@pytest.mark.parametrize(
    "address", ["/api/v1/cells", "/api/v1/lessons/lecture-rnn", "/api/v1/nowhere", "/static/x.js"]
)
def test_stateless_routes_and_files_may_be_read_by_any_origin(
    client: TestClient, address: str
) -> None:
    headers = client.get(address, headers={"Origin": "null"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("address", ["/", "/healthz", "/api/v1/rooms", "/api/v1/scenes"])
def test_everything_else_is_our_own_origins(client: TestClient, address: str) -> None:
    assert "access-control-allow-origin" not in client.get(address).headers


def test_a_preflight_is_answered(client: TestClient) -> None:
    asked = {"Origin": "null", "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/v1/traces", headers=asked)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]
