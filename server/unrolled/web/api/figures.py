"""Figures: what a scene does as a picture, in words and as a table, from one description."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.web import bodies, encode
from unrolled.web.api.figure_kinds import KINDS
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])


@router.post("", dependencies=[bodies.takes(*KINDS.values())])
async def post_figure(request: Request, given: Given) -> Response:
    """The figure in Plotly's JSON, what it shows in words, and the table of its numbers."""
    document = await bodies.document(request)
    kind = document.get("kind") if isinstance(document, dict) else None
    form = KINDS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise DocumentError.of("kind", "one of " + ", ".join(KINDS), shown(kind))
    draw = await reading.model(form, document).prepare(given)
    data = await given.work.run(lambda: encode.json_bytes(draw().document()))
    return Response(data, media_type=encode.JSON)
