"""Addresses: ``layers.0.forward.c[2]``, ``readout.V[0][1]``; a bare ``c`` is the first layer's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import EngineError
from .parse import NAME

_UNIT = re.compile(
    r"(?P<path>[^\[\]]*)(?:\[(?P<unit>[0-9]{1,7})\](?:\[(?P<column>[0-9]{1,7})\])?)?"
)
_DIRECTIONS = ("forward", "backward")
_FORM = "an address such as layers.0.forward.c[2], readout.y or c"


@dataclass(frozen=True, slots=True)
class Address:
    """A named value or parameter of a network, and a unit or an entry of it or all.

    `part` is where it stands: ``layers.0.forward``, ``readout`` or ``decoder.attention``.
    """

    part: str
    name: str
    unit: int | None = None
    column: int | None = None

    @classmethod
    def parse(cls, text: object, field: str = "address") -> Address:
        """An address from its text, which stands in a document's `field`.

        Raises:
            EngineError: the text has another form.
        """
        found = _UNIT.fullmatch(text) if isinstance(text, str) and len(text) <= 200 else None
        if found is None:
            raise EngineError(field, _FORM, repr(text)[:60])
        *path, name = found["path"].split(".")
        unit, column = (None if found[i] is None else int(found[i]) for i in ("unit", "column"))
        if not NAME.fullmatch(name) or not _is_part(path):
            raise EngineError(field, _FORM, repr(text)[:60])
        return cls(".".join(path) or "layers.0.forward", name, unit, column)

    @property
    def layer(self) -> int | None:
        """The layer's number, None where the part is no layer."""
        words = self.part.split(".")
        return int(words[words.index("layers") + 1]) if "layers" in words else None

    def __str__(self) -> str:
        entry = "".join(f"[{index}]" for index in self.entry)
        return f"{self.part}.{self.name}{entry}"

    @property
    def entry(self) -> tuple[int, ...]:
        """The indices: none, a unit, or row and column."""
        return tuple(index for index in (self.unit, self.column) if index is not None)


def _is_part(path: list[str]) -> bool:
    if path[:1] in (["encoder"], ["decoder"]):
        path = path[1:]
    match path:
        case [] | ["readout"] | ["attention"]:
            return True
        case ["layers", number, direction]:
            plain = number.isascii() and number.isdigit() and len(number) <= 4
            return plain and direction in _DIRECTIONS
    return False
