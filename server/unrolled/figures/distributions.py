"""Distributions: where attention looks at each step, and what a sampler chooses from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unrolled.figures.lines import EXACT, Array
from unrolled.figures.matrix import Matrix, thinned, traces
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Style, plain

_COLUMNS = 40
"""Tokens that are drawn; of more, those that were likeliest at some step."""


def attention(alpha: Array, style: Style, *, labels: Sequence[str] | None = None) -> Picture:
    """The weights α (decoder steps, encoder steps) with which each step looks back."""
    rows, columns = thinned(alpha.shape[0]), thinned(alpha.shape[1])
    names = [_read(column, labels) for column in columns]
    hover = f"{style.t('step')} %{{y}} → %{{x}}<br>α = %{{customdata:{EXACT}}}"
    drawn = _shares(alpha[np.ix_(rows, columns)], rows, names, style, hover=hover, scale="α")
    layout = _layout(style, style.t("step of the encoder"), style.t("step of the decoder"),
                     alpha.shape[0])  # fmt: skip
    said = style.joined([
        style.t("Step {step} looks most at step {at} ({weight}).", step=row + 1,
                at=int(alpha[row].argmax()) + 1, weight=style.number(float(alpha[row].max())))
        for row in range(min(len(alpha), 8))
    ])  # fmt: skip
    table = Table([style.t("step"), *names], [[row + 1, *map(float, alpha[row, columns])]
                                              for row in rows])  # fmt: skip
    return Picture("attention", style.t("Where attention looks"), said, traces(drawn, style),
                   layout, table, "y")  # fmt: skip


def sampling(
    distributions: Array, tokens: Sequence[int], style: Style, *,
    labels: Sequence[str] | None = None,
) -> Picture:  # fmt: skip
    """The distribution over tokens (steps, tokens) of each step, and the one that was drawn."""
    order = np.argsort(-distributions.max(axis=0), kind="stable")[:_COLUMNS]
    shown = sorted(int(token) for token in order)
    rows = thinned(len(distributions))
    if labels is not None and len(set(labels)) < len(labels):
        labels = [f"{number + 1}: {label}" for number, label in enumerate(labels)]
    names = [_named(token, labels) for token in shown]
    values = distributions[np.ix_(rows, shown)]
    hover = f"{style.t('step')} %{{y}}, %{{x}}<br>p = %{{customdata:{EXACT}}}"
    drawn = _shares(values, rows, names, style, hover=hover, scale="p")
    marks = _rings([(row + 1, _named(tokens[row], labels)) for row in rows
                    if row < len(tokens) and tokens[row] in shown], style)  # fmt: skip
    layout = _layout(style, style.t("token"), style.t("step"), len(distributions))
    said = style.t("Drawn: {tokens}.", tokens=" ".join(_named(token, labels) for token in tokens))
    table = Table([style.t("step"), style.t("drawn"), *names],
                  [[row + 1, _named(tokens[row], labels) if row < len(tokens) else "",
                    *map(float, distributions[row, shown])] for row in rows])  # fmt: skip
    notes = []
    if len(shown) < distributions.shape[1]:
        notes = [style.t("Of {count} tokens the {drawn} likeliest are drawn.",
                         count=distributions.shape[1], drawn=len(shown))]  # fmt: skip
    return Picture("sampling", style.t("What the sampler chooses from"), said,
                   [*traces(drawn, style), marks], layout, table, notes=notes)  # fmt: skip


def _shares(
    values: Array, rows: Sequence[int], names: Sequence[str], style: Style, *, hover: str,
    scale: str,
) -> Matrix:  # fmt: skip
    """Shares between 0 and 1, (rows, names), the larger the darker."""
    return Matrix(
        values, np.ones(values.shape, bool), [row + 1 for row in rows], list(map(plain, names)),
        style.palette.rising(style.palette["ink"]), limits=(0.0, 1.0),
        words={"hover": hover, "scale": scale},
    )  # fmt: skip


def _rings(chosen: Sequence[tuple[int, str]], style: Style) -> dict[str, object]:
    """A ring around each token that was drawn, by its step."""
    return {
        "type": "scatter", "mode": "markers", "name": style.t("drawn"), "showlegend": False,
        "x": [plain(name) for _, name in chosen], "y": [step for step, _ in chosen],
        "marker": {"symbol": "circle-open", "size": 16, "color": style.palette["hue-gradient"],
                   "line": {"width": 3}},
        "hovertemplate": f"{style.t('drawn')}: %{{x}}<extra></extra>",
    }  # fmt: skip


def _read(step: int, labels: Sequence[str] | None) -> str:
    """A step with what was read there: a word may come twice, a place on an axis may not."""
    known = labels is not None and step < len(labels)
    return f"{step + 1}: {labels[step]}" if labels is not None and known else str(step + 1)


def _named(index: int, labels: Sequence[str] | None) -> str:
    return str(labels[index]) if labels is not None and index < len(labels) else str(index + 1)


def _layout(style: Style, x: str, y: str, rows: int) -> dict[str, object]:
    below = style.axis(x, type="category", showgrid=False, zeroline=False)
    side = style.steps(rows, showgrid=False, zeroline=False)
    side |= {"title": {"text": y, "standoff": 8}, "range": [rows + 0.5, 0.5]}
    return style.layout(xaxis=below, yaxis=side)
