"""The strict types that documents are made of: numbers, vectors, matrices, closed objects."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    FailFast,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number; whole ones are taken too, `true` is not one."""
Count = Annotated[int, Field(strict=True, ge=1, lt=2**53)]
Seed = Annotated[int, Field(strict=True, ge=0, lt=2**53)]
"""Whole numbers that every JSON reader keeps exactly."""
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
"""A name of a cell, a value, a parameter, an option."""
Identifier = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
]
Line = Annotated[str, StringConstraints(strict=True, max_length=500)]


class FirstOnly(FailFast):
    """One mistake is enough for a list: a million wrong entries must not make a million errors."""

    def __hash__(self) -> int:
        # Members of a union must be hashable, which pydantic's own mark is not.
        return hash(type(self))


Vector = Annotated[list[Number], FirstOnly()]
Matrix = Annotated[list[Vector], FirstOnly()]


def _nested(value: Any) -> str:
    return (
        "<matrix>"
        if isinstance(value, list) and value[:1] and isinstance(value[0], list)
        else ("<vector>")
    )


Parameter = Annotated[
    Annotated[Vector, Tag("<vector>")] | Annotated[Matrix, Tag("<matrix>")],
    Discriminator(_nested),
]
"""The numbers of one parameter: a vector, or a matrix by rows."""


def few(most: int) -> BeforeValidator:
    """At most so many entries in an object, judged before any of them is looked at."""

    def check(value: Any) -> Any:
        if isinstance(value, dict) and len(value) > most:
            raise crowded(f"at most {most} entries", len(value))
        return value

    return BeforeValidator(check)


def crowded(expected: str, got: int) -> PydanticCustomError:
    """The one error of an object with far too much in it."""
    return PydanticCustomError("crowded", "too much", {"expected": expected, "got": str(got)})


Weights = Annotated[dict[Name, Parameter], few(64)]
"""Parameters by name; those left out are zero where some are given, seeded where none is."""


def _row(value: Any) -> str:
    if value is None:
        return "<none>"
    return "<row>" if isinstance(value, list) else "<class>"


TargetRow = Annotated[
    Annotated[None, Tag("<none>")]
    | Annotated[Vector, Tag("<row>")]
    | Annotated[Annotated[int, Field(strict=True, ge=0)], Tag("<class>")],
    Discriminator(_row),
]
"""A target of one timestep: a row, the index of a class, or null for no loss there."""

Targets = Annotated[list[TargetRow], FirstOnly()]


class Closed(BaseModel):
    """An object of a document: no field but the declared ones, types taken as they are."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    # An object with far too many fields gets one error, not one for each of them.
    most_unknown: ClassVar[int] = 16

    @model_validator(mode="before")
    @classmethod
    def _not_crowded(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > len(cls.model_fields) + cls.most_unknown:
            raise crowded(f"at most {len(cls.model_fields)} fields", len(data))
        return data
