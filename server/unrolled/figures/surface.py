"""The loss over two weights as a landscape, with the paths of descents over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.engine.surface import Path, Surface
from unrolled.figures.lines import DASHES, EXACT, Array
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Json, Style

_STEEP = 1e3
"""From this ratio of the largest loss to the smallest on, heights are powers of ten."""
_ROWS = 25


def surface(found: Surface, names: tuple[str, str], style: Style, *, flat: bool = False) -> Picture:
    """A landscape in space, or as a map where `flat`: for readers and machines without depth.

    Args:
        names: what the two axes vary, such as ``layers.0.forward.U_h[0,0]``.
    """
    loss = np.asarray(found.loss, float)
    log = _is_steep(loss)
    height = _logarithm(loss) if log else loss
    shown = np.isfinite(height)
    z = [[float(v) if s else None for v, s in zip(row, seen, strict=True)]
         for row, seen in zip(height.T, shown.T, strict=True)]  # fmt: skip
    x, y = ([float(v) for v in axis] for axis in found.axes)
    hover = f"{names[0]} = %{{x:{EXACT}}}<br>{names[1]} = %{{y:{EXACT}}}<br>"
    common: Json = {
        "x": x, "y": y, "z": z, "colorscale": "Cividis", "customdata": _lists(loss.T),
        "hovertemplate": f"{hover}{style.t('loss')} = %{{customdata:{EXACT}}}<extra></extra>",
        "colorbar": {"title": {"text": style.t("loss"), "side": "right"}, "thickness": 14,
                     "outlinewidth": 0, **(_powers(height[shown], style) if log else {})},
    }  # fmt: skip
    flatly = {"type": "heatmap", "hoverongaps": False}
    kind = flatly if flat else {"type": "surface", "showscale": False}
    paths = [_path(path, n, style, log, flat) for n, path in enumerate(found.descents)]
    layout = _flat(names, style) if flat else _deep(names, height[shown], log, style)
    return Picture("surface", style.t("The loss over two weights"), _said(found, names, style),
                   [common | kind, *paths], layout, _table(found, names),
                   notes=_notes(loss, style))  # fmt: skip


def _is_steep(loss: Array) -> bool:
    finite = loss[np.isfinite(loss)]
    return bool(finite.size and finite.min() > 0 and finite.max() > _STEEP * finite.min())


def _logarithm(loss: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(np.log10(loss))


def _lists(loss: Array) -> list[list[float | None]]:
    return [[float(v) if math.isfinite(v) else None for v in row] for row in loss]


def _powers(height: Array, style: Style) -> Json:
    return style.powers(float(height.min()), float(height.max())) if height.size else {}


def _path(path: Path, number: int, style: Style, log: bool, flat: bool) -> Json:
    points = np.asarray(path.points, float)
    points = points[np.isfinite(points).all(axis=1)]
    name = style.t("descent {number}", number=number + 1)
    colour = style.palette["hue-gradient"]
    drawn: Json = {
        "name": name, "mode": "lines+markers", "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(), "customdata": points[:, 2].tolist(),
        "line": {"color": colour, "width": 3 if flat else 5, "dash": DASHES[number % 4]},
        "marker": {"color": colour, "size": 5 if flat else 3},
        "hovertemplate": f"{name}<br>{style.t('loss')} = %{{customdata:{EXACT}}}<extra></extra>",
    }  # fmt: skip
    if flat:
        return {"type": "scatter", **drawn}
    height = _logarithm(points[:, 2]) if log else points[:, 2]
    return {"type": "scatter3d", **drawn, "z": [float(v) if math.isfinite(v) else None
                                                for v in height]}  # fmt: skip


def _flat(names: tuple[str, str], style: Style) -> Json:
    first, second = (style.axis(name, zeroline=False) for name in names)
    return style.layout(xaxis=first, yaxis=second)


def _deep(names: tuple[str, str], height: Array, log: bool, style: Style) -> Json:
    colours = style.palette
    side = {"nticks": 5, "gridcolor": colours["line"], "color": colours["ink"],
            "backgroundcolor": colours["panel"], "zerolinecolor": colours["line"]}  # fmt: skip
    axes: Json = {
        "xaxis": {**side, "title": {"text": names[0]}},
        "yaxis": {**side, "title": {"text": names[1]}},
        "zaxis": {**side, "title": {"text": style.t("loss")},
                  **(_powers(height, style) if log else {})},
    }  # fmt: skip
    camera = {"eye": {"x": 1.35, "y": -1.35, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.15}}
    shape = {"aspectmode": "manual", "aspectratio": {"x": 1, "y": 1, "z": 0.75}}
    return style.layout(scene={**axes, **shape, "camera": camera, "dragmode": "turntable"},
                        dragmode="turntable")  # fmt: skip


def _table(found: Surface, names: tuple[str, str]) -> Table:
    """Losses of at most so many rows and columns; the route of surfaces has them all."""
    first, second = (_few(len(axis)) for axis in found.axes)
    columns = [f"{names[0]} \\ {names[1]}", *(repr(float(found.axes[1][c])) for c in second)]
    rows: list[list[Any]] = [
        [float(found.axes[0][r]), *(float(found.loss[r, c]) for c in second)] for r in first
    ]
    return Table(columns, rows)


def _few(count: int) -> list[int]:
    every = -(-count // _ROWS)
    return list(range(0, count, every))


def _said(found: Surface, names: tuple[str, str], style: Style) -> str:
    finite = np.where(np.isfinite(found.loss), found.loss, np.inf)
    row, column = np.unravel_index(int(finite.argmin()), finite.shape)
    said = [style.t("The loss is least ({loss}) at {first} = {x}, {second} = {y}.",
                    loss=style.number(float(finite[row, column])), first=names[0],
                    x=style.number(float(found.axes[0][row])), second=names[1],
                    y=style.number(float(found.axes[1][column])))]  # fmt: skip
    return style.joined([*said, *_descents(found.descents, style)])


def _descents(paths: Sequence[Path], style: Style) -> list[str]:
    said = []
    for number, path in enumerate(paths):
        first, last = float(path.points[0][2]), float(path.points[-1][2])
        text = style.t("Descent {number} goes from a loss of {first} to {last} in {count} updates.",
                       number=number + 1, first=style.number(first), last=style.number(last),
                       count=len(path.points) - 1)  # fmt: skip
        if path.stopped == "non_finite":
            text = style.joined([text, style.t("The next update leads out of the numbers.")])
        said.append(text)
    return said


def _notes(loss: Array, style: Style) -> list[str]:
    gaps = int((~np.isfinite(loss)).sum())
    if not gaps:
        return []
    return [style.t("Points where the loss is no finite number, holes in the surface: {count}.",
                    count=gaps)]  # fmt: skip
