"""Stored scenes: kept by their content, read by their id."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from unrolled.rooms.brokers import BrokerDownError
from unrolled.scenes.errors import shown
from unrolled.scenes.fields import Closed
from unrolled.web import bodies, class_scenes
from unrolled.web.api.answers import Json
from unrolled.web.api.requests import ready
from unrolled.web.problems import ProblemError
from unrolled.web.services import Given
from unrolled.web.static import FOREVER

router = APIRouter(prefix="/api/v1/scenes", tags=["scenes"])


class SceneToStore(Closed):
    """A scene document."""

    scene: dict[str, Any]


@router.post("", status_code=201)
async def post_scene(
    asked: Annotated[SceneToStore, bodies.of(SceneToStore)], given: Given, request: Request
) -> Json:
    """Keep a scene: its id, the same for the same document."""
    given.storing.admit(request)
    await ready(given, asked.scene, gradients=False)
    try:
        name = await class_scenes.store(given.broker, asked.scene)
    except BrokerDownError:
        raise unreachable() from None
    return Json({"id": name}, 201, {"Location": f"/api/v1/scenes/{name}"})


@router.get("/{identifier}")
async def get_scene(identifier: str, given: Given) -> Response:
    """The scene of that id, 404 where none is kept."""
    known = class_scenes.STORED.fullmatch(identifier)
    try:
        data = await given.broker.kept(identifier) if known else None
    except BrokerDownError:
        raise unreachable() from None
    if data is None:
        raise ProblemError(404, f"expected the id of a stored scene, got {shown(identifier)}")
    document = {"id": identifier, "scene": orjson.Fragment(data)}
    return Response(
        orjson.dumps(document), headers={"Cache-Control": FOREVER}, media_type="application/json"
    )


def unreachable() -> ProblemError:
    """What is kept cannot be reached now."""
    return ProblemError(
        503, "the server cannot reach what keeps its scenes and rooms", headers={"Retry-After": "2"}
    )
