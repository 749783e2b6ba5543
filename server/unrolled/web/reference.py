"""The API reference as a page: the OpenAPI document written out, for people, without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from unrolled.web import i18n
from unrolled.web.pages import SHEETS, Visited, page

router = APIRouter(include_in_schema=False)

Schema = dict[str, Any]
_BOUNDS = {
    "minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}",
    "minItems": "≥ {} …", "maxItems": "≤ {} …", "maxLength": "≤ {} …",
}  # fmt: skip


@router.get("/docs")
def reference(request: Request, visit: Visited) -> HTMLResponse:
    """Every route with what it takes and how it refuses, and every form."""
    document = request.app.openapi()
    return page(
        "pages/reference.html", visit, "gallery", (*SHEETS[:2], "reference.css"),
        say=i18n.translator(visit.language, "reference"),
        other=next(each for each in i18n.LANGUAGES if each != visit.language),
        version=document["info"]["version"], groups=groups(document), forms=forms(document),
    )  # fmt: skip


def groups(document: Schema) -> list[tuple[str, list[Schema]]]:
    """The operations under what they are about, in the order of the document."""
    found: dict[str, list[Schema]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            about = (operation.get("tags") or ["operation"])[0]
            found.setdefault(about, []).append(_operation(path, verb, operation))
    return sorted(found.items())


def _operation(path: str, verb: str, operation: Schema) -> Schema:
    taken = operation.get("requestBody", {}).get("content", {})
    answers = [
        (status, answer.get("description", ""), list(answer.get("content", {})))
        for status, answer in sorted(operation["responses"].items())
    ]
    return {
        "id": operation["operationId"],
        "method": verb.upper(),
        "path": path,
        "words": prose(operation.get("description") or operation["summary"]),
        "takes": [written(each["schema"]) for each in taken.values()],
        "parameters": [(each["name"], each["in"]) for each in operation.get("parameters", [])],
        "answers": [each for each in answers if each[0] < "400"],
        "refusals": [each for each in answers if each[0] >= "400"],
    }


def forms(document: Schema) -> list[Schema]:
    """The forms of what is sent and told, each with its fields."""
    return [
        {
            "name": name,
            "words": prose(schema.get("description", "")),
            "fields": [
                {
                    "name": field,
                    "type": written(form),
                    "required": field in schema.get("required", ()),
                    "default": json.dumps(form["default"]) if "default" in form else None,
                    "words": prose(form.get("description", "")),
                }
                for field, form in schema.get("properties", {}).items()
            ],
        }
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def written(schema: Schema) -> Markup:
    """A form in short: `number[][]`, `"concat" | "sum" | null`, other forms as links."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return Markup('<a href="#form-{0}">{0}</a>').format(name)
    if found := schema.get("anyOf") or schema.get("oneOf"):
        return Markup(" | ").join(dict.fromkeys(written(each) for each in found))
    if "enum" in schema:
        return Markup(" | ").join(escape(json.dumps(each)) for each in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        inner = written(schema.get("items", {}))
        fenced = Markup("({})").format(inner) if " " in inner.striptags() else inner
        plain = fenced + "[]"
    elif kind == "object" and "patternProperties" in schema:
        inner = Markup(" | ").join(written(each) for each in schema["patternProperties"].values())
        plain = Markup("{{name: {}}}").format(inner)
    else:
        plain = escape(kind)
    return plain + "".join(f" {bound}" for bound in _bounds(schema))


def _bounds(schema: Schema) -> Iterable[str]:
    return (text.format(schema[key]) for key, text in _BOUNDS.items() if key in schema)


def prose(text: str) -> Markup:
    """Paragraphs, with `code` where backquotes are."""
    found = []
    for paragraph in filter(None, (part.strip() for part in text.split("\n\n"))):
        parts = re.split(r"`+([^`]+)`+", " ".join(paragraph.split()))
        found.append(
            Markup("").join(
                Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
                for number, part in enumerate(parts)
            )
        )
    return Markup("").join(Markup("<p>{}</p>").format(each) for each in found)
