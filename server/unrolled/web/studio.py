"""The studio: the player without a lesson, beginning with a network small enough to change."""

from __future__ import annotations

from functools import cache
from typing import Any

from unrolled.scenes import reading
from unrolled.scenes.lessons import Lesson
from unrolled.web import i18n

TITLE = "Studio"
SUMMARY = "Build a network of your own, feed it numbers, and watch every value."

_START: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 2}]},
    "inputs": [[1], [0.5], [-1], [0]],
    "seed": 1,
}


@cache
def studio() -> Lesson:
    """What the player plays there: one scene, nothing to read, nothing to predict."""
    words = {
        message: {language: i18n.translator(language)(message) for language in i18n.LANGUAGES}
        for message in (TITLE, SUMMARY)
    }
    scene = {"id": "start", "title": words[TITLE], "scene": _START}
    return reading.model(
        Lesson,
        {"id": "studio", "title": words[TITLE], "summary": words[SUMMARY], "scenes": [scene]},
    )
