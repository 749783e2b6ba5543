"""The kinds of figures: what each is asked with, and what is computed before it is drawn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from unrolled import figures
from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace
from unrolled.engine.trace import Trace
from unrolled.figures import Picture, Style
from unrolled.scenes import language, pairs, surfaces
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.fields import Closed, Count, FirstOnly, Line, Number
from unrolled.scenes.lessons import Address
from unrolled.web.api.jacobians import JacobianRequest
from unrolled.web.api.requests import SceneGiven, SceneRequest, ready
from unrolled.web.api.samples import SampleRequest
from unrolled.web.api.surfaces import AxisRequest, SurfaceRequest, checked
from unrolled.web.services import Services

Drawing = Callable[[], Picture]
Out = Number | Literal["NaN", "Infinity", "-Infinity"] | None


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

    scene: SceneGiven
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
        found = [await _trace(given, scene, f"scenes[{number}]", gradients=True)
                 for number, scene in enumerate(self.scenes)]  # fmt: skip
        cells = [request.plan.layers[0].cell for request, _ in found]
        usual = [cell.title.get(self.lang, cell.id) for cell in cells]
        chosen = (self.names or [])[: len(found)]
        names = [*chosen, *usual[len(chosen) :]]
        named = {_numbered(names, n): trace for n, (_, trace) in enumerate(found)}
        return lambda: figures.gradient_norms(named, self.style, place=self.place)


class JacobianFigureRequest(FigureRequest, JacobianRequest):
    """How much a value at one step answers to another at an earlier one, for every pair."""

    async def prepare(self, given: Services) -> Drawing:
        """Norms of Jacobians; `spectral` norms where wanted."""
        plan = (await ready(given, self.scene, gradients=False)).plan
        found = await given.work.run(lambda: pairs.jacobians(
            plan, self.of, self.with_respect_to, given.settings.limits, spectral=self.spectral,
        ))  # fmt: skip
        held = found.document()
        norms = held["spectral"] if self.spectral else held["frobenius"]
        return lambda: figures.jacobians(norms, self.of, self.with_respect_to, self.style)


class BpttFigureRequest(FigureRequest):
    """What each use of a parameter adds to each loss; the first layer's first is usual."""

    scene: SceneGiven
    parameter: Address | None = None

    async def prepare(self, given: Services) -> Drawing:
        """Norms for one parameter."""
        plan = (await ready(given, self.scene, gradients=False)).plan
        norms = await given.work.run(lambda: pairs.norms(plan, given.settings.limits))
        name = next(iter(norms)) if self.parameter is None else self.parameter
        if name not in norms:
            raise DocumentError.of("parameter", "one of " + ", ".join(norms), shown(name))
        return lambda: figures.bptt(norms[name], name, self.style)


class AttentionRequest(FigureRequest):
    """The weights with which each step of a decoder looks back at the encoder's."""

    scene: SceneGiven

    async def prepare(self, given: Services) -> Drawing:
        """The matrix α; its columns are named where the scene labels its inputs."""
        request, trace = await _trace(given, self.scene, "scene", gradients=False)
        if not isinstance(trace, EncoderDecoderTrace) or trace.attention is None:
            raise DocumentError.of("network.attention", "a network with attention", "none")
        alpha, labels = trace.attention.values["alpha"], request.plan.scene.labels
        names = labels.inputs if labels else None
        return lambda: figures.attention(alpha, self.style, labels=names)


class SamplingRequest(FigureRequest, SampleRequest):
    """What a network writes by itself, and what it chose from at each step."""

    async def prepare(self, given: Services) -> Drawing:
        """The distributions, and the tokens drawn."""
        plan = (await ready(given, self.scene, gradients=False)).plan
        found = await given.work.run(lambda: language.sample(
            plan, self.steps, temperature=self.temperature, seed=self.seed, eos=self.eos,
            limits=given.settings.limits,
        ))  # fmt: skip
        names = language.labelled(plan.scene)
        return lambda: figures.sampling(found.distributions, found.tokens, self.style, labels=names)


class SurfaceFigureRequest(FigureRequest, SurfaceRequest):
    """The loss over two weights in space, or as a map where `flat`."""

    flat: Annotated[bool, Field(strict=True)] = False

    async def prepare(self, given: Services) -> Drawing:
        """The landscape and the descents over it."""
        descents = [each.descent(f"descents[{n}]") for n, each in enumerate(self.descents)]
        plan = await given.checks.run(lambda: checked(given, self, descents))
        first, second = (each.axis() for each in self.axes)
        found = await given.work.run(lambda: surfaces.of_scene(plan, (first, second), descents))
        names = [_entry_name(each) for each in self.axes]
        return lambda: figures.surface(found, (names[0], names[1]), self.style, flat=self.flat)


class Report(Closed):
    """One report of a training, as `progress` has it on a live socket."""

    update: Count
    loss: Out
    gradient_norm: Out
    clipped_norm: Out


class TrainingRequest(FigureRequest):
    """Loss and gradient norms of a training, from its reports."""

    progress: Annotated[list[Report], FirstOnly(), Field(min_length=1, max_length=10_000)]

    async def prepare(self, given: Services) -> Drawing:
        """Two curves above each other."""
        return lambda: figures.training([each.model_dump() for each in self.progress], self.style)


KINDS: Mapping[str, type[FigureRequest]] = {
    "gates": GatesRequest,
    "gradient_norms": GradientNormsRequest,
    "jacobians": JacobianFigureRequest,
    "bptt": BpttFigureRequest,
    "surface": SurfaceFigureRequest,
    "training": TrainingRequest,
    "attention": AttentionRequest,
    "sampling": SamplingRequest,
}


async def _trace(
    given: Services, scene: Any, field: str, gradients: bool
) -> tuple[SceneRequest, Trace]:
    """A scene's trace, from the store where it is held; mistakes under the scene's field."""
    try:
        request = await ready(given, scene, gradients=gradients)
    except DocumentError as error:
        raise error if field == "scene" else error.within(field) from None
    return request, (await given.traces.trace(request.plan, request.id, gradients)).trace


def _entry_name(axis: AxisRequest) -> str:
    """An entry as people write it, counted from 1: ``U_h[1,2]``."""
    places = ",".join(str(index + 1) for index in axis.entry)
    return f"{axis.parameter.rsplit('.', 1)[-1]}[{places}]"


def _numbered(names: list[str], number: int) -> str:
    """A name with its place behind it where another network has the same."""
    name = names[number]
    return f"{name} {number + 1}" if names.count(name) > 1 else name
