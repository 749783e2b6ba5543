"""What the routes work with: made once by `app.create_app`, reached through the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from unrolled.rooms.brokers import Broker
from unrolled.scenes.lessons import Lesson
from unrolled.settings import Settings
from unrolled.web.callers import Callers
from unrolled.web.kept import Kept
from unrolled.web.metrics import Metrics
from unrolled.web.static import Assets
from unrolled.web.store import TraceStore
from unrolled.web.work import Work


@dataclass(frozen=True)
class Services:
    """Settings, the lessons they lead to, and the shared machinery of one process.

    `work` computes; `checks` reads and judges documents, beside it, so that a small question need
    not wait behind a long computation.
    """

    settings: Settings
    lessons: Mapping[str, Lesson]
    metrics: Metrics
    work: Work
    checks: Work
    traces: TraceStore
    kept: Kept
    assets: Assets
    broker: Broker
    storing: Callers


def services(connection: HTTPConnection) -> Services:
    """The services of the application that this request came to."""
    found = connection.app.state.services
    assert isinstance(found, Services)
    return found


Given = Annotated[Services, Depends(services)]
"""The type of a route's argument that wants the services."""
