"""Samples: what a network writes by itself, each token with what it was drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from unrolled.engine.sampling import Sample
from unrolled.scenes import language
from unrolled.scenes.fields import Closed, Count, Line, Number, Seed
from unrolled.scenes.plan import Plan
from unrolled.web import bodies, encode
from unrolled.web.api.requests import SceneGiven, ready
from unrolled.web.leaving import attended
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/samples", tags=["samples"])


class SampleRequest(Closed):
    """A scene (or a lesson's name), how many tokens at most, and which of them ends it."""

    scene: SceneGiven
    steps: Count
    temperature: Annotated[Number, Field(ge=0)] = 1.0
    seed: Seed = 0
    eos: Annotated[int, Field(strict=True, ge=0)] | Line | None = None


@router.post("")
async def post_sample(
    request: Request, asked: Annotated[SampleRequest, bodies.of(SampleRequest)], given: Given
) -> Response:
    """The tokens drawn, by number and name, and each one's distribution."""
    prepared = await ready(given, asked.scene, gradients=False)

    def written(wanted: Callable[[], bool]) -> bytes:
        found = language.sample(
            prepared.plan, asked.steps, temperature=asked.temperature, seed=asked.seed,
            eos=asked.eos, limits=given.settings.limits, wanted=wanted,
        )  # fmt: skip
        return encode.json_bytes(_document(found, prepared.plan))

    return Response(await attended(request, given.work, written), media_type=encode.JSON)


def _document(found: Sample, plan: Plan) -> dict[str, Any]:
    words = language.labelled(plan.scene)
    return {
        "tokens": found.tokens,
        "words": None if words is None else [words[token] for token in found.tokens],
        "distributions": found.distributions,
        "probabilities": found.probabilities,
        "ended": found.ended,
    }
