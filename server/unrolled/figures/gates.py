"""Gates and states over time: what one unit of a cell does, step by step."""

from __future__ import annotations

import numpy as np

from unrolled.engine.errors import EngineError
from unrolled.engine.trace import DirectionTrace, Trace
from unrolled.figures import lines
from unrolled.figures.lines import Line
from unrolled.figures.names import Named, drawn, title
from unrolled.figures.picture import Picture, Table
from unrolled.figures.style import Json, Style


def gates(trace: Trace, style: Style, *, place: str | None = None, unit: int = 0) -> Picture:
    """The gates of a cell (between 0 and 1) above its states, for one unit.

    Args:
        place: a layer and direction such as ``layers.0.forward``; the first by default.
        unit: which entry of each value, from 0; a value with fewer shows its last.

    Raises:
        EngineError: no such place, or no such unit there.
    """
    home, direction = found(trace, place)
    names = drawn(direction.cell)
    most = max(direction.values[each.name].shape[1] for each in names)
    if not 0 <= unit < most:
        raise EngineError("unit", f"a unit from 0 to {most - 1}", str(unit))
    both = [
        [_line(each, number, home, direction, unit, style) for number, each in enumerate(part)]
        for part in ([n for n in names if n.gate], [n for n in names if not n.gate])
    ]
    above, below = both
    every = [*above, *below]
    data = [t for line in above for t in lines.traces(line, style, axis="y2")]
    data += [t for line in below for t in lines.traces(line, style)]
    steps = len(every[0].values)
    table = Table([style.t("step"), *(line.name for line in every)],
                  [[step + 1, *(float(line.values[step]) for line in every)]
                   for step in range(steps)])  # fmt: skip
    heading = style.t("Gates and states over time") if above else style.t("States over time")
    if most > 1:
        heading = style.t("{title}, unit {unit} of {units}", title=heading, unit=unit + 1,
                          units=most)  # fmt: skip
    return Picture("gates", heading, style.joined([_said(line, style) for line in every]), data,
                   _layout(steps, bool(above), style), table, "x",
                   lines.left_out(every, style))  # fmt: skip


def found(trace: Trace, place: str | None) -> tuple[str, DirectionTrace]:
    """The layer and direction of an address, the first where none is asked for.

    Raises:
        EngineError: there is no such place in this trace.
    """
    known = {home: direction for home, direction in trace.directions() if direction.reads}
    home = next(iter(known)) if place is None else place
    if home not in known:
        raise EngineError("place", "one of " + ", ".join(known), repr(home)[:40])
    return home, known[home]


def _line(
    named: Named, number: int, home: str, direction: DirectionTrace, unit: int, style: Style
) -> Line:
    values = direction.values[named.name]
    entry = min(unit, values.shape[1] - 1)
    return Line(
        title(named, style), values[:, entry], style.palette.hue(named.role),
        f"{home}.{named.name}[{entry}]", lines.DASHES[number % len(lines.DASHES)],
        lines.SYMBOLS[number % len(lines.SYMBOLS)],
        width=4 if named.role == "memory" else 2.5,
    )  # fmt: skip


def _layout(steps: int, gated: bool, style: Style) -> Json:
    lower = style.axis(style.t("states"), domain=[0.0, 0.46 if gated else 1.0])
    layout = style.layout(xaxis=style.steps(steps), yaxis=lower, hovermode="closest")
    if gated:
        layout["yaxis2"] = style.axis(style.t("gates"), domain=[0.54, 1.0], range=[-0.06, 1.06],
                                      tickvals=[0, 0.5, 1])  # fmt: skip
    return layout


def _said(line: Line, style: Style) -> str:
    finite = np.isfinite(line.values)
    if not finite.any():
        return style.t("{name} has no finite value.", name=line.name)
    values = np.where(finite, line.values, np.nan)
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    if line.values[low] == line.values[high]:
        return style.t("{name} stays at {value}.", name=line.name,
                       value=style.number(float(line.values[low])))  # fmt: skip
    return style.t(
        "{name} is lowest at step {low} ({least}) and highest at step {high} ({most}).",
        name=line.name, low=low + 1, least=style.number(float(line.values[low])),
        high=high + 1, most=style.number(float(line.values[high])),
    )  # fmt: skip
