"""Traces that draw themselves: ``trace.figure("gates")`` in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace
from unrolled.engine.errors import EngineError
from unrolled.engine.trace import Trace
from unrolled.figures.distributions import attention
from unrolled.figures.gates import gates
from unrolled.figures.gradient_norms import gradient_norms
from unrolled.figures.picture import Picture
from unrolled.figures.style import Style
from unrolled.figures.through_time import bptt, jacobians
from unrolled.scenes import pairs
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What a trace needs besides itself to be drawn: the scene it is of."""

    plan: Plan

    def figure(
        self, kind: str = "gates", *, theme: str = "light", lang: str = "en", **choices: Any
    ) -> Any:
        """A `plotly.graph_objects.Figure`, the same as the page's.

        Args:
            kind: ``gates`` (choices `place`, `unit`), ``gradient_norms`` (`beside`: further
                traces by name), ``jacobians`` (`of`, `with_respect_to`, `spectral`), ``bptt``
                (`parameter`), ``attention``.
            theme: ``light``, ``dark`` or ``projector``.
            lang: ``en`` or ``zh``.

        Raises:
            EngineError: a kind, place, unit or address that is not there.
            DocumentError: a network that has no such figure, or one beyond the limits.
        """
        if kind not in KINDS:
            raise EngineError("kind", "one of " + ", ".join(KINDS), repr(kind)[:40])
        return KINDS[kind](self, Style(theme, lang), **choices).plotly()


@dataclass(frozen=True, kw_only=True)
class DrawnTrace(Drawing, Trace):
    """A trace with `figure`."""


@dataclass(frozen=True, kw_only=True)
class DrawnPairTrace(Drawing, EncoderDecoderTrace):
    """The trace of an encoder–decoder with `figure`."""


def drawn(trace: Trace, plan: Plan) -> DrawnTrace | DrawnPairTrace:
    """The same trace, with `figure`; `plan` is the scene's that it was run from."""
    held = {each.name: getattr(trace, each.name) for each in fields(trace)}
    if isinstance(trace, EncoderDecoderTrace):
        return DrawnPairTrace(**held, plan=plan)
    return DrawnTrace(**held, plan=plan)


def _gradient_norms(
    trace: Any, style: Style, *, beside: Mapping[str, Trace] | None = None, **choices: Any
) -> Picture:
    cell = trace.layers[0][0].cell
    return gradient_norms(
        {cell.title.get(style.lang, cell.id): trace, **(beside or {})}, style, **choices
    )


def _jacobians(
    trace: Any, style: Style, *, of: str = "", with_respect_to: str = "", spectral: bool = False
) -> Picture:
    first = of or f"layers.0.{trace.layers[0][0].direction}.{trace.layers[0][0].cell.output}"
    second = with_respect_to or first
    found = pairs.jacobians(trace.plan, first, second, Limits(), spectral=spectral).document()
    return jacobians(found["spectral" if spectral else "frobenius"], first, second, style)


def _bptt(trace: Any, style: Style, *, parameter: str = "") -> Picture:
    norms = pairs.norms(trace.plan, Limits())
    name = parameter or next(iter(norms))
    if name not in norms:
        raise EngineError("parameter", "one of " + ", ".join(norms), repr(name)[:60])
    return bptt(norms[name], name, style)


def _attention(trace: Any, style: Style) -> Picture:
    if not isinstance(trace, EncoderDecoderTrace) or trace.attention is None:
        raise EngineError("kind", "a kind that this network has (it has no attention)", "attention")
    labels = trace.plan.scene.labels if isinstance(trace, DrawnPairTrace) else None
    names = labels.inputs if labels else None
    return attention(trace.attention.values["alpha"], style, labels=names)


KINDS: Mapping[str, Callable[..., Picture]] = {
    "gates": gates,
    "gradient_norms": _gradient_norms,
    "jacobians": _jacobians,
    "bptt": _bptt,
    "attention": _attention,
}
