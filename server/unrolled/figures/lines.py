"""Lines over time; what no line can show (∞, −∞, not a number) becomes a mark with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.figures.style import Json, Style, plain

Array = NDArray[Any]
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up")
_DENSE = 60
EXACT = ".16~g"
"""Every digit of a double that d3 prints without adding any."""


@dataclass(frozen=True)
class Line:
    """A series (steps,) with its name; `address` is what a choice of it selects."""

    name: str
    values: Array
    colour: str
    address: str | None = None
    dash: str = "solid"
    symbol: str = "circle"
    width: float = 2.5


def traces(line: Line, style: Style, *, log: bool = False, axis: str = "y") -> list[Json]:
    """The line, and a mark for each number that it cannot show.

    On a logarithmic axis (`log`) zero is such a number too.
    """
    x = np.arange(1, len(line.values) + 1)
    shown = np.isfinite(line.values) & ((line.values > 0) | (not log))
    drawn = [float(v) if there else None for v, there in zip(line.values, shown, strict=True)]
    words = style.t("step")
    found: list[Json] = [{
        "type": "scatter", "mode": "lines" if len(x) > _DENSE else "lines+markers",
        "name": plain(line.name), "x": x.tolist(), "y": drawn, "yaxis": axis, "connectgaps": False,
        "line": {"color": line.colour, "dash": line.dash, "width": line.width},
        "marker": {"color": line.colour, "symbol": line.symbol, "size": 8},
        "hovertemplate": f"{plain(line.name)}<br>{words} %{{x}}<br>%{{y:{EXACT}}}<extra></extra>",
        "meta": {"address": line.address},
    }]  # fmt: skip
    if not shown.all():
        found.append(_marks(line, ~shown, style, axis))
    return found


def _marks(line: Line, missing: Array, style: Style, axis: str) -> Json:
    """What the line leaves out, at the edge it left by."""
    finite = line.values[~missing]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (1.0, 1.0)
    steps = np.flatnonzero(missing)
    values = [float(line.values[step]) for step in steps]
    text = [style.number(value) for value in values]
    name = plain(line.name)
    return {
        "type": "scatter", "mode": "markers+text", "name": name, "showlegend": False,
        "x": (steps + 1).tolist(), "y": [high if value > 0 else low for value in values],
        "yaxis": axis, "text": text, "textposition": "bottom center", "cliponaxis": False,
        "marker": {"color": line.colour, "size": 12, "symbol": [_edge(v) for v in values],
                   "line": {"width": 2, "color": line.colour}},
        "hovertemplate": f"{name}<br>{style.t('step')} %{{x}}<br>%{{text}}<extra></extra>",
        "meta": {"address": line.address, "gap": True},
    }  # fmt: skip


def _edge(value: float) -> str:
    if value != value:
        return "x-thin"
    return "triangle-up" if value > 0 else "triangle-down"


def left_out(lines: Sequence[Line], style: Style) -> list[str]:
    """A note for each line that has numbers which are not finite."""
    notes = []
    for line in lines:
        steps = np.flatnonzero(~np.isfinite(line.values))
        if steps.size:
            first = style.number(float(line.values[steps[0]]))
            notes.append(style.t("{name} is {value} at step {step}.", name=line.name, value=first,
                                 step=int(steps[0]) + 1))  # fmt: skip
    return notes
