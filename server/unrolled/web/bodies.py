"""Request bodies: never more than the limit in memory, parsed without surprises."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.scenes import reading
from unrolled.scenes.errors import WHOLE
from unrolled.web.problems import ProblemError
from unrolled.web.services import services

# A body over the limit is read to its end and dropped, so that the client has done with writing
# and reads the answer; from here on the connection is simply closed.
DRAINED = 128_000_000
DRAIN_SECONDS = 10.0

Model = TypeVar("Model", bound=BaseModel)
_FORMS: dict[Callable[..., Any], tuple[type[BaseModel], ...]] = {}


class BodyLimit:
    """Middleware: answers 413 to bodies over `limit` bytes, declared or streamed."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application with a `receive` that counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            if b"expect" not in headers and int(declared) <= DRAINED:
                await self._drain(receive)
            await self._problem().response()(scope, receive, send)
            return
        await self._counted(scope, receive, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                if message.get("more_body", False):
                    await self._drain(receive)
                raise self._problem()
            return message

        await self._app(scope, counting, send)

    async def _drain(self, receive: Receive) -> None:
        dropped, end = 0, time.monotonic() + DRAIN_SECONDS
        while dropped < DRAINED and time.monotonic() < end:
            message = await receive()
            dropped += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body", False):
                return

    def _problem(self) -> ProblemError:
        expected = f"at most {self._limit} bytes (limit body, UNROLLED_MAX_BODY)"
        return ProblemError(
            413,
            f"{WHOLE}: expected {expected}, got more",
            kind="urn:unrolled:problem:too-large",
            headers={"Connection": "close"},
            errors=[{"field": WHOLE, "expected": expected, "got": "more"}],
        )


def of(kind: type[Model]) -> Any:
    """What makes a route's argument its body, read and judged: `Annotated[X, bodies.of(X)]`."""

    async def read(request: Request) -> Model:
        return reading.model(kind, await document(request))

    _FORMS[read] = (kind,)
    return Depends(read)


def takes(*kinds: type[BaseModel]) -> Any:
    """For the reference: the forms of a body that the route itself reads."""

    async def noted() -> None:
        pass

    _FORMS[noted] = kinds
    return Depends(noted)


def forms(route: APIRoute) -> list[type[BaseModel]]:
    """The forms that a route's body may have; none where it takes no document."""
    calls = (each.call for each in route.dependant.dependencies)
    return [kind for call in calls if call is not None for kind in _FORMS.get(call, ())]


async def document(request: Request) -> Any:
    """The body as plain data; raises `DocumentError` where it is no JSON.

    Small ones are parsed at once, large ones beside the event loop.
    """
    body = await request.body()
    if len(body) < 50_000:
        return reading.parse(body)
    return await services(request).checks.run(lambda: reading.parse(body))
