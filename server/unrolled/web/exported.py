"""One lesson or scene as one file: it steps both ways, opens its arithmetic and changes language
from a disk, with no server and no network.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

from markupsafe import Markup

from unrolled import assets
from unrolled.scenes import reading
from unrolled.scenes.lessons import Lesson, Narration
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene
from unrolled.web import i18n, pages
from unrolled.web.baked import baked
from unrolled.web.encode import json_bytes
from unrolled.web.linker import link

_MARKED = re.compile(r"\[([^\]]+)\]\([^)]*\)|\*\*([^*]+)\*\*")
Json = dict[str, Any]


def exported(lesson: Lesson, language: str, limits: Limits) -> str:
    """The page as HTML.

    Raises:
        DocumentError: a scene that cannot run, or one with more numbers than the limit `exported`.
    """
    answers = baked([plan(each.scene, limits) for each in lesson.scenes], limits)
    data = pages.player_data(lesson, language, "auto") | {
        "exported": True,
        "catalogues": {each: i18n.catalogue(each) for each in i18n.LANGUAGES},
    }
    others = [each for each in i18n.LANGUAGES if each != language]
    home = assets.static()
    return pages.render(
        "pages/exported.html",
        language,
        "auto",
        title=getattr(lesson.title, language),
        summary=getattr(lesson.summary, language),
        embedded=False,
        icon=base64.b64encode((home / "icons/unrolled.svg").read_bytes()).decode(),
        styles=Markup(_styles()),  # noqa: S704 (our own files)
        packed=[
            _packed("page-data", "application/json", json_bytes(data)),
            _packed("baked", "application/json", json_bytes(answers)),
            _packed("script", "module", link(home / "js" / "offline.js").encode()),
        ],
        unpack=Markup((home / "js" / "unpack.js").read_text("utf-8")),  # noqa: S704 (our own file)
        reading=[_reading(lesson, answers, each) for each in (language, *others)],
    )


def of_scene(scene: Scene) -> Lesson:
    """A scene by itself as a lesson, with nothing to read but its title."""
    title = scene.title or "Unrolled"
    words = dict.fromkeys(i18n.LANGUAGES, title)
    document = scene.model_dump(mode="json", exclude_none=True)
    only = {"id": "scene", "title": words, "scene": document}
    return reading.model(
        Lesson, {"id": "scene", "title": words, "summary": words, "scenes": [only]}
    )


def _packed(identifier: str, kind: str, content: bytes) -> dict[str, str]:
    """A script element's text raw-deflated, in base64: the page writes it out again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    text = base64.b64encode(packer.compress(content) + packer.flush()).decode()
    return {"id": identifier, "type": kind, "text": text}


def _styles() -> str:
    home = assets.static() / "css"
    return "".join((home / sheet).read_text("utf-8") for sheet in pages.SHEETS)


def _reading(lesson: Lesson, answers: list[Json], language: str) -> Json:
    """What is there to read where scripts are off: every step's words, and its numbers."""
    t = i18n.translator(language)
    return {
        "lang": "zh-Hans" if language == "zh" else language,
        "title": getattr(lesson.title, language),
        "summary": getattr(lesson.summary, language),
        "step": t("Step"),
        "scenes": [
            {
                "title": getattr(each.title, language),
                "steps": max(map(len, answer["explanations"]["forward"].values())),
                "narration": [
                    {
                        "title": getattr(entry.title, language),
                        "text": _plain(getattr(entry.text, language)),
                    }
                    for entry in _told(lesson, each.id)
                ],
                "rows": _rows(answer),
            }
            for each, answer in zip(lesson.scenes, answers, strict=True)
        ],
    }


def _plain(text: str) -> str:
    """Narration without the marks of links and stress."""
    return _MARKED.sub(lambda match: match[1] or match[2], text)


def _told(lesson: Lesson, scene: str) -> list[Narration]:
    first = lesson.scenes[0].id
    return [each for each in lesson.narration if (each.scene or first) == scene]


def _rows(answer: Json) -> list[Json]:
    """Every number by its address, as the lecture rounds it, a cell for each step."""
    return [
        {"name": address, "numbers": [each["rounded"] if each else "" for each in steps]}
        for address, steps in answer["explanations"]["forward"].items()
    ]
