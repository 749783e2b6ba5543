"""The pages: gallery, lessons, embeds. All that a lesson's first picture needs is in its page,
save the numbers; the script is one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from starlette.exceptions import HTTPException

from unrolled import assets
from unrolled.engine.notation import notations
from unrolled.scenes.lessons import Lesson
from unrolled.web import addresses, described, i18n, previews
from unrolled.web import studio as workshop
from unrolled.web.linker import link
from unrolled.web.services import Services
from unrolled.web.static import ASK_AGAIN, FOREVER

router = APIRouter(include_in_schema=False)

SHEETS = ("theme.css", "page.css", "player.css", "diagram.css")
LATE = ("edit", "share", "charts", "training", "compare")  # loaded when they are opened
SCRIPTS = ("online", "class", "embed", "missing", "gallery", *LATE)
CATALOGUES = ("unrolled", "editing", "charts", "classes")
THEMES = ("auto", "light", "dark", "projector")
_SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


class Visit:
    """What a request says about the page it wants: its language and its light."""

    def __init__(self, request: Request) -> None:
        self.services: Services = request.app.state.services
        query = request.query_params
        accepted = request.headers.get("accept-language")
        self.language = i18n.negotiate(query.get("lang"), accepted)
        theme = query.get("theme", "auto")
        self.theme = theme if theme in THEMES else "auto"
        self.base = addresses.base(request, self.services.settings)

    @property
    def lessons(self) -> Mapping[str, Lesson]:
        """The lessons this server knows."""
        return self.services.lessons


Visited = Annotated[Visit, Depends(Visit)]


@router.get("/")
def gallery(visit: Visited) -> HTMLResponse:
    """The lessons, in the order in which they are taught."""
    cards = [card(lesson, visit.language) for lesson in visit.lessons.values()]
    other = next(each for each in i18n.LANGUAGES if each != visit.language)
    return page(
        "pages/gallery.html", visit, "gallery", lessons=cards, hero=_hero(cards), other=other
    )


@router.get("/lessons/{identifier}")
def lesson(identifier: str, visit: Visited) -> HTMLResponse:
    """The player with one lesson."""
    return _player(_lesson(identifier, visit), visit, discovery=_discovery(visit, identifier))


@router.get("/studio")
def studio(visit: Visited) -> HTMLResponse:
    """The player without a lesson: a small network to make another one of."""
    return _player(workshop.studio(), visit, studio=True)


@router.get("/embed")
def embed_state(visit: Visited) -> HTMLResponse:
    """The player for other people's pages, with whatever scene its fragment carries."""
    return _player(workshop.studio(), visit, embedded=True)


@router.get("/embed/{identifier}")
def embed(identifier: str, visit: Visited) -> HTMLResponse:
    """The same player with less around it, for other people's pages."""
    found = visit.lessons.get(identifier)
    if found is None:
        known = list(visit.lessons)
        answer = page("pages/missing.html", visit, "missing", asked=identifier[:100], known=known)
        answer.status_code = 404
        return answer
    return _player(found, visit, embedded=True)


@router.get("/catalogues/{language}.json")
def words(language: str, part: str = "unrolled") -> Response:
    """The interface's words in one language, for switching while the page is open.

    `part` is the catalogue of a part of the page that loads when it is opened.
    """
    if language not in i18n.LANGUAGES or part not in CATALOGUES:
        wanted = f"a language of {i18n.LANGUAGES} and a part of {CATALOGUES}"
        raise HTTPException(404, f"expected {wanted}")
    messages = i18n.catalogue(language, part)
    return JSONResponse(messages, headers={"Cache-Control": "public, max-age=300", **_SHARED})


@router.get("/scripts/{version}/{name}.js")
def script(version: str, name: str, request: Request) -> Response:
    """A page's script with all its modules, in one file."""
    if name not in SCRIPTS:
        raise HTTPException(404, f"expected a script of {SCRIPTS}")
    current = request.app.state.services.assets.version()
    cache_control = FOREVER if version == current else ASK_AGAIN
    headers = {"Cache-Control": cache_control, **_SHARED}
    return Response(_linked(name, current), media_type="text/javascript", headers=headers)


@lru_cache(maxsize=2 * len(SCRIPTS))
def _linked(name: str, _version: str) -> str:
    return link(assets.static() / "js" / f"{name}.js")


