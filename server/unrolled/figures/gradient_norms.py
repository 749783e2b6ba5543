"""How long the gradient lives: its norm at every timestep, for networks side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from unrolled.engine.errors import no_gradients
from unrolled.engine.trace import Trace
from unrolled.figures import lines
from unrolled.figures.gates import found
from unrolled.figures.lines import Array, Line
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Style

MOST = 3


def gradient_norms(
    traces: Mapping[str, Trace], style: Style, *, place: str | None = None
) -> Picture:
    """The norm of dL/d(state) at each step, of every state of a layer, for up to three networks.

    Raises:
        EngineError: a trace without gradients, or without such a place.
    """
    networks = [_lines(name, trace, number, place, style)
                for number, (name, trace) in enumerate(traces.items())]  # fmt: skip
    every = [line for found in networks for line in found]
    steps = max(len(line.values) for line in every)
    rows = [[step + 1, *(_at(line.values, step) for line in every)] for step in range(steps)]
    layout = style.layout(
        xaxis=style.steps(steps), hovermode="closest",
        yaxis=style.axis(style.t("norm of the gradient"), type="log", exponentformat="power"),
    )  # fmt: skip
    summed = any(trace.loss is None for trace in traces.values())
    notes = [style.t("Without a loss this is the gradient of the sum of all outputs.")]
    return Picture(
        "gradient_norms", style.t("How far the gradient reaches"),
        style.joined([_said(found[0], style) for found in networks]),
        [trace for line in every for trace in lines.traces(line, style, log=True)],
        layout, Table([style.t("step"), *(line.name for line in every)], rows), "x",
        (notes if summed else []) + lines.left_out(every, style),
    )  # fmt: skip


def _lines(name: str, trace: Trace, number: int, place: str | None, style: Style) -> list[Line]:
    home, direction = found(trace, place)
    gradients = direction.gradients
    if gradients is None:
        raise no_gradients("gradients")
    cell = direction.cell
    states = dict.fromkeys((cell.output, *cell.state))
    colours = (style.palette["hue-gradient"], style.palette["ink"], style.palette["quiet-text"])
    return [
        Line(style.t("{network}: {name}", network=name, name=state), norms(gradients[state]),
             colours[number % MOST], f"{home}.{state}", lines.DASHES[place_ % 4],
             lines.SYMBOLS[number % MOST])
        for place_, state in enumerate(states)
    ]  # fmt: skip


def norms(rows: Array) -> Array:
    """The Euclidean norm of each row, (time,), without overflow or underflow on the way."""
    with np.errstate(all="ignore"):
        size = np.abs(rows).max(axis=1)
        unit = np.where((size > 0) & np.isfinite(size), size, 1.0)
        return np.asarray(np.sqrt(((rows / unit[:, None]) ** 2).sum(axis=1)) * unit)


def _at(values: Array, step: int) -> float | None:
    return float(values[step]) if step < len(values) else None


def _said(line: Line, style: Style) -> str:
    first, last = float(line.values[0]), float(line.values[-1])
    said = style.t(
        "{name}: the gradient is {last} at step {steps} and {first} at step 1.",
        name=line.name, last=style.number(last), steps=len(line.values),
        first=style.number(first),
    )  # fmt: skip
    return said
