"""The page of the API reference: everything of the OpenAPI document, in words, without a script."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from unrolled import assets
from unrolled.web import i18n
from unrolled.web.reference import prose, written


def said() -> set[str]:
    """The messages of the page's template."""
    text = (assets.templates() / "pages" / "reference.html").read_text("utf-8")
    return {a or b for a, b in re.findall(r"""\bsay\((?:"([^"]+)"|'([^']+)')\)""", text)}


def test_every_route_and_every_form_is_on_the_page_and_every_link_leads_there(
    client: TestClient,
) -> None:
    page = client.get("/docs").text
    document = client.get("/api/v1/openapi.json").json()
    for path, verbs in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in verbs.values():
            assert f'<section id="{operation["operationId"]}"' in page
    names = set(document["components"]["schemas"])
    assert set(re.findall(r'<section id="form-(\w+)"', page)) == names
    targets = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets | {"icon-logo"}


def test_the_page_asks_nothing_of_another_host(client: TestClient) -> None:
    page = client.get("/docs").text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_frame_is_in_the_readers_language(client: TestClient, language: str) -> None:
    page = client.get("/docs", params={"lang": language}).text
    words = i18n.catalogue(language, "reference")
    assert set(words) == said()
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading is not None
    assert heading[1] == words["API reference"]
    assert ("接口的名称与说明均为英文" in page) == (language == "zh")


@pytest.mark.parametrize(
    ("schema", "short"),
    [
        ({"type": "array", "items": {"type": "array", "items": {"type": "number"}}}, "number[][]"),
        ({"anyOf": [{"enum": ["concat", "sum"]}, {"type": "null"}]}, '"concat" | "sum" | null'),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
         "(string | null)[]"),
        ({"type": "integer", "minimum": 0}, "integer ≥ 0"),
        ({"type": "object", "patternProperties": {"^a": {"type": "number"}}}, "{name: number}"),
        ({}, "any"),
    ],
)  # fmt: skip
def test_a_form_is_written_in_short(schema: dict[str, object], short: str) -> None:
    assert written(schema).striptags().replace("&#34;", '"') == short


def test_another_form_is_a_link_to_it() -> None:
    assert written({"$ref": "#/components/schemas/Layer"}) == '<a href="#form-Layer">Layer</a>'


def test_words_are_escaped_and_code_is_marked() -> None:
    assert prose("a < b, `x`\n\nnext") == "<p>a &lt; b, <code>x</code></p><p>next</p>"
