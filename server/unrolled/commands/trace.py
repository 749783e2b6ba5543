"""`unrolled trace`: every value of a scene in a file or on standard output."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import click
import numpy as np

from unrolled.commands.documents import planned
from unrolled.engine.trace import Trace
from unrolled.scenes import hashing, run
from unrolled.scenes.errors import DocumentError
from unrolled.web import encode


@click.command()
@click.argument("document", metavar="SCENE_OR_LESSON")
@click.option("--gradients", is_flag=True, help="Gradients as well.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "safetensors", "npz", "csv"]),
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
    data = FORMATS[form](found, identifier)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        Path(output).write_bytes(data)


def _json(found: Trace, identifier: str) -> bytes:
    return encode.json_bytes({"id": identifier, **found.document()}) + b"\n"


def _safetensors(found: Trace, identifier: str) -> bytes:
    return encode.safetensors_bytes(found.arrays(), identifier)


def _npz(found: Trace, identifier: str) -> bytes:
    held = io.BytesIO()
    arrays: Mapping[str, Any] = {**found.arrays(), "id": np.array(identifier)}
    np.savez(held, **arrays)
    return held.getvalue()


def _csv(found: Trace, _: str) -> bytes:
    """One row a timestep (t from 0, as on the wire), one column a number; no parameters.

    Names have a capital or small letter in front, so that no program takes one for a formula.
    """
    columns: dict[str, Any] = {}
    for address, direction in found.directions():
        for group, arrays in (("", direction.values), ("gradient ", direction.gradients or {})):
            for name, array in arrays.items():
                for unit in range(array.shape[1]):
                    columns[f"{group}{address}.{name}[{unit}]"] = array[:, unit]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["t", *columns])
    steps = max(len(column) for column in columns.values())
    # Where the whole sequence has one answer, it stands in the last row.
    begins = [steps - len(column) if found.network.pool else 0 for column in columns.values()]
    for t in range(steps):
        cells = zip(columns.values(), begins, strict=True)
        writer.writerow([t, *(_cell(column, t - begin) for column, begin in cells)])
    return text.getvalue().encode()


def _cell(column: Any, row: int) -> str:
    if not 0 <= row < len(column):
        return ""
    number = float(column[row])
    return repr(number) if isfinite(number) else encode.word(number)


FORMATS: dict[str, Callable[[Trace, str], bytes]] = {
    "json": _json,
    "safetensors": _safetensors,
    "npz": _npz,
    "csv": _csv,
}
