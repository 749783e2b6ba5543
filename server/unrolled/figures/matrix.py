"""A square of numbers as colours: step against step, with words where there is no colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unrolled.figures.lines import EXACT, Array
from unrolled.figures.palette import Stops
from unrolled.figures.style import Json, Style

MOST = 120
"""Rows and columns that are drawn; of longer sequences every second, third, … step is."""
_PRINTED = 5
"""Columns up to which numbers stand in their squares."""


@dataclass(frozen=True)
class Matrix:
    """Numbers (rows, columns), NaN where `there` is False: nothing is to be seen at that place.

    `rows` and `columns` name the entries; `log` colours them by their power of ten.
    """

    values: Array
    there: Array
    rows: Sequence[Any]
    columns: Sequence[Any]
    colours: Stops
    log: bool = False
    middle: float | None = None
    limits: tuple[float, float] | None = None
    words: dict[str, str] = field(default_factory=dict)


def thinned(count: int) -> list[int]:
    """Which of so many steps are drawn: all, or every n-th from the first on, and the last."""
    every = -(-count // MOST)
    kept = list(range(0, count, every))
    return kept if kept[-1] == count - 1 else [*kept, count - 1]


def traces(matrix: Matrix, style: Style) -> list[Json]:
    """The coloured squares, and marks on those whose number no colour can show."""
    values = np.asarray(matrix.values, float)
    colour = _logarithm(values) if matrix.log else values
    shown = matrix.there & np.isfinite(colour)
    z = _nested(colour, shown)
    x, y = list(matrix.columns), list(matrix.rows)
    hover = matrix.words.get("hover", f"%{{y}}, %{{x}}: %{{customdata:{EXACT}}}")
    found: Json = {
        "type": "heatmap", "x": x, "y": y, "z": z, "customdata": _nested(values, shown),
        "colorscale": matrix.colours, "hovertemplate": f"{hover}<extra></extra>",
        "hoverongaps": False, "xgap": 1, "ygap": 1, **_limits(matrix, colour[shown]),
        "colorbar": _bar(matrix, colour[shown], style),
    }  # fmt: skip
    if max(values.shape) <= _PRINTED:
        found |= {"texttemplate": "%{text}", "text": _texts(values, shown, style),
                  "textfont": {"size": style.palette.size}}  # fmt: skip
    gaps = np.argwhere(matrix.there & ~np.isfinite(colour))
    if not len(gaps):
        return [found]
    marks: Json = {
        "type": "scatter", "mode": "text", "showlegend": False,
        "x": [x[column] for _, column in gaps], "y": [y[row] for row, _ in gaps],
        "text": [style.number(float(values[row, column])) for row, column in gaps],
        "textfont": {"color": style.palette["quiet-text"]}, "meta": {"gap": True},
        "hovertemplate": f"{hover.split('%{customdata')[0]}%{{text}}<extra></extra>",
    }  # fmt: skip
    return [found, marks]


def _logarithm(values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log10(values))


def _nested(values: Array, shown: Array) -> list[list[float | None]]:
    return [
        [float(value) if there else None for value, there in zip(row, seen, strict=True)]
        for row, seen in zip(values, shown, strict=True)
    ]


def _texts(values: Array, shown: Array, style: Style) -> list[list[str]]:
    return [
        [_short(value, style) if there else "" for value, there in zip(row, seen, strict=True)]
        for row, seen in zip(values, shown, strict=True)
    ]


def _short(value: float, style: Style) -> str:
    """At most three digits, so that it fits its square."""
    if value and not 1e-3 <= abs(value) < 1e4:
        mantissa, power = f"{value:.1e}".split("e")
        return f"{mantissa}·10<sup>{int(power)}</sup>".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def _limits(matrix: Matrix, finite: Array) -> Json:
    if matrix.limits is not None:
        return {"zmin": matrix.limits[0], "zmax": matrix.limits[1]}
    if matrix.middle is None or not finite.size:
        return {}
    away = max(float(np.abs(finite - matrix.middle).max()), 1e-12)
    return {"zmin": matrix.middle - away, "zmax": matrix.middle + away}


def _bar(matrix: Matrix, finite: Array, style: Style) -> Json:
    bar: Json = {"title": {"text": matrix.words.get("scale", ""), "side": "right"},
                 "thickness": 14, "outlinewidth": 0}  # fmt: skip
    if matrix.log and finite.size:
        away = _limits(matrix, finite)
        low = away.get("zmin", float(finite.min()))
        bar |= style.powers(low, away.get("zmax", float(finite.max())))
    return bar