def _lesson(identifier: str, visit: Visit) -> Lesson:
    found = visit.lessons.get(identifier)
    if found is None:
        raise HTTPException(404, f"expected the id of a lesson, got {identifier}")
    return found


def _discovery(visit: Visit, identifier: str) -> str:
    """The address that tells other programs how to embed a lesson."""
    return f"{visit.base}/oembed?{urlencode({'url': f'{visit.base}/lessons/{identifier}'})}"


def _player(
    found: Lesson,
    visit: Visit,
    *,
    embedded: bool = False,
    studio: bool = False,
    discovery: str = "",
) -> HTMLResponse:
    facts = {"embedded": embedded, "studio": studio}
    return page(
        "pages/lesson.html",
        visit,
        "embed" if embedded else "online",
        title=getattr(found.title, visit.language),
        summary=getattr(found.summary, visit.language),
        embedded=embedded,
        discovery=discovery,
        data=inline(_to_draw(player_data(found, visit.language, visit.theme)) | facts),
    )


def player_data(found: Lesson, language: str, theme: str) -> dict[str, Any]:
    """What the player's script reads from its page."""
    document = found.document()
    document.pop("scene")  # the first of its scenes once more
    return {
        "lesson": document,
        "cells": _with_cells(document),
        "notations": {each.id: dict(each.title) for each in notations().values()},
        "lang": language,
        "theme": theme,
        "messages": i18n.catalogue(language),
        "embedded": False,
        "exported": False,
        "studio": False,
    }


def _to_draw(data: dict[str, Any]) -> dict[str, Any]:
    """The data without what is only copied: a page asks for that when somebody does."""
    cells = {
        name: {key: value for key, value in cell.items() if key not in ("code", "text")}
        | {"equations": [_drawn(equation) for equation in cell["equations"]]}
        | {"symbols": {book: _signs(signs) for book, signs in cell["symbols"].items()}}
        for name, cell in data["cells"].items()
    }
    return data | {"cells": cells}


def _signs(signs: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("mathml", "text")
    return {name: {key: sign[key] for key in kept} for name, sign in signs.items()}


def _drawn(equation: Mapping[str, Any]) -> dict[str, Any]:
    written = equation["notations"].items()
    return {**equation, "notations": {name: {"mathml": each["mathml"]} for name, each in written}}


def inline(data: Any) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = orjson.dumps(data).decode()
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 (`<` is the only way out)


def _with_cells(document: dict[str, Any]) -> dict[str, Any]:
    """The cells of a lesson's scenes by key; every scene gets the keys of its layers."""
    cells: dict[str, Any] = {}
    for scene in document["scenes"]:
        found = described.scene(scene["scene"])
        scene["cells"] = found["layers"]
        scene["readout"] = found["readout"]
        scene["rows"] = found["rows"]
        scene["attention"] = found["attention"]
        cells |= found["cells"]
    return cells


def card(lesson: Lesson, language: str) -> dict[str, Any]:
    """What the gallery and pictures show of a lesson."""
    scene = lesson.scene.model_dump(mode="json", exclude_none=True)
    cells = [described.cell(described.key(layer)) for layer in described.layers(scene)]
    return {
        "id": lesson.id,
        "title": getattr(lesson.title, language),
        "summary": getattr(lesson.summary, language),
        "cells": [(cell.get("title") or {}).get(language, cell["id"]) for cell in cells],
        "steps": lesson.scenes[0].steps or 0,
        "columns": previews.preview(lesson.scene, cells[0]) if cells else [],
    }


def _hero(cards: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The lesson at the top: the shortest whose cell has gates, or the first."""
    gated = [card for card in cards if card["columns"] and card["columns"][0].get("gates")]
    return min(gated or cards[:1], key=lambda card: len(card["columns"]), default=None)


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(assets.templates())
    return Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True)


def page(
    template: str, visit: Visit, script: str, sheets: Sequence[str] = SHEETS, **content: Any
) -> HTMLResponse:
    """A page with its script and style sheets, in the language and light of a visit."""
    held = visit.services.assets
    text = render(
        template,
        visit.language,
        visit.theme,
        sheets=sheets,
        static=held.address(),
        script=f"/scripts/{held.version()}/{script}.js",
        **content,
    )
    return HTMLResponse(text, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


def render(template: str, language: str, theme: str, **content: Any) -> str:
    """A template filled in, with the words of a language."""
    found = _environment().get_template(template)
    return found.render(lang=language, theme=theme, t=i18n.translator(language), **content)
