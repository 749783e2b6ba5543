"""Boxes as one line of plain text, for screen readers, tables and the arithmetic."""

from __future__ import annotations

import unicodedata

from .boxes import Box, Call, Fence, Mark, Num, Root, Row, Sym
from .notation import Time
from .symbols import Symbol


def render(box: Box, time: Time) -> str:
    """Plain text of a box."""
    match box:
        case Sym(symbol=sym, previous=previous):
            return symbol(sym, time, previous)
        case Num(text=text):
            return text
        case Mark(text=text, kind=kind):
            return {"infix": f" {text} ", "separator": ", ", "prefix": text}.get(kind, " ")
        case Row(items=items):
            return "".join(render(item, time) for item in items)
        case Fence(body=body, left=left, right=right):
            return f"{left}{render(body, time)}{right}"
        case Call(text=text, body=body):
            return f"{text}({render(body, time)})"
        case Root(body=body):
            return f"√({render(body, time)})"


def symbol(sym: Symbol, time: Time, previous: bool = False) -> str:
    """Plain text of a symbol with its time: ``Γ_f``, ``c̃⟨t−1⟩``, ``h_t``."""
    text = unicodedata.normalize("NFC", sym.base + sym.accent)
    if sym.of is not None:
        text += f"({symbol(sym.of, time)})"
    below = sym.sub
    if sym.timed:
        mark = time.at(previous).replace("-", "−")
        if time.place == "subscript":
            below = f"{below},{mark}" if below else mark
        else:
            return text + _script("_", below) + (mark if "⟨" in mark else _script("^", mark))
    return text + _script("_", below) + ("ᵀ" if sym.transposed else "")


def _script(sign: str, text: str) -> str:
    """Letters stand as they are, ``x_t``, ``W_if``; anything longer is held together."""
    return "" if not text else f"{sign}{text}" if text.isalnum() else f"{sign}{{{text}}}"
