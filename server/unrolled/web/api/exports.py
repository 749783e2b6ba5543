"""Exports: a lesson or a scene as one page that needs no server."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response

from unrolled.scenes.fields import Closed
from unrolled.scenes.lessons import Lesson
from unrolled.web import bodies, exported
from unrolled.web.api.requests import SceneGiven, scene_request
from unrolled.web.services import Given, Services

router = APIRouter(prefix="/api/v1/exports", tags=["exports"])


class ExportRequest(Closed):
    """A scene document, or a lesson's name: then the lesson comes whole, with its words."""

    scene: SceneGiven
    lang: Literal["en", "zh"] = "en"


@router.post("", response_class=Response)
async def post_export(
    asked: Annotated[ExportRequest, bodies.of(ExportRequest)], given: Given
) -> Response:
    """The page, to keep: it steps, opens its arithmetic and changes language offline."""
    text = await given.work.run(lambda: _page(given, asked))
    headers = {"Content-Disposition": 'attachment; filename="unrolled.html"'}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


def _page(given: Services, asked: ExportRequest) -> str:
    lesson = _lesson(given, asked.scene)
    return exported.exported(lesson, asked.lang, given.settings.limits)


def _lesson(given: Services, scene: Any) -> Lesson:
    found = given.lessons.get(scene) if isinstance(scene, str) else None
    return found or exported.of_scene(scene_request(given, scene, False).plan.scene)
