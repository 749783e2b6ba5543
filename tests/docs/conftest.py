"""A server in this process for the documents' examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.docs.running import SERVER, Runner
from unrolled.settings import Settings
from unrolled.web.app import create_app


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """A client of a server with the usual settings."""
    with TestClient(create_app(Settings(database=":memory:")), base_url=SERVER) as found:
        yield found


@pytest.fixture
def runner(client: TestClient, tmp_path: Path) -> Runner:
    """Runs a document's examples in a folder of their own."""
    return Runner(tmp_path, lambda request: client.request(**request).text)
