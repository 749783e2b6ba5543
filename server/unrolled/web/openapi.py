"""The routes as an OpenAPI document: forms of bodies from the models that judge them, answers,
and problems as RFC 9457 has them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from unrolled.scenes.schema import Scene
from unrolled.web import bodies, problems

Document = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_TEXT = {"type": "string"}
_MISTAKE: Document = {
    "type": "object",
    "description": "One mistake in a document.",
    "properties": {
        "field": {**_TEXT, "examples": ["network.layers[0].weights.W_f"]},
        "expected": _TEXT,
        "got": _TEXT,
        "line": {"type": "integer", "description": "Of a cell's equations, from 1."},
        "column": {"type": "integer"},
    },
    "required": ["field", "expected", "got"],
}
_PROBLEM: Document = {
    "type": "object",
    "description": "What went wrong (RFC 9457); `errors` where a document or a limit is at fault.",
    "properties": {
        "type": {**_TEXT, "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {"type": "array", "items": {"$ref": f"{_SCHEMAS}Mistake"}},
    },
    "required": ["type", "title", "status", "detail"],
}
_WHY = {
    404: "Nothing of that name is here, or it is no longer held.",
    413: "The body is larger than `UNROLLED_MAX_BODY`.",
    422: "The document cannot be used: `errors` names each field, or the limit that was met.",
    500: "The server could not do this; its log says why.",
    503: "Too many computations are waiting; `Retry-After` says when to come again.",
}


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Let `app` describe these routes; the document is made once, when it is first asked for."""
    held: list[Document] = []

    def made() -> Document:
        if not held:
            held.append(described(app, routers))
        return held[0]

    app.openapi = made  # type: ignore[method-assign]


def described(app: FastAPI, routers: Sequence[APIRouter]) -> Document:
    """The document of the routes."""
    routes = [each for r in routers for each in r.routes if isinstance(each, APIRoute)]
    document = get_openapi(title=app.title, version=app.version, routes=routes)
    forms = [kind for route in routes for kind in bodies.forms(route)]
    for route in routes:
        for method in route.methods or ():
            _describe(document["paths"][route.path_format][method.lower()], route)
    document["components"] = {
        "schemas": {**_schemas([Scene, *forms]), "Problem": _PROBLEM, "Mistake": _MISTAKE}
    }
    return document


def _schemas(kinds: Iterable[type[BaseModel]]) -> Document:
    unique = dict.fromkeys(kinds)
    _, found = models_json_schema(
        [(kind, "validation") for kind in unique], ref_template=f"{_SCHEMAS}{{model}}"
    )
    return dict(found["$defs"])


def _describe(operation: Document, route: APIRoute) -> None:
    """What the framework does not know: the body, the problems, plain words."""
    words = inspect.getdoc(route.endpoint) or ""
    operation["summary"] = " ".join(words.partition("\n\n")[0].split())
    operation["operationId"] = route.name
    kinds = bodies.forms(route)
    if kinds:
        schemas = [{"$ref": f"{_SCHEMAS}{kind.__name__}"} for kind in kinds]
        schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"].pop("422", None)
    for status in _statuses(route, bool(kinds)):
        operation["responses"][str(status)] = _problem(status)


def _statuses(route: APIRoute, takes_body: bool) -> list[int]:
    found = [500]
    if "{" in route.path_format:
        found.append(404)
    if takes_body:
        found += [413, 422, 503]
    return sorted(found)


def _problem(status: int) -> Document:
    return {
        "description": _WHY.get(status, HTTPStatus(status).phrase),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}},
    }
