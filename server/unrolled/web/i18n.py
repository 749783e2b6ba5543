"""The interface's words: gettext catalogues, read as they are, for pages and scripts alike.

Identifiers are English sentences that do not change; `{name}` in them is filled in by who shows
them. A catalogue is the text file itself (`locale/LANG/LC_MESSAGES/unrolled.po`), nothing compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every message of a language, its text by its identifier.

    Raises:
        KeyError: the project does not speak that language.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    place = files("unrolled").joinpath("locale", language, "LC_MESSAGES", "unrolled.po")
    messages = read_po(BytesIO(place.read_bytes()), locale=language)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def translator(language: str) -> Callable[[str], str]:
    """A function from identifier to text; what a catalogue lacks is shown as it is."""
    messages = catalogue(language)
    return lambda message: messages.get(message, message)


def negotiate(asked: str | None, accepted: str | None) -> str:
    """The language of a page: the one its address asks for, else the reader's own, else English.

    `accepted` is an Accept-Language header.
    """
    if asked in LANGUAGES:
        return asked
    wanted = [_ranked(part) for part in (accepted or "").split(",") if part.strip()]
    ordered = [tag for _, tag in sorted(wanted, key=lambda each: -each[0])]
    primary = [tag.replace("-", "_").split("_")[0] for tag in ordered]
    return negotiate_locale(primary, LANGUAGES) or LANGUAGES[0]


def _ranked(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().partition(";q=")
    try:
        return (float(weight) if weight else 1.0), tag.strip()
    except ValueError:
        return 0.0, tag.strip()
