"""`unrolled trace`: every value of a scene in a file or on standard output."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unrolled.commands.documents import planned
from unrolled.scenes import hashing, run
from unrolled.scenes.errors import DocumentError
from unrolled.web.forms import FORMS


@click.command()
@click.argument("document", metavar="SCENE_OR_LESSON")
@click.option("--gradients", is_flag=True, help="Gradients as well.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    default="json",
    show_default=True,
)
@click.option("-o", "output", metavar="FILE", help="Write to FILE, not to standard output.")
def trace(document: str, gradients: bool, form: str, output: str | None) -> None:
    """Compute and write the trace of a scene: every value at every timestep."""
    plan = planned(document)
    if output is None and form in ("safetensors", "npz") and sys.stdout.isatty():
        raise DocumentError.of("-o", f"a file, {form} is not for reading", "nothing")
    found = run.trace(plan, gradients)
    identifier = hashing.trace_id(plan.scene, gradients, hashing.engine_version())
    data = FORMS[form].write(found, identifier) + (b"\n" if form == "json" else b"")
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        Path(output).write_bytes(data)
