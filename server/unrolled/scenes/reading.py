"""From bytes or plain data to a scene: parsing, the form, and errors that name their field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from unrolled.scenes.errors import WHOLE, DocumentError, FieldError, path, shown
from unrolled.scenes.schema import Scene

Model = TypeVar("Model", bound=BaseModel)

MOST_ERRORS = 20
"""Mistakes reported at once; a document with more is hardly read to its end by anyone."""

_EXPECTED = {
    "missing": "a value",
    "extra_forbidden": "no such field",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of at most 64 bits",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "none_required": "null",
    "literal_error": "{expected}",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "less_than": "a number below {lt}",
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries",
    "string_too_long": "a text of at most {max_length} characters",
    "string_too_short": "a text of at least {min_length} characters",
    "string_pattern_mismatch": "a name that matches {pattern}",
    "string_unicode": "a text of whole characters",
}


def scene(document: object) -> Scene:
    """The scene of a plain document (dicts, lists, numbers, as JSON gives them).

    Raises `DocumentError` naming every wrong field. The form alone is judged here; whether
    shapes fit and limits hold is `plan.py`'s question.
    """
    return model(Scene, document)


def model(kind: type[Model], document: object) -> Model:
    """Any of the project's models from plain data, mistakes as a `DocumentError`."""
    if isinstance(document, kind):
        return document
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)[:MOST_ERRORS]
        raise DocumentError(map(_field_error, details)) from None


def _field_error(detail: ErrorDetails) -> FieldError:
    context: Mapping[str, Any] = detail.get("ctx", {})
    place = [part for part in detail["loc"] if part != "[key]"]
    kind = detail["type"]
    if "got" in context:
        return FieldError(path(place), str(context["expected"]), str(context["got"]))
    template = _EXPECTED.get(kind)
    expected = template.format(**context) if template else detail["msg"].lower()
    got = "nothing" if kind == "missing" else shown(detail["input"])
    return FieldError(path(place), expected, got)


def parse(data: bytes) -> Any:
    """The plain data of a JSON text, or a `DocumentError` that says where it stops being JSON.

    `NaN`, `Infinity` and numbers beyond a double are no JSON, but programs write them; they are
    read here so that the schema can name the field they stand in.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problem = DocumentError.of(WHOLE, "JSON", f"{error.msg} ({place})")
    # Half a character written as an escape passes Python's reader; no text of ours may hold one.
    if b"\\ud" in data.lower():
        raise problem
    try:
        return json.loads(data)
    except RecursionError:
        raise DocumentError.of(WHOLE, "JSON of less nesting", f"too deep ({place})") from None
    except ValueError:
        raise problem from None
