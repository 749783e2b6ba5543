"""The pages of a class: the presenter's, the students', and where a code is typed."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from unrolled.rooms import tokens
from unrolled.rooms.brokers import BrokerDownError
from unrolled.rooms.room import Room
from unrolled.rooms.state import State
from unrolled.scenes.lessons import Lesson
from unrolled.web import addresses, i18n, pages, studio
from unrolled.web.api.scenes import unreachable
from unrolled.web.pages import Visit, Visited
from unrolled.web.rooms import Classes

router = APIRouter(include_in_schema=False)

SHEETS = (*pages.SHEETS, "class.css")
WORDS = "classes"


@router.get("/r")
async def join(request: Request, visit: Visited, code: str = "") -> Response:
    """Where a student types the code of a class."""
    typed = re.sub(r"[\s-]", "", code)[:40]
    if not typed:
        return _form(visit, "")
    if await _room(typed, request) is None:
        return _form(visit, typed)
    query = urlencode({"lang": visit.language})
    return RedirectResponse(f"/r/{typed.upper()}?{query}", 303)


@router.get("/r/{code}")
async def follow(code: str, request: Request, visit: Visited) -> Response:
    """The player that follows a class."""
    return await _player(code, request, visit, presents=False)


@router.get("/class/{code}")
async def present(code: str, request: Request, visit: Visited) -> Response:
    """The player that leads a class, for who has the token."""
    return await _player(code, request, visit, presents=True)


async def _player(code: str, request: Request, visit: Visit, *, presents: bool) -> HTMLResponse:
    room = await _room(code, request)
    if room is None:
        return _form(visit, code[:40])
    address = f"{visit.base}/r/{room.code}"
    found = shown(room.state, visit.lessons)
    language = visit.language
    facts = {
        "messages": i18n.catalogue(language) | i18n.catalogue(language, WORDS),
        "studio": found is studio.studio(),
        "room": {"code": room.code, "address": address, "presents": presents},
    }
    return pages.page(
        "pages/class.html",
        visit,
        "class",
        sheets=SHEETS,
        title=getattr(found.title, language),
        summary=getattr(found.summary, language),
        embedded=False,
        qr=_qr(address) if presents else None,
        data=pages.inline(pages.player_data(found, language, visit.theme) | facts),
    )


async def _room(code: str, request: Request) -> Room | None:
    """The open room of that code; guesses wait for their turn as they do at its socket."""
    classes: Classes = request.app.state.classes
    guesses, caller = classes.sockets.guesses, addresses.caller(request)
    await guesses.turn(caller)
    read = tokens.read_code(code)
    try:
        room = await classes.hub.broker.load(read) if read else None
    except BrokerDownError:
        raise unreachable() from None
    if room is None or room.ended or room.expires < time.time():
        guesses.failed(caller)
        return None
    return room


def shown(state: State, lessons: Mapping[str, Lesson]) -> Lesson:
    """The lesson whose words a class reads: its scene's, or the one that was edited."""
    for name in (state["scene"], state["view"].get("from")):
        found = lessons.get(name.split("/")[0]) if isinstance(name, str) else None
        if found is not None:
            return found
    return studio.studio()


def _form(visit: Visit, refused: str) -> HTMLResponse:
    made = pages.page(
        "pages/join.html",
        visit,
        "gallery",
        sheets=SHEETS,
        refused=refused,
        c=i18n.translator(visit.language, WORDS),
    )
    made.status_code = 404 if refused else 200
    return made


def _qr(address: str) -> Markup:
    """The address as a QR code, dark on light in every theme, since not all cameras read others."""
    drawn = segno.make(address, error="m")
    svg = drawn.svg_inline(omitsize=True, border=3, dark="#000", light="#fff")
    return Markup(svg)  # noqa: S704 (made of the address's modules alone)
