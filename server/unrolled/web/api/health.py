"""For the operator: is it alive, is it ready, what has it done."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from unrolled.web.api.answers import Json
from unrolled.web.services import Given

router = APIRouter(tags=["operation"])

_FRESH = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def alive() -> Json:
    """200 as long as the process answers at all."""
    return Json({"status": "ok"}, headers=_FRESH)


@router.get("/readyz")
async def ready(given: Given) -> Json:
    """200 where computations would start at once or soon, 503 where the queue is full."""
    free = given.work.pending < given.settings.threads + given.settings.queue
    state = "ready" if free else "busy"
    return Json({"status": state, "lessons": len(given.lessons)}, 200 if free else 503, _FRESH)


@router.get("/metrics")
async def metrics(given: Given) -> Response:
    """Counters and gauges of this process in the text format of Prometheus."""
    media = "text/plain; version=0.0.4; charset=utf-8"
    return PlainTextResponse(given.metrics.text(), headers=_FRESH | {"Content-Type": media})
