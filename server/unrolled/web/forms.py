"""The forms a trace is handed out in: by media type over HTTP, by name on the command line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from unrolled.engine.trace import Trace
from unrolled.web import encode


@dataclass(frozen=True)
class Form:
    """One way of writing a trace; `write` takes it and its id. `name` ends the names of files."""

    name: str
    media: str
    write: Callable[[Trace, str], bytes]


def _json(trace: Trace, identifier: str) -> bytes:
    return encode.json_bytes({"id": identifier, **trace.document()})


def _safetensors(trace: Trace, identifier: str) -> bytes:
    return encode.safetensors_bytes(trace.arrays(), identifier)


def _npz(trace: Trace, identifier: str) -> bytes:
    """A zip of .npy files; entries bear no date, so that one trace is always the same bytes."""
    held = io.BytesIO()
    arrays: Mapping[str, Any] = {**trace.arrays(), "id": np.array(identifier)}
    with zipfile.ZipFile(held, "w") as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
    return held.getvalue()


def _csv(trace: Trace, _: str) -> bytes:
    """One row a timestep (t from 0, as on the wire), one column a number; no parameters.

    Names have a capital or small letter in front, so that no program takes one for a formula.
    """
    columns = dict(_columns(trace))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["t", *columns])
    steps = max(len(column) for column in columns.values())
    # Where the whole sequence has one answer, it stands in the last row.
    begins = [steps - len(column) if trace.network.pool else 0 for column in columns.values()]
    for t in range(steps):
        cells = zip(columns.values(), begins, strict=True)
        writer.writerow([t, *(_cell(column, t - begin) for column, begin in cells)])
    return text.getvalue().encode()


def _columns(trace: Trace) -> Iterator[tuple[str, Any]]:
    for address, direction in trace.directions():
        for group, arrays in (("", direction.values), ("gradient ", direction.gradients or {})):
            for name, array in arrays.items():
                for unit in range(array.shape[1]):
                    yield f"{group}{address}.{name}[{unit}]", array[:, unit]


def _cell(column: Any, row: int) -> str:
    if not 0 <= row < len(column):
        return ""
    number = float(column[row])
    return repr(number) if isfinite(number) else encode.word(number)


FORMS = {
    form.name: form
    for form in (
        Form("json", encode.JSON, _json),
        Form("safetensors", "application/vnd.safetensors", _safetensors),
        Form("npz", "application/x-npz", _npz),
        Form("csv", "text/csv", _csv),
    )
}
"""Every form by its name, the one that is given unasked first."""


def chosen(accept: str) -> Form:
    """The form a client likes best by its Accept header; JSON where it likes none better."""
    likes = encode.preferences(accept)
    best = max(FORMS.values(), key=lambda form: likes.get(form.media, 0.0))
    liked = likes.get(best.media, 0.0) > likes.get(encode.JSON, 0.0)
    return best if liked else FORMS["json"]
