"""A thousand browsers ask the same at once: one piece of work, and nobody is turned away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import Request

from unrolled.settings import Settings
from unrolled.web.api.requests import shared
from unrolled.web.app import create_app
from unrolled.web.problems import ProblemError
from unrolled.web.services import Services

FOLLOWERS = 1000


@pytest.fixture
def given() -> Iterator[Services]:
    services: Services = create_app(Settings(database=":memory:", queue=1)).state.services
    yield services
    services.checks.close()
    services.work.close()


def request(document: Any, path: str = "/api/v1/traces") -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(document).encode()}

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"",
             "server": ("127.0.0.1", 8000), "scheme": "http"}  # fmt: skip
    return Request(scope, receive)


async def test_followers_of_one_edit_share_its_check(given: Services) -> None:
    made = []

    async def make() -> int:
        return await given.checks.run(lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]

    asked = [shared(given, request({"scene": "a"}), make) for _ in range(FOLLOWERS)]
    assert set(await asyncio.gather(*asked)) == {1}


async def test_without_sharing_most_of_them_would_be_turned_away(given: Services) -> None:
    asked = [given.checks.run(lambda: None) for _ in range(FOLLOWERS)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, ProblemError) for answer in answers) > FOLLOWERS / 2


async def test_other_bodies_and_other_routes_are_other_work(given: Services) -> None:
    made: list[str] = []

    async def make(name: str) -> str:
        await asyncio.sleep(0)
        made.append(name)
        return name

    asked = [
        shared(given, request({"scene": "a"}), lambda: make("a")),
        shared(given, request({"scene": "b"}), lambda: make("b")),
        shared(given, request({"scene": "a"}, "/api/v1/descriptions"), lambda: make("c")),
    ]
    assert await asyncio.gather(*asked) == ["a", "b", "c"]
    assert made == ["a", "b", "c"]
