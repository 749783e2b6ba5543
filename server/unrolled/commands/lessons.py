"""`unrolled lessons`: what there is to teach."""

from __future__ import annotations

import click

from unrolled import settings
from unrolled.scenes import lessons as catalogue


@click.command()
@click.option("--lessons", "folder", metavar="DIR", help="A folder with lessons of your own.")
def lessons(folder: str | None) -> None:
    """List id and title of every lesson."""
    chosen = settings.from_environment({"UNROLLED_LESSONS": folder} if folder else None)
    found = catalogue.lessons(chosen.lessons_folder)
    width = max(len(lesson.id) for lesson in found)
    for lesson in found:
        click.echo(f"{lesson.id:<{width}}  {lesson.title.en}")
