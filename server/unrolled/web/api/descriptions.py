"""Descriptions: a scene with its defaults filled and everything a page needs to draw it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request

from unrolled.scenes.fields import Closed
from unrolled.web import bodies, described
from unrolled.web.api.answers import Json
from unrolled.web.api.requests import SceneGiven, scene_request, shared
from unrolled.web.services import Given, Services

router = APIRouter(prefix="/api/v1/descriptions", tags=["descriptions"])


class DescriptionRequest(Closed):
    """A scene document, or a lesson's name."""

    scene: SceneGiven


@router.post("")
async def post_description(
    request: Request,
    asked: Annotated[DescriptionRequest, bodies.of(DescriptionRequest)],
    given: Given,
) -> Json:
    """The scene checked and filled, how many steps it runs, and its cells; nothing is computed."""
    work = partial(_describe, given, asked.scene)
    return Json(await shared(given, request, partial(given.checks.run, work)))


def _describe(given: Services, scene: Any) -> dict[str, Any]:
    plan = scene_request(given, scene, False).plan
    document = plan.scene.model_dump(mode="json", exclude_none=True)
    return {"steps": plan.steps, "scene": document, **described.scene(document)}
