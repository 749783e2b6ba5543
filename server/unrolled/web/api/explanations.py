"""Explanations: the arithmetic behind one number, or behind several of a step, term by term."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from unrolled.engine import explain
from unrolled.engine.errors import EngineError
from unrolled.engine.trace import Trace
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.fields import Closed, FirstOnly
from unrolled.scenes.lessons import Address
from unrolled.web import bodies
from unrolled.web.api.answers import Json
from unrolled.web.api.requests import SceneGiven, ready
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/explanations", tags=["explanations"])


class ExplanationRequest(Closed):
    """Which number: a scene (or a lesson's name), an address, a step counted from 0, a pass.

    `addresses` in place of `address` asks for several numbers at once. A parameter's gradient may
    go without `t`: all of it, over all steps.
    """

    scene: SceneGiven
    address: Address | None = None
    addresses: Annotated[list[Address], FirstOnly(), Field(min_length=1, max_length=64)] | None = (
        None
    )
    t: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    direction: Literal["forward", "backward"] = Field(default="forward", alias="pass")

    def document(self, trace: Trace) -> dict[str, Any]:
        """The explanation, or all of them."""
        if self.address is not None:
            return explain.explain(trace, self.address, self.t, self.direction)
        asked = enumerate(self.addresses or [])
        return {"explanations": [self._one(trace, number, each) for number, each in asked]}

    def _one(self, trace: Trace, number: int, address: str) -> dict[str, Any]:
        try:
            return explain.explain(trace, address, self.t, self.direction)
        except EngineError as error:
            field = f"addresses[{number}]" if error.field == "address" else error.field
            raise EngineError(field, error.expected, error.got) from None


@router.post("")
async def post_explanation(
    asked: Annotated[ExplanationRequest, bodies.of(ExplanationRequest)], given: Given
) -> Json:
    """The number, the products it adds up, the function applied to it, and all as one line."""
    if (asked.address is None) == (asked.addresses is None):
        got = "nothing" if asked.address is None else "both"
        raise DocumentError.of("address", "either an address or addresses", got)
    backward = asked.direction == "backward"
    found = await ready(given, asked.scene, gradients=backward)
    held = await given.traces.trace(found.plan, found.id, backward)
    return Json(await given.work.run(lambda: asked.document(held.trace)))
