"""`unrolled export`: a lesson or a scene as one page that needs no server."""

from __future__ import annotations

from pathlib import Path

import click

from unrolled import settings
from unrolled.commands.documents import planned
from unrolled.scenes import lessons
from unrolled.scenes.lessons import Lesson
from unrolled.web import exported, i18n


@click.command()
@click.argument("document", metavar="SCENE_OR_LESSON")
@click.option("-o", "output", metavar="FILE", required=True, help="Write the page to FILE.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(list(i18n.LANGUAGES)),
    default=i18n.LANGUAGES[0],
    show_default=True,
    help="The language it opens in; the page has both.",
)
def export(document: str, output: str, language: str) -> None:
    """Write one HTML page that steps a scene with no server and no network."""
    chosen = settings.from_environment()
    Path(output).write_text(
        exported.exported(_lesson(document, chosen), language, chosen.limits), "utf-8"
    )


def _lesson(argument: str, chosen: settings.Settings) -> Lesson:
    """The lesson of that id whole; anything else is a scene."""
    found = lessons.catalogue(chosen.lessons_folder).get(argument)
    return found or exported.of_scene(planned(argument).scene)
