"""A server to ask, in this process, without a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from unrolled.settings import Settings
from unrolled.web.app import create_app

Serve = Callable[..., TestClient]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A client of a server with the settings given."""
    with ExitStack() as stack:

        def start(**settings: Any) -> TestClient:
            app = create_app(replace(Settings(database=":memory:"), **settings))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a server with the usual settings."""
    with TestClient(
        create_app(Settings(database=":memory:")), raise_server_exceptions=False
    ) as found:
        yield found
