"""Requests that carry a scene: read, checked and named before anything is computed."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Request
from pydantic import WithJsonSchema

from unrolled.scenes import hashing, lessons, reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.plan import Plan, plan
from unrolled.web.services import Services

Result = TypeVar("Result")

SceneGiven = Annotated[
    Any,
    WithJsonSchema(
        {
            "title": "Scene or name",
            "description": "A scene document, or a lesson's name, `lesson` or `lesson/scene`.",
            "anyOf": [{"$ref": "#/components/schemas/Scene"}, {"type": "string"}],
        }
    ),
]
"""A scene as requests carry it; `ready` judges it, so that mistakes have the scene's fields."""


@dataclass(frozen=True)
class SceneRequest:
    """A checked scene and the id of its trace."""

    plan: Plan
    id: str
    gradients: bool


async def ready(given: Services, scene: Any, *, gradients: bool) -> SceneRequest:
    """The same as `scene_request`, beside the event loop: a large scene takes its time."""
    return await given.checks.run(lambda: scene_request(given, scene, gradients))


async def shared(
    given: Services, request: Request, make: Callable[[], Awaitable[Result]]
) -> Result:
    """What `make` gives; requests with the same body meanwhile get the same.

    An edit of its lecturer makes a thousand browsers ask one thing at one time; each by itself they
    would fill the queue, and most of them be told to come again.
    """
    digest = hashlib.sha256(await request.body()).digest()
    return await given.checks.once((request.url.path, digest), make)


def scene_request(given: Services, scene: Any, gradients: bool) -> SceneRequest:
    """A scene document, or `lesson` or `lesson/scene`, checked whole; raises `DocumentError`.

    Fields of errors are the scene's own: `network.layers[0].units`.
    """
    if isinstance(scene, str):
        found = lessons.scene(scene, given.settings.lessons_folder)
        if found is None:
            known = ", ".join(given.lessons)
            raise DocumentError.of("scene", f"a scene document or one of {known}", shown(scene))
    else:
        found = reading.scene(scene)
    checked = plan(found, given.settings.limits)
    return SceneRequest(
        checked, hashing.trace_id(found, gradients, hashing.engine_version()), gradients
    )
