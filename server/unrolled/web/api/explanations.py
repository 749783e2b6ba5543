"""Explanations: the arithmetic behind one number, term by term."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from unrolled.engine import explain
from unrolled.scenes import reading
from unrolled.scenes.fields import Closed
from unrolled.scenes.lessons import Address
from unrolled.web import bodies
from unrolled.web.api.answers import Json
from unrolled.web.api.requests import scene_request
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/explanations", tags=["explanations"])


class ExplanationRequest(Closed):
    """Which number: a scene (or a lesson's name), an address, a step counted from 0, a pass."""

    scene: Any
    address: Address
    t: Annotated[int, Field(ge=0, lt=2**31)]
    direction: Literal["forward", "backward"] = Field(default="forward", alias="pass")


@router.post("")
async def post_explanation(request: Request, given: Given) -> Json:
    """The number, the products it adds up, the function applied to it, and all as one line."""
    asked = reading.model(ExplanationRequest, await bodies.document(request))
    backward = asked.direction == "backward"
    ready = await asyncio.to_thread(scene_request, given, asked.scene, backward)
    held = await given.traces.trace(ready.plan, ready.id, backward)
    found = await given.work.run(
        lambda: explain.explain(held.trace, asked.address, asked.t, asked.direction)
    )
    return Json(found)
