"""Boxes as presentation MathML Core; every symbol carries its role and its wire name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from .boxes import Box, Call, Fence, Mark, Num, Root, Row, Sym
from .notation import Time
from .symbols import ACCENTS, Symbol

_OVER = {"tilde": "~", "hat": "^", "bar": "‾"}
_APPLY = "<mo>\u2061</mo>"


def math(box: Box, time: Time, roles: Mapping[str, str]) -> str:
    """One ``<math>`` element."""
    return f"<math>{render(box, time, roles)}</math>"


def render(box: Box, time: Time, roles: Mapping[str, str]) -> str:
    """One element."""
    match box:
        case Sym():
            return _marked(box, time, roles.get(box.name, "plain"))
        case Num(text=text):
            if text.startswith("−"):
                return f"<mrow><mo>−</mo><mn>{text[1:]}</mn></mrow>"
            return f"<mn>{escape(text)}</mn>"
        case Mark(text=text, kind=kind):
            form = ' form="prefix"' if kind == "prefix" else ""
            return f"<mo{form}>{escape(text)}</mo>"
        case Row(items=items):
            return f"<mrow>{''.join(render(item, time, roles) for item in items)}</mrow>"
        case Fence(body=body, left=left, right=right):
            return f"<mrow><mo>{left}</mo>{render(body, time, roles)}<mo>{right}</mo></mrow>"
        case Call(text=text, body=body):
            inner = render(Fence(body), time, roles)
            return f"<mrow><mi>{escape(text)}</mi>{_APPLY}{inner}</mrow>"
        case Root(body=body):
            return f"<msqrt>{render(body, time, roles)}</msqrt>"


def _marked(box: Sym, time: Time, role: str) -> str:
    """The symbol's element with class, data-name and what else tells which value it is."""
    marks = f' class="sym role-{escape(role)}" data-name="{escape(box.name)}"'
    if len(box.names) > 1:
        marks += f' data-names="{escape(" ".join(box.names))}"'
    if box.previous:
        marks += ' data-previous="true"'
    return symbol(box.symbol, time, box.previous, marks)


def symbol(sym: Symbol, time: Time, previous: bool = False, marks: str = "") -> str:
    """The element of a symbol with its time; `marks` are further attributes, escaped already."""
    base = _word(sym.base)
    if sym.accent:
        base = f'<mover accent="true">{base}<mo>{_OVER[ACCENTS[sym.accent]]}</mo></mover>'
    if sym.of is not None:
        inner = symbol(sym.of, time)
        base = f"<mrow>{base}{_APPLY}<mo>(</mo>{inner}<mo>)</mo></mrow>"
    lower = [_word(part) for part in sym.sub.split(",")] if sym.sub else []
    upper = ["<mo>⊤</mo>"] if sym.transposed else []
    if sym.timed:
        (lower if time.place == "subscript" else upper).append(_mark(time.at(previous)))
    parts = [base, *(_list(group) for group in (lower, upper) if group)]
    tag = {(0, 0): "", (1, 0): "msub", (0, 1): "msup", (1, 1): "msubsup"}[bool(lower), bool(upper)]
    element = f"<{tag}>{''.join(parts)}</{tag}>" if tag else base
    return re.sub(r"^<\w+", lambda opening: opening.group() + marks, element)


def _word(text: str) -> str:
    if text.isdigit():
        return f"<mn>{text}</mn>"
    upright = len(text) == 1 and "Α" <= text <= "Ω"  # capitals of Greek stand upright in print
    variant = ' mathvariant="normal"' if upright else ""
    return f"<mi{variant}>{escape(text)}</mi>"


def _mark(text: str) -> str:
    """The time ``⟨t-1⟩``: letters, digits and signs each in their element."""
    parts = []
    for character in text:
        if character.isalpha():
            parts.append(f"<mi>{escape(character)}</mi>")
        elif character.isdigit():
            parts.append(f"<mn>{character}</mn>")
        else:
            fence = ' stretchy="false"' if character in "⟨⟩()" else ""
            sign = "−" if character == "-" else character
            parts.append(f"<mo{fence}>{escape(sign)}</mo>")
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _list(items: list[str]) -> str:
    if len(items) == 1:
        return items[0]
    return "<mrow>" + '<mo separator="true">,</mo>'.join(items) + "</mrow>"
