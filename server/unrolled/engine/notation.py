"""A notation: how one book writes cells. One file each in ``notations/``.

A file gives symbols (``[symbols]`` whole names, ``[letters]`` templates by the first letter,
``[subscripts]``), how time is written, whether the matrices of a sum stand stacked (``[stack]``)
or its bias as two (``[biases]``), and exceptions by cell (``[[cells]]``, later ones win). A cell
file may add ``[symbols.NOTATION]``. A name that no table knows is written as it is spelled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .cell import Cell
from .errors import CellError, EngineError
from .symbols import Layers, Symbol, resolve


@dataclass(frozen=True, slots=True)
class Time:
    """How a value's step is marked: the text for this step and for the one before, and where."""

    place: str = "superscript"
    now: str = "t"
    previous: str = "t-1"

    def at(self, previous: bool) -> str:
        """The mark of this step or of the previous one."""
        return self.previous if previous else self.now


@dataclass(frozen=True, slots=True)
class Notation:
    """One notation as its file has it."""

    id: str
    title: Mapping[str, str]
    time: Time
    tables: Mapping[str, Any] = field(repr=False)

    def layers(self, cell: Cell) -> Layers:
        """The tables of symbols that hold for a cell, the most particular first."""
        own = _own(cell, self.id)
        particular = [
            entry
            for entry in reversed(self.tables.get("cells", []))
            if any(fnmatchcase(cell.id, pattern) for pattern in entry["ids"])
        ]
        untimed = cell.symbols.get("untimed", ())
        return Layers(({"symbols": own, "untimed": untimed}, *particular, self.tables))


@dataclass(frozen=True, slots=True)
class Script:
    """A notation brought to one cell: every name has its symbol."""

    notation: Notation
    layers: Layers
    symbols: Mapping[str, Symbol]
    parameters: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def notations() -> Mapping[str, Notation]:
    """The notations by id, in the order in which pages offer them."""
    folder = files(__package__).joinpath("notations")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    documents = [tomllib.loads(e.read_text("utf-8")) for e in entries if e.name.endswith(".toml")]
    documents.sort(key=lambda document: (document.get("order", 100), document["id"]))
    return {d["id"]: Notation(d["id"], d["title"], Time(**d.get("time", {})), d) for d in documents}


def script(cell: Cell, notation: str) -> Script:
    """The symbols of a cell in a notation.

    Raises:
        EngineError: no such notation.
        CellError: the cell's own ``[symbols]`` hold something that is no symbol.
    """
    found = notations().get(notation)
    if found is None:
        raise EngineError("notation", "one of " + ", ".join(notations()), repr(notation)[:40])
    layers = found.layers(cell)
    parameters = frozenset(parameter.name for parameter in cell.parameters)
    return Script(found, layers, resolve(cell, layers), parameters)


def _own(cell: Cell, notation: str) -> Mapping[str, Any]:
    """The cell's own symbols: those of every notation, ``any``, and those of this one."""
    if not isinstance(cell.symbols, Mapping):
        raise CellError("a table of symbols", "another", field="symbols")
    own: dict[str, Any] = {}
    for name in ("any", notation):
        table = cell.symbols.get(name, {})
        if not isinstance(table, Mapping):
            raise CellError("a table of symbols", repr(table)[:40], field=f"symbols.{name}")
        own |= table
    return own
