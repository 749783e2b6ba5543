"""What the messages of a live session are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strict=True, max_length=200)]


class Answer(BaseModel):
    """What the server says; fields may be added."""

    model_config = ConfigDict(extra="allow", strict=True)


Out = Annotated[float, Field(allow_inf_nan=False)] | Literal["NaN", "Infinity", "-Infinity"]
"""A number; JSON has no sign for those that are not finite."""
Row = list[Out]
Rows = list[Row]
Index = Annotated[int, Field(ge=0)]
