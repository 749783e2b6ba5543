"""What is set on the page, before any markup: boxes that LaTeX, MathML and plain text render.

`typeset` makes them from expressions, so that precedence, stacking and fences are decided once.
"""

from __future__ import annotations

from dataclasses import dataclass

from .symbols import Symbol


@dataclass(frozen=True, slots=True)
class Sym:
    """The symbol of the wire name `name`; several `names` where matrices stand stacked."""

    symbol: Symbol
    name: str
    previous: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Num:
    """A number as it is written, its sign included."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign between boxes; `kind` is ``infix``, ``prefix``, ``separator`` or ``invisible``."""

    text: str
    latex: str
    kind: str = "infix"


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes beside each other."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Fence:
    """A box in round or square brackets."""

    body: Box
    left: str = "("
    right: str = ")"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a box, e.g. σ(…); `latex` and `text` name it."""

    text: str
    latex: str
    body: Box


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Box


Box = Sym | Num | Mark | Row | Fence | Call | Root
