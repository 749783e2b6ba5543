"""Language models: a text as a scene to step through and to train."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from unrolled.scenes import language
from unrolled.scenes.fields import Closed, Count, Seed
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import CellReference, Scene
from unrolled.web import bodies, encode
from unrolled.web.api.requests import SceneGiven, ready
from unrolled.web.leaving import attended
from unrolled.web.services import Given

router = APIRouter(prefix="/api/v1/language-models", tags=["language models"])


class LanguageModelRequest(Closed):
    """A text, every line a sentence; with `scene` one that reads it, else how to make one."""

    text: Annotated[str, Field(strict=True, max_length=1_000_000)]
    kind: Literal["word", "char"] = "word"
    cell: CellReference = "lstm"
    units: Count = 16
    vocabulary_size: Annotated[Count, Field(ge=3)] | None = None
    seed: Seed = 0
    scene: SceneGiven = None

    def made(self, given: Scene | None, limits: Limits) -> dict[str, Any]:
        """The answer: the scene, and every sentence as an example to train on."""
        scene = self._scene(given, limits)
        return {
            "scene": scene.model_dump(mode="json", exclude_none=True),
            "examples": language.examples(scene, self.text, kind=self.kind),
        }

    def _scene(self, given: Scene | None, limits: Limits) -> Scene:
        if given is not None:
            return language.reads(given, self.text, kind=self.kind, limits=limits)
        cell = self.cell if isinstance(self.cell, str) else self.cell.model_dump()
        return language.model(
            self.text, kind=self.kind, cell=cell, units=self.units,
            vocabulary_size=self.vocabulary_size, seed=self.seed, limits=limits,
        )  # fmt: skip


@router.post("")
async def post_language_model(
    request: Request,
    asked: Annotated[LanguageModelRequest, bodies.of(LanguageModelRequest)],
    given: Given,
) -> Response:
    """A model before the text's first sentence, untrained, or the given one."""
    limits, scene = given.settings.limits, None
    if asked.scene is not None:
        scene = (await ready(given, asked.scene, gradients=False)).plan.scene
    answer = await attended(
        request, given.work, lambda _: encode.json_bytes(asked.made(scene, limits))
    )
    return Response(answer, media_type=encode.JSON)
