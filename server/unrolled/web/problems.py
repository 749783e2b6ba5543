"""Errors as RFC 9457 problem documents, on every route.

What went wrong with a document is said in full; what went wrong inside the server is not said at
all: the text of an unknown exception never leaves it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.engine.errors import CellError, EngineError
from unrolled.scenes.errors import WHOLE, DocumentError, path, shown

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("unrolled.web")


class ProblemError(Exception):
    """Raised anywhere in a request to answer with a problem document."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind
        self.headers, self.more = headers, more

    def response(self) -> Response:
        """The problem as it goes over the wire."""
        return problem(self.status, self.detail, kind=self.kind, headers=self.headers, **self.more)


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A problem response; `kind` is its type, `more` are further members such as `errors`."""
    document = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    every = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(document), status, every, MEDIA_TYPE)


def invalid(error: DocumentError) -> Response:
    """422 for a document, its mistakes listed."""
    errors = [each.document() for each in error.errors]
    detail = str(error.errors[0])
    if len(errors) > 1:
        detail += f" (and {len(errors) - 1} more)"
    return problem(422, detail, kind="urn:unrolled:problem:invalid-document", errors=errors)


def install(app: FastAPI) -> None:
    """Let every error of `app` leave as a problem document."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DocumentError, _document)
    app.add_exception_handler(EngineError, _engine)
    app.add_exception_handler(RequestValidationError, _request)
    app.add_exception_handler(Exception, _unknown)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase:
        detail = f"nothing is at {shown(request.url.path)}"
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("allow") or (error.headers or {}).get("Allow", "")
        detail = f"expected {allowed or 'another method'}, got {request.method}"
    else:
        detail = str(error.detail)
    return problem(error.status_code, detail, headers=error.headers)


async def _document(_: Request, error: Exception) -> Response:
    assert isinstance(error, DocumentError)
    return invalid(error)


async def _engine(_: Request, error: Exception) -> Response:
    assert isinstance(error, EngineError)
    mistake: dict[str, Any] = {
        "field": error.field or WHOLE,
        "expected": error.expected,
        "got": error.got,
    }
    if isinstance(error, CellError):
        mistake |= {"line": error.line, "column": error.column}
    return problem(422, str(error), kind="urn:unrolled:problem:invalid-document", errors=[mistake])


async def _request(_: Request, error: Exception) -> Response:
    """Parameters of a path or query that FastAPI itself refused."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": path(each["loc"][1:]), "expected": each["msg"], "got": shown(each.get("input"))}
        for each in error.errors()[:20]
    ]
    return problem(
        422,
        f"{errors[0]['field']}: {errors[0]['expected']}",
        kind="urn:unrolled:problem:invalid-request",
        errors=errors,
    )


async def _unknown(request: Request, error: Exception) -> Response:
    return unexpected(request.method, request.url.path, error)


def unexpected(method: str, path: str, error: Exception) -> Response:
    """500 for an exception nobody foresaw; the log has it, the client does not."""
    log.error("%s %s failed", method, path, exc_info=error)
    return problem(500, "the server could not do this; its log says why")


class Unexpected:
    """Middleware: the last net within the others, so that a 500 carries their headers as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 500 where nothing has been answered yet."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if started:
                raise
            await unexpected(scope["method"], scope["path"], error)(scope, receive, send)
