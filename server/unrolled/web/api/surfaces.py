"""Error surfaces: the loss over two entries of the weights, and descents over it."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter
from pydantic import Field

from unrolled.engine.clipping import Clip, positive
from unrolled.engine.surface import Axis, Descent
from unrolled.scenes import surfaces
from unrolled.scenes.fields import Closed, Count, FirstOnly
from unrolled.scenes.lessons import Address
from unrolled.scenes.plan import Plan
from unrolled.web import bodies
from unrolled.web.api.answers import Json
from unrolled.web.api.requests import SceneGiven, scene_request
from unrolled.web.services import Given, Services

router = APIRouter(prefix="/api/v1/surfaces", tags=["surfaces"])

Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e100, le=1e100)]
Index = Annotated[int, Field(strict=True, ge=0)]


class AxisRequest(Closed):
    """An entry of a parameter, and the values from `from` to `to` at which it is tried."""

    parameter: Address
    entry: Annotated[list[Index], Field(min_length=1, max_length=2)]
    begin: Coordinate = Field(alias="from")
    end: Coordinate = Field(alias="to")
    points: Count

    def axis(self) -> Axis:
        """The axis with its values."""
        values = np.linspace(self.begin, self.end, self.points)
        return Axis(self.parameter, tuple(self.entry), values)


class DescentRequest(Closed):
    """Gradient descent from a point of the surface; the engine judges `rate` and `clip`."""

    start: Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
    rate: float
    updates: Annotated[int, Field(strict=True, ge=0, le=10_000)]
    clip: Any = None

    def descent(self, field: str) -> Descent:
        """The descent as the engine takes it."""
        rate, clip = positive(self.rate, f"{field}.rate"), Clip.of(self.clip, f"{field}.clip")
        return Descent((self.start[0], self.start[1]), rate, self.updates, clip)


class SurfaceRequest(Closed):
    """A scene with a loss (or a lesson's name), two axes, and descents to draw."""

    scene: SceneGiven
    axes: Annotated[list[AxisRequest], FirstOnly(), Field(min_length=2, max_length=2)]
    descents: Annotated[list[DescentRequest], FirstOnly(), Field(max_length=16)] = Field(
        default_factory=list
    )


@router.post("")
async def post_surface(
    asked: Annotated[SurfaceRequest, bodies.of(SurfaceRequest)], given: Given
) -> Json:
    """The loss over a grid, first axis by rows, and the path of every descent."""
    descents = [each.descent(f"descents[{n}]") for n, each in enumerate(asked.descents)]
    plan = await given.checks.run(lambda: checked(given, asked, descents))
    first, second = (each.axis() for each in asked.axes)
    found = await given.work.run(lambda: surfaces.of_scene(plan, (first, second), descents))
    return Json(found.document())


def checked(given: Services, asked: SurfaceRequest, descents: list[Descent]) -> Plan:
    """The scene's plan, where the surface stays within the limits; raises `DocumentError`."""
    plan = scene_request(given, asked.scene, gradients=False).plan
    points = asked.axes[0].points * asked.axes[1].points
    surfaces.check(plan, points, descents, given.settings.limits)
    return plan
