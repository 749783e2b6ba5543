"""Figures: what a scene does as a picture, in words and as a table, from one description."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from unrolled import figures
from unrolled.engine.trace import Trace
from unrolled.figures import Picture, Style
from unrolled.scenes import reading, surfaces
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.fields import Closed, Count, FirstOnly, Line, Number
from unrolled.scenes.lessons import Address
from unrolled.web import bodies, encode
from unrolled.web.api.requests import SceneRequest, scene_request
from unrolled.web.api.surfaces import SurfaceRequest, checked
from unrolled.web.services import Given, Services

router = APIRouter(prefix="/api/v1/figures", tags=["figures"])

Drawing = Callable[[], Picture]


class FigureRequest(Closed):
    """The kind of figure; in which colours and language."""

    kind: str
    theme: Literal["light", "dark", "projector"] = "light"
    lang: Literal["en", "zh"] = "en"

    @property
    def style(self) -> Style:
        """The colours and the words."""
        return Style(self.theme, self.lang)

    @abstractmethod
    async def prepare(self, given: Services) -> Drawing:
        """Check and compute what the figure stands on; what is left is the drawing.

        Raises `DocumentError` and `EngineError` for what cannot be drawn.
        """


class GatesRequest(FigureRequest):
    """Gates and states over time, of one unit of a layer and direction."""

    scene: Any
    place: Address | None = None
    unit: Annotated[int, Field(strict=True, ge=0)] = 0

    async def prepare(self, given: Services) -> Drawing:
        """Gates above states."""
        _, trace = await _trace(given, self.scene, "scene", gradients=False)
        return lambda: figures.gates(trace, self.style, place=self.place, unit=self.unit)


class GradientNormsRequest(FigureRequest):
    """The norm of the gradient by timestep, for up to three networks; `names` are theirs."""

    scenes: Annotated[list[Any], FirstOnly(), Field(min_length=1, max_length=3)]
    names: Annotated[list[Line], FirstOnly(), Field(max_length=3)] | None = None
    place: Address | None = None

    async def prepare(self, given: Services) -> Drawing:
        """A line for each state of each network."""
        ready = [await _trace(given, scene, f"scenes[{number}]", gradients=True)
                 for number, scene in enumerate(self.scenes)]  # fmt: skip
        cells = [request.plan.layers[0].cell for request, _ in ready]
        usual = [cell.title.get(self.lang, cell.id) for cell in cells]
        chosen = (self.names or [])[: len(ready)]
        names = [*chosen, *usual[len(chosen) :]]
        named = {_numbered(names, n): trace for n, (_, trace) in enumerate(ready)}
        return lambda: figures.gradient_norms(named, self.style, place=self.place)


class SurfaceFigureRequest(FigureRequest, SurfaceRequest):
    """The loss over two weights in space, or as a map where `flat`."""

    flat: Annotated[bool, Field(strict=True)] = False

    async def prepare(self, given: Services) -> Drawing:
        """The landscape and the descents over it."""
        descents = [each.descent(f"descents[{n}]") for n, each in enumerate(self.descents)]
        plan = await asyncio.to_thread(checked, given, self, descents)
        first, second = (each.axis() for each in self.axes)
        found = await given.work.run(lambda: surfaces.of_scene(plan, (first, second), descents))
        names = [f"{each.parameter.rsplit('.', 1)[-1]}[{','.join(map(str, each.entry))}]"
                 for each in self.axes]  # fmt: skip
        return lambda: figures.surface(found, (names[0], names[1]), self.style, flat=self.flat)


class Report(Closed):
    """One report of a training, as `progress` has it on a live socket."""

    update: Count
    loss: Number | Literal["NaN", "Infinity", "-Infinity"] | None
    gradient_norm: Number | Literal["NaN", "Infinity", "-Infinity"] | None
    clipped_norm: Number | Literal["NaN", "Infinity", "-Infinity"] | None


class TrainingRequest(FigureRequest):
    """Loss and gradient norms of a training, from its reports."""

    progress: Annotated[list[Report], FirstOnly(), Field(min_length=1, max_length=10_000)]

    async def prepare(self, given: Services) -> Drawing:
        """Two curves above each other."""
        return lambda: figures.training([each.model_dump() for each in self.progress], self.style)


KINDS: Mapping[str, type[FigureRequest]] = {
    "gates": GatesRequest,
    "gradient_norms": GradientNormsRequest,
    "surface": SurfaceFigureRequest,
    "training": TrainingRequest,
}


@router.post("")
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


async def _trace(
    given: Services, scene: Any, field: str, gradients: bool
) -> tuple[SceneRequest, Trace]:
    """A scene's trace, from the store where it is held; mistakes under the scene's field."""
    try:
        ready = await asyncio.to_thread(scene_request, given, scene, gradients)
    except DocumentError as error:
        raise error if field == "scene" else error.within(field) from None
    return ready, (await given.traces.trace(ready.plan, ready.id, gradients)).trace


def _numbered(names: list[str], number: int) -> str:
    """A name with its place behind it where another network has the same."""
    name = names[number]
    return f"{name} {number + 1}" if names.count(name) > 1 else name
