"""Words for people, from gettext catalogues that are read as they are, nothing compiled.

Identifiers are English sentences that do not change; `{name}` in them is filled in by who shows
them. A catalogue is the text file itself (`locale/LANG/LC_MESSAGES/DOMAIN.po`): the domain
`unrolled` is what pages carry, `figures` what only the server says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str, domain: str = "unrolled") -> dict[str, str]:
    """Every message of a language, its text by its identifier.

    Raises:
        KeyError: the project does not speak that language.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    place = files("unrolled").joinpath("locale", language, "LC_MESSAGES", f"{domain}.po")
    messages = read_po(BytesIO(place.read_bytes()), locale=language)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def translator(language: str, domain: str = "unrolled") -> Callable[[str], str]:
    """A function from identifier to text; what a catalogue lacks is shown as it is."""
    messages = catalogue(language, domain)
    return lambda message: messages.get(message, message)
