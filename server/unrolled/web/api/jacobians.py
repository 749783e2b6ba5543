"""Jacobians: how much a value at one step answers to another at an earlier one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from unrolled.scenes import pairs
from unrolled.scenes.fields import Closed
from unrolled.scenes.lessons import Address
from unrolled.web import bodies, encode
from unrolled.web.api.requests import SceneGiven, ready
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/jacobians", tags=["jacobians"])


class JacobianRequest(Closed):
    """A scene (or a lesson's name), two values of it, and whether spectral norms are wanted."""

    scene: SceneGiven
    of: Address
    with_respect_to: Address
    spectral: Annotated[bool, Field(strict=True)] = False


@router.post("")
async def post_jacobians(
    asked: Annotated[JacobianRequest, bodies.of(JacobianRequest)], given: Given
) -> Response:
    """Norms for every pair of steps, null where the one cannot reach the other."""
    found = await ready(given, asked.scene, gradients=False)
    key = ("jacobians", found.id, asked.of, asked.with_respect_to, asked.spectral)
    data = await given.kept.answer(
        key,
        lambda: pairs.jacobians(
            found.plan, asked.of, asked.with_respect_to, given.settings.limits,
            spectral=asked.spectral,
        ).document(),
    )  # fmt: skip
    return Response(data, media_type=encode.JSON)
