"""Traces: posted as scenes, fetched by their id, in JSON, safetensors, npz or CSV."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from unrolled.scenes.errors import shown
from unrolled.scenes.fields import Closed
from unrolled.web import bodies, encode, forms
from unrolled.web.api.requests import SceneGiven, ready, shared
from unrolled.web.problems import ProblemError
from unrolled.web.services import Given, Services
from unrolled.web.static import FOREVER, unchanged
from unrolled.web.store import Held

router = APIRouter(prefix="/api/v1/traces", tags=["traces"])


class TraceRequest(Closed):
    """A scene document (or a lesson's name), and whether gradients are wanted."""

    scene: SceneGiven
    gradients: Annotated[bool, Field(strict=True)] = False


_FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.media: {} for form in forms.FORMS.values()}}
}


@router.post("", responses=_FORMS)
async def post_trace(
    request: Request, asked: Annotated[TraceRequest, bodies.of(TraceRequest)], given: Given
) -> Response:
    """Every value of the scene at every timestep; with gradients those as well."""
    found = await shared(
        given, request, lambda: ready(given, asked.scene, gradients=asked.gradients)
    )
    held = await given.traces.trace(found.plan, found.id, found.gradients)
    response = await _answer(request, given, held)
    response.headers["Content-Location"] = f"/api/v1/traces/{held.id}"
    return response


@router.get("/{identifier}", responses=_FORMS)
async def get_trace(identifier: str, request: Request, given: Given) -> Response:
    """The same bytes again, or 404 where they are no longer held: post the scene then."""
    held = given.traces.get(identifier)
    if held is None:
        raise ProblemError(
            404, f"expected the id of a trace still held (post its scene), got {shown(identifier)}"
        )
    return await _answer(request, given, held)


async def _answer(request: Request, given: Services, held: Held) -> Response:
    form = forms.chosen(request.headers.get("accept", ""))
    packed = encode.takes_gzip(request.headers.get("accept-encoding", ""))
    tag = f'"{held.id}.{form.name}{".gz" if packed else ""}"'
    headers = {"Cache-Control": FOREVER, "ETag": tag, "Vary": "Accept, Accept-Encoding"}
    if request.method == "GET" and unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    data = await given.traces.form(held, form, packed)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(data, headers=headers, media_type=form.media)
