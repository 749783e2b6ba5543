"""The colours of figures, read from the page's own sheet, so that a gate has one hue everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from unrolled import assets

THEMES = ("light", "dark", "projector")
_DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")
_REFERENCE = re.compile(r"var\(--([\w-]+)\)")
Stops = list[tuple[float, str]]


@dataclass(frozen=True)
class Palette:
    """A theme's colours by the names they have in theme.css, without their dashes."""

    theme: str
    colours: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """A colour such as ``ink``, ``panel`` or ``line``."""
        return self.colours[name]

    def hue(self, role: str) -> str:
        """The hue of a role, as the diagram draws it."""
        return self.colours.get(f"hue-{role}", self.colours["hue-plain"])

    @property
    def font(self) -> str:
        """The page's own fonts."""
        return self.colours["sans"]

    @property
    def size(self) -> int:
        """Pixels of the smallest text: a projector is read from the last row."""
        return 18 if self.theme == "projector" else 14

    @property
    def signs(self) -> Stops:
        """A scale through the paper: one hue for what is negative, one for what is positive."""
        ends = self.colours["sign-negative"], self.colours["sign-positive"]
        return [(0.0, ends[0]), (0.5, self.colours["panel"]), (1.0, ends[1])]

    def rising(self, colour: str) -> Stops:
        """A scale from the paper to one colour."""
        return [(0.0, self.colours["panel"]), (1.0, colour)]


@cache
def palette(theme: str) -> Palette:
    """The colours of a theme of `THEMES`.

    Raises:
        KeyError: there is no such theme.
    """
    if theme not in THEMES:
        raise KeyError(theme)
    css = (assets.static() / "css" / "theme.css").read_text("utf-8")
    found = _block(css, ":root")
    if theme != "light":
        found |= _block(css, f':root[data-theme="{theme}"]')
    return Palette(theme, {name: _resolved(value, found) for name, value in found.items()})


def _block(css: str, selector: str) -> dict[str, str]:
    """The variables of every rule with exactly this selector, the later ones winning."""
    found: dict[str, str] = {}
    for match in re.finditer(rf"^{re.escape(selector)}\s*\{{([^}}]*)\}}", css, re.MULTILINE):
        found |= {name: " ".join(value.split()) for name, value in _DECLARATION.findall(match[1])}
    return found


def _resolved(value: str, known: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: known.get(match[1], ""), value)
