"""The lessons: titles of all, everything of one."""

from __future__ import annotations

from fastapi import APIRouter

from unrolled.scenes.errors import shown
from unrolled.web.api.answers import Json
from unrolled.web.problems import ProblemError
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/lessons", tags=["lessons"], default_response_class=Json)


@router.get("")
def all_lessons(given: Given) -> Json:
    """Id, title, summary and scenes' titles of every lesson, in the order they are taught."""
    return Json(
        [
            {
                "id": lesson.id,
                "title": lesson.title.model_dump(),
                "summary": lesson.summary.model_dump(),
                "scenes": [
                    {"id": scene.id, "title": scene.title.model_dump()} for scene in lesson.scenes
                ],
            }
            for lesson in given.lessons.values()
        ]
    )


@router.get("/{identifier}")
def one_lesson(identifier: str, given: Given) -> Json:
    """A lesson with its scenes, its narration and its questions."""
    lesson = given.lessons.get(identifier)
    if lesson is None:
        known = ", ".join(given.lessons)
        raise ProblemError(404, f"expected one of {known}, got {shown(identifier)}")
    return Json(lesson.document())
