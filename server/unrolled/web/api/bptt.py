"""Backpropagation through time taken apart: what each use of a parameter adds to each loss."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from unrolled.scenes import pairs
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.fields import Closed
from unrolled.scenes.lessons import Address
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan
from unrolled.web import bodies, encode
from unrolled.web.api.requests import SceneGiven, ready
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/bptt", tags=["bptt"])

Index = Annotated[int, Field(strict=True, ge=0)]


class BpttRequest(Closed):
    """A scene (or a lesson's name); a parameter for its terms, and one entry of it for a table."""

    scene: SceneGiven
    parameter: Address | None = None
    entry: Annotated[list[Index], Field(min_length=1, max_length=2)] | None = None

    def document(self, plan: Plan, limits: Limits) -> dict[str, Any]:
        """What is asked for."""
        if self.parameter is None:
            norms = pairs.norms(plan, limits)
            return {"parameters": {name: {"norms": table} for name, table in norms.items()}}
        return pairs.terms(plan, self.parameter, self.entry, limits).document()


@router.post("")
async def post_bptt(
    asked: Annotated[BpttRequest, bodies.of(BpttRequest)], given: Given
) -> Response:
    """Norms for every parameter, or the terms of one: rows are losses, columns uses."""
    if asked.parameter is None and asked.entry is not None:
        raise DocumentError.of("parameter", "the parameter that has the entry", "nothing")
    found = await ready(given, asked.scene, gradients=False)
    key = ("bptt", found.id, asked.parameter, tuple(asked.entry or ()))
    limits = given.settings.limits
    data = await given.kept.answer(key, lambda: asked.document(found.plan, limits))
    return Response(data, media_type=encode.JSON)
