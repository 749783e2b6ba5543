"""Boxes as LaTeX. Symbols are data, so nothing that a user typed reaches the output unescaped."""

from __future__ import annotations

from .boxes import Box, Call, Fence, Mark, Num, Root, Row, Sym
from .notation import Time
from .symbols import ACCENTS, GREEK, Symbol

_CAPITALS = {"gamma", "delta", "theta", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"}
_COMMANDS = {
    **{letter: rf"\{name}" for name, letter in GREEK.items()},
    **{GREEK[name].upper(): rf"\{name.capitalize()}" for name in _CAPITALS},
}
_MARKS = {"⟨": r"\langle ", "⟩": r"\rangle ", "−": "-"}


def render(box: Box, time: Time) -> str:
    """LaTeX of a box, for math mode; braces are balanced."""
    match box:
        case Sym(symbol=sym, previous=previous):
            return symbol(sym, time, previous)
        case Num(text=text):
            return text.replace("−", "-")
        case Mark(latex=latex, kind=kind):
            return {"infix": f" {latex} ", "separator": latex + r"\ "}.get(kind, latex or r"\,")
        case Row(items=items):
            return _joined([render(item, time) for item in items])
        case Fence(body=body, left=left, right=right):
            return rf"\left{left} {render(body, time)} \right{right}"
        case Call(latex=latex, body=body):
            return rf"{latex}\left( {render(body, time)} \right)"
        case Root(body=body):
            return rf"\sqrt{{{render(body, time)}}}"


def symbol(sym: Symbol, time: Time, previous: bool = False) -> str:
    """LaTeX of a symbol with its time."""
    base = _word(sym.base, upright=2)
    if sym.accent:
        base = rf"\{ACCENTS[sym.accent]}{{{base}}}"
    if sym.of is not None:
        inner = symbol(sym.of, time)
        return rf"{base}\left( {inner} \right)" + (
            _scripts("", time, previous) if sym.timed else ""
        )
    turned = r"^{\top}" if sym.transposed else ""
    return base + _scripts(sym.sub, time if sym.timed else None, previous) + turned


def _scripts(sub: str, time: Time | None, previous: bool) -> str:
    lower = [_word(sub, upright=3)] if sub else []
    upper = ""
    if time is not None:
        mark = "".join(_MARKS.get(character, character) for character in time.at(previous))
        if time.place == "subscript":
            lower.append(mark)
        else:
            upper = f"^{{{mark.strip()}}}"
    return (f"_{{{','.join(lower)}}}" if lower else "") + upper


def _word(text: str, upright: int) -> str:
    """A word in italics, upright from so many letters on."""
    letters = "".join(
        rf"\{c}" if c == "_" else _COMMANDS.get(c, c) + (" " if c in _COMMANDS else "")
        for c in text
    ).strip()
    return rf"\mathrm{{{letters}}}" if len(text) >= upright and "," not in text else letters


def _joined(parts: list[str]) -> str:
    """Parts beside each other; a command's name never runs into a letter."""
    return "".join(
        part + (" " if part[-1:].isalpha() and "\\" in part and after[:1].isalpha() else "")
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
    )
