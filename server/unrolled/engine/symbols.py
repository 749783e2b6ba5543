"""Symbols: what a name of the wire looks like in one book's notation.

A symbol is data, never markup: a base letter, an accent, a subscript, whether it carries the
time. It is written as ``Γ_u``, ``c̃``, ``W_aᵀ`` (a transpose), ``W_i{}`` (braces stand for the
name's own subscript) or ``f(z_f)`` (the function f of the value called z_f on the wire).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from .cell import Cell
from .errors import CellError
from .expressions import Apply, Name

ACCENTS = {"\u0303": "tilde", "\u0302": "hat", "\u0304": "bar"}
_WORD = r"[A-Za-z\u0391-\u03c9][A-Za-z0-9\u0391-\u03c9]{0,31}"
_SYMBOL = re.compile(
    rf"(?P<base>{_WORD})(?P<accent>[{''.join(ACCENTS)}]?)"
    r"(?:_(?P<sub>[A-Za-z0-9,\u0391-\u03c9]{1,32})|\((?P<of>[A-Za-z]\w{0,31})\))?(?P<turned>ᵀ?)"
)
GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ"},
    **{"eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "mu": "μ", "nu": "ν", "xi": "ξ"},
    **{"pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ"},
    **{"psi": "ψ", "omega": "ω"},
}
_Layer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a name is written; `of` makes it a function's value, `also` a second name for it,
    `transposed` another form of a matrix that does not change with time."""

    base: str
    accent: str = ""
    sub: str = ""
    timed: bool = False
    of: Symbol | None = None
    also: Symbol | None = None
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Layers:
    """Tables of symbols, the first that knows a name wins; see ``notations/*.toml``."""

    tables: tuple[_Layer, ...]

    def get(self, table: str, key: str) -> str | None:
        """The entry `key` of the first layer whose `table` has it."""
        for layer in self.tables:
            if key in layer.get(table, {}):
                return str(layer[table][key])
        return None


def parse_symbol(text: object, field: str) -> tuple[Symbol, str | None]:
    """A symbol from its text, and the name of the value that it is a function of.

    Raises:
        CellError: the text is no symbol; `field` names where it stands.
    """
    found = _SYMBOL.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise CellError("a symbol such as Γ_u, c̃ or f(z_f)", repr(text)[:40], field=field)
    turned = bool(found["turned"])
    return Symbol(found["base"], found["accent"], found["sub"] or "", transposed=turned), found[
        "of"
    ]


def lettered(layers: Layers, letter: str, suffix: str, table: str = "letters") -> Symbol | None:
    """The symbol of a letter with a subscript, e.g. W and f, as a table of templates has it."""
    template = layers.get(table, letter)
    if template is None:
        return None
    filled = template.replace("{}", layers.get("subscripts", suffix) or suffix)
    return parse_symbol(filled, f"{table}.{letter}")[0]


def resolve(cell: Cell, layers: Layers) -> dict[str, Symbol]:
    """The symbol of every value, input and parameter of a cell; no two are the same."""
    all_names = tuple(dict.fromkeys((*cell.size_of, *(p.name for p in cell.parameters))))
    found = {name: _written(cell, layers, name) for name in all_names}
    for fallback in (default, Symbol):
        for name in _repeated(found):
            found[name] = fallback(name)
    varying = {name for name in cell.size_of if name in cell.state or not _untimed(layers, name)}
    found = {name: replace(symbol, timed=name in varying) for name, symbol in found.items()}
    return {
        name: symbol if symbol.of is None else replace(symbol, of=found[symbol.of.base])
        for name, symbol in found.items()
    }


def default(name: str, layers: Layers = Layers(())) -> Symbol:
    """Base letter and subscript from the underscore or the digits: ``W_f``, ``h1``, ``alpha``."""
    base, _, sub = name.partition("_")
    if not sub and (found := re.fullmatch(r"([A-Za-z]+?)([0-9]+)", base)):
        base, sub = found.groups()
    sub = layers.get("subscripts", sub) or sub
    return Symbol(GREEK.get(base, base), sub=sub.strip("_").replace("_", ","))


def _written(cell: Cell, layers: Layers, name: str) -> Symbol:
    written = layers.get("symbols", name)
    if written is not None:
        symbol, argument = parse_symbol(written, f"symbols.{name}")
        if argument is None:
            also = layers.get("also", name)
            second = parse_symbol(also, f"also.{name}")[0] if also else None
            return replace(symbol, also=second)
        if _is_function_of(cell, name, argument):
            return replace(symbol, of=Symbol(argument))
    letter, _, suffix = name.partition("_")
    return (suffix and lettered(layers, letter, suffix)) or default(name, layers)


def _is_function_of(cell: Cell, name: str, argument: str) -> bool:
    equation = cell.by_name.get(name)
    match equation and equation.expression:
        case Apply(arguments=(Name(id=id_, previous=False),)):
            return id_ == argument
    return False


def _untimed(layers: Layers, name: str) -> bool:
    patterns = (p for layer in layers.tables for p in layer.get("untimed", ()))
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _repeated(found: Mapping[str, Symbol]) -> list[str]:
    bare = {name: replace(symbol, also=None) for name, symbol in found.items()}
    count = Counter(bare.values())
    return [name for name, symbol in bare.items() if count[symbol] > 1]
