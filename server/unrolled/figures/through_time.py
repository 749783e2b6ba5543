"""Pairs of timesteps: Jacobian norms of a state, and what each pair adds to a gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from unrolled.figures.lines import EXACT, Array
from unrolled.figures.matrix import Matrix, thinned, traces
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Style

Rows = Sequence[Sequence[float | None]]


def jacobians(norms: Rows, of: str, with_respect_to: str, style: Style) -> Picture:
    """Norms of d(of)_t/d(with_respect_to)_k, coloured by their power of ten.

    What shrinks has one hue, what grows the other; 1 is paper. None where k cannot reach t.
    """
    values, there = _arrays(norms)
    symbol = f"d {_short(of)}<sub>t</sub> / d {_short(with_respect_to)}<sub>k</sub>"
    said = [_ends(values, there, style)]
    return _picture("jacobians", style.t("How strongly a step acts on later ones"),
                    values, there, symbol, style.palette.signs, 0.0, said, style)  # fmt: skip


def bptt(norms: Array, parameter: str, style: Style) -> Picture:
    """Norms of what the loss at t, by the use of a parameter at k, adds to its gradient.

    A zero that lies against the direction of reading is no place at all: nothing leads there.
    """
    values = np.asarray(norms, float)
    there = (values != 0) | _onward(parameter, values.shape)
    colours = style.palette.rising(style.palette["hue-gradient"])
    symbol = f"dL<sub>t</sub> / d {_short(parameter)}<sub>k</sub>"
    said = [_largest(values, there, style), _ends(values, there, style)]
    return _picture("bptt", style.t("What each pair of steps adds to the gradient of {name}",
                                    name=parameter),
                    values, there, symbol, colours, None, said, style)  # fmt: skip


def _arrays(norms: Rows) -> tuple[Array, Array]:
    there = np.array([[each is not None for each in row] for row in norms], bool)
    values = np.array([[math.nan if each is None else each for each in row] for row in norms])
    return values, there


def _onward(parameter: str, shape: tuple[int, ...]) -> Array:
    """Where a use at k comes before, or at, the loss at t as this parameter's layer reads."""
    t, k = np.indices(shape)
    if ".backward." in parameter:
        return np.asarray(k >= t)
    return np.asarray(k == t if parameter.startswith("readout") else k <= t)


def _short(address: str) -> str:
    return address.rsplit(".", 1)[-1]


def _picture(
    kind: str, title: str, values: Array, there: Array, symbol: str,
    colours: list[tuple[float, str]], middle: float | None, said: list[str], style: Style,
) -> Picture:  # fmt: skip
    rows, columns = thinned(values.shape[0]), thinned(values.shape[1])
    cut = np.ix_(rows, columns)
    hover = f"t = %{{y}}, k = %{{x}}<br>‖{symbol}‖ = %{{customdata:{EXACT}}}"
    drawn = Matrix(
        values[cut], there[cut], [row + 1 for row in rows], [column + 1 for column in columns],
        colours, log=True, middle=middle, words={"hover": hover, "scale": f"‖{symbol}‖"},
    )  # fmt: skip
    layout = style.layout(
        xaxis=style.steps(values.shape[1], showgrid=False, zeroline=False),
        yaxis=style.steps(values.shape[0], showgrid=False, zeroline=False),
    )  # fmt: skip
    layout["xaxis"]["title"]["text"] = style.t("k, the step it starts from")
    layout["plot_bgcolor"] = style.palette["sunken"]  # where nothing reaches
    layout["yaxis"] |= {"title": {"text": style.t("t, the step it reaches"), "standoff": 8},
                        "range": [values.shape[0] + 0.5, 0.5]}  # fmt: skip
    notes = []
    if len(rows) < values.shape[0]:
        notes = [style.t("Of {steps} steps {drawn} are drawn.", steps=values.shape[0],
                         drawn=len(rows))]  # fmt: skip
    table = Table(["t \\ k", *(str(c + 1) for c in columns)], _table(drawn))
    return Picture(kind, title, style.joined([each for each in said if each]),
                   traces(drawn, style), layout, table, "y", notes)  # fmt: skip


def _table(drawn: Matrix) -> list[list[float | None]]:
    return [
        [name, *(float(v) if seen else None for v, seen in zip(row, reach, strict=True))]
        for name, row, reach in zip(drawn.rows, drawn.values, drawn.there, strict=True)
    ]


def _ends(values: Array, there: Array, style: Style) -> str:
    """The widest pair against a step's pair with itself."""
    t, k = (values.shape[0] - 1, 0) if there[-1, 0] else (0, values.shape[1] - 1)
    if not there[t, k]:
        return ""
    return style.t("From step {k} to step {t} the norm is {value}.", k=k + 1, t=t + 1,
                   value=style.number(float(values[t, k])))  # fmt: skip


def _largest(values: Array, there: Array, style: Style) -> str:
    known = np.where(there & ~np.isnan(values), values, -np.inf)
    t, k = np.unravel_index(int(known.argmax()), known.shape)
    if known[t, k] <= 0:
        return style.t("No pair adds anything.")
    return style.t("Most comes from t = {t}, k = {k}: {value}.", t=int(t) + 1, k=int(k) + 1,
                   value=style.number(float(values[t, k])))  # fmt: skip
