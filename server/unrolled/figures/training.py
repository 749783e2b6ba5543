"""The course of a training: loss, and the norm of the gradient before and after clipping."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unrolled.figures import lines
from unrolled.figures.lines import Array, Line
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Style

FIELDS = ("loss", "gradient_norm", "clipped_norm")


def training(progress: Sequence[Mapping[str, Any]], style: Style) -> Picture:
    """Reports of updates, ``{"update", "loss", "gradient_norm", "clipped_norm"}``, as curves."""
    updates = [int(each["update"]) for each in progress]
    loss, before, after = (_column(progress, name) for name in FIELDS)
    colours = style.palette
    every = [
        Line(style.t("loss"), loss, colours["ink"]),
        Line(style.t("gradient norm"), before, colours["hue-gradient"], dash="dot"),
        Line(style.t("after clipping"), after, colours["hue-gradient"], symbol="square"),
    ]
    above, *below = every
    data = [*lines.traces(above, style, log=True, axis="y2"),
            *(t for line in below for t in lines.traces(line, style, log=True))]  # fmt: skip
    for drawn in data:
        drawn["x"] = [updates[step - 1] for step in drawn["x"]]
        drawn["hovertemplate"] = drawn["hovertemplate"].replace(style.t("step"), style.t("update"))
    upper, lower = (
        style.axis(name, type="log", exponentformat="power", domain=domain)
        for name, domain in ((style.t("loss"), [0.54, 1.0]), (style.t("norm"), [0.0, 0.46]))
    )
    layout = style.layout(xaxis=style.axis(style.t("update")), yaxis=lower, yaxis2=upper)
    table = Table([style.t("update"), *(line.name for line in every)],
                  [[n, *row] for n, row in zip(updates, zip(*(map(float, line.values)
                   for line in every), strict=True), strict=True)])  # fmt: skip
    return Picture("training", style.t("The course of the training"),
                   _said(updates, loss, before, after, style), data, layout, table,
                   notes=lines.left_out(every, style))  # fmt: skip


def _column(progress: Sequence[Mapping[str, Any]], name: str) -> Array:
    """One field of every report, (reports,); what is not there is not a number."""
    found = [each.get(name) for each in progress]
    return np.array([math.nan if value is None else float(value) for value in found])


def _said(updates: list[int], loss: Array, before: Array, after: Array, style: Style) -> str:
    clipped = int((after < before).sum())
    said = [style.t("From update {first} to update {last} the loss goes from {before} to {after}.",
                    first=updates[0], last=updates[-1], before=style.number(float(loss[0])),
                    after=style.number(float(loss[-1])))]  # fmt: skip
    if clipped:
        said.append(style.t("The gradient was clipped in {count} of {all} reports.",
                            count=clipped, all=len(updates)))  # fmt: skip
    return style.joined(said)
