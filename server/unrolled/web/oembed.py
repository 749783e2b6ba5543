"""oEmbed (https://oembed.com, version 1.0): a link to a lesson pasted elsewhere becomes its frame.

Nothing is fetched: an address is ours or it is not.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from unrolled.scenes.lessons import Lesson
from unrolled.web import addresses, i18n, pages
from unrolled.web.problems import ProblemError
from unrolled.web.services import Given
from unrolled.web.static import A_DAY

router = APIRouter(tags=["oembed"])

WIDTH, HEIGHT = 960, 640
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 480, 270
_PASSED_ON = ("t", "node", "pass", "lang", "theme", "notation", "controls", "autoplay", "scene")
_LONGEST = 16_000


@dataclass(frozen=True)
class Target:
    """What an address of ours shows: a lesson, its query and its fragment."""

    lesson: Lesson
    query: dict[str, str]
    fragment: str

    @property
    def language(self) -> str:
        """The language that the address asks for, English otherwise."""
        return i18n.negotiate(self.query.get("lang"), None)

    def frame(self, base: str) -> str:
        """The address of the frame."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        fragment = f"#{quote(self.fragment, safe='._-~')}" if self.fragment else ""
        return f"{base}/embed/{self.lesson.id}{query}{fragment}"


@router.get("/oembed")
def oembed(
    request: Request,
    given: Given,
    url: Annotated[str, Query(max_length=_LONGEST)],
    maxwidth: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    maxheight: Annotated[int | None, Query(ge=1, le=100_000)] = None,
    form: Annotated[str, Query(alias="format", max_length=20)] = "json",
) -> JSONResponse:
    """The frame of a lesson's address, never larger than asked; 404 for what is not ours."""
    if form != "json":
        raise ProblemError(501, f"expected the format json, got {form}")
    base = addresses.base(request, given.settings)
    target = _target(url, base, given.lessons)
    width, height = min(WIDTH, maxwidth or WIDTH), min(HEIGHT, maxheight or HEIGHT)
    return JSONResponse(_document(target, base, width, height))


@router.get("/lessons/{identifier}/thumbnail.svg", response_class=Response)
def thumbnail(identifier: str, given: Given, lang: str = "en") -> Response:
    """A picture of the lesson's first steps, of the numbers that the engine computes."""
    found = given.lessons.get(identifier)
    if found is None:
        raise ProblemError(404, f"expected the id of a lesson, got {identifier[:100]}")
    language = i18n.negotiate(lang, None)
    drawn: dict[str, Any] = pages.card(found, language)
    text = pages.render(
        "partials/thumbnail.svg", language, "light", lesson=drawn,
        width=THUMBNAIL_WIDTH, height=THUMBNAIL_HEIGHT,
    )  # fmt: skip
    return Response(
        text,
        media_type="image/svg+xml",
        headers={"Cache-Control": A_DAY, "Cross-Origin-Resource-Policy": "cross-origin"},
    )


def _document(target: Target, base: str, width: int, height: int) -> dict[str, Any]:
    scale = min(1.0, width / THUMBNAIL_WIDTH, height / THUMBNAIL_HEIGHT)
    title = getattr(target.lesson.title, target.language)
    frame = (
        f'<iframe src="{html.escape(target.frame(base))}" width="{width}" height="{height}"'
        f' title="{html.escape(title)}" style="border:0;max-width:100%" loading="lazy"'
        ' sandbox="allow-scripts allow-popups" allow="fullscreen"></iframe>'
    )
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Unrolled",
        "provider_url": f"{base}/",
        "title": title,
        "html": frame,
        "width": width,
        "height": height,
        "thumbnail_url": f"{base}/lessons/{target.lesson.id}/thumbnail.svg?lang={target.language}",
        "thumbnail_width": max(1, int(THUMBNAIL_WIDTH * scale)),
        "thumbnail_height": max(1, int(THUMBNAIL_HEIGHT * scale)),
        "cache_age": 86400,
    }


def _target(url: str, base: str, lessons: Mapping[str, Lesson]) -> Target:
    """The lesson that an address shows; raises 404 for one that is not ours."""
    try:
        parts = urlsplit(url)
        own = parts.scheme in ("http", "https") and parts.netloc.lower() == _host(base)
    except ValueError:
        own = False
    if not own:
        raise ProblemError(404, f"expected an address of {base}, got another")
    home, _, identifier = parts.path.strip("/").partition("/")
    found = lessons.get(identifier) if home in ("lessons", "embed") else None
    if found is None:
        raise ProblemError(404, "expected the address of a lesson, got another")
    query = {name: value for name, value in parse_qsl(parts.query) if name in _PASSED_ON}
    return Target(found, query, parts.fragment)


def _host(base: str) -> str:
    return urlsplit(base).netloc.lower()
