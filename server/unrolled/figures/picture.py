"""A figure as plain data: Plotly's JSON, a text that says what it shows, its numbers' table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Follows = Literal["x", "y"]


@dataclass(frozen=True)
class Table:
    """The numbers of a figure: a row for each line, the first entry naming it."""

    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Picture:
    """What a figure is before it is drawn.

    `follows` is the axis that counts timesteps from 1, where one does: a page marks its cursor
    there, and a choice of a point leads to its step. Numbers that are not finite are never in
    `data`, where Plotly would drop them; they stand there as marks with words.
    """

    kind: str
    title: str
    summary: str
    data: list[Json]
    layout: Json
    table: Table
    follows: Follows | None = None
    notes: list[str] = field(default_factory=list)

    def document(self) -> Json:
        """The figure as it goes over the wire."""
        return {
            "kind": self.kind,
            "title": self.title,
            "summary": self.summary,
            "notes": self.notes,
            "figure": {"data": self.data, "layout": self.layout},
            "table": {"columns": self.table.columns, "rows": self.table.rows},
            "follows": self.follows,
        }

    def plotly(self) -> Any:
        """A `plotly.graph_objects.Figure` with its title; Plotly is imported here and only here."""
        from plotly.graph_objects import Figure

        title = {"text": self.title, "x": 0.02, "xanchor": "left"}
        margin = {**self.layout["margin"], "t": 64}
        return Figure({"data": self.data, "layout": {**self.layout, "title": title,
                                                     "margin": margin}})  # fmt: skip
