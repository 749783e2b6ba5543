"""The argument SCENE_OR_LESSON: a file, standard input, a lesson or one of its scenes."""

from __future__ import annotations

import sys
from pathlib import Path

from unrolled import settings
from unrolled.scenes import lessons, reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.plan import Plan, plan
from unrolled.scenes.schema import Scene


def planned(argument: str) -> Plan:
    """The scene of the argument, checked whole; raises `DocumentError`."""
    chosen = settings.from_environment()
    return plan(_scene(argument, chosen), chosen.limits)


def _scene(argument: str, chosen: settings.Settings) -> Scene:
    if argument == "-":
        content = sys.stdin.buffer.read(chosen.max_body + 1)
        _bound(len(content), chosen.max_body)
        return reading.scene(reading.parse(content))
    found = lessons.scene(argument, chosen.lessons_folder)
    if found is not None:
        return found
    file = Path(argument)
    if file.is_file():
        return reading.scene(reading.parse(_content(file, chosen.max_body)))
    known = ", ".join(lessons.catalogue(chosen.lessons_folder))
    raise DocumentError.of(
        "SCENE_OR_LESSON", f"a scene's JSON file or one of {known}", shown(argument)
    )


def _content(file: Path, most: int) -> bytes:
    _bound(file.stat().st_size, most)
    return file.read_bytes()


def _bound(size: int, most: int) -> None:
    if size > most:
        raise DocumentError.of(
            "SCENE_OR_LESSON", f"at most {most} bytes (UNROLLED_MAX_BODY)", f"{size} or more"
        )
