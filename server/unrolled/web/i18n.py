"""The language of a page, and its words (`unrolled.words`)."""

from __future__ import annotations

from babel.core import negotiate_locale

from unrolled.words import LANGUAGES, catalogue, translator

__all__ = ["LANGUAGES", "catalogue", "negotiate", "translator"]


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
