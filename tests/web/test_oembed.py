"""oEmbed: a link pasted elsewhere becomes a frame, within what the other page allows."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from unrolled.settings import Settings
from unrolled.web.app import create_app

BASE = "http://testserver"
LESSON = f"{BASE}/lessons/lecture-lstm"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app()) as client:
        yield client


def ask(client: TestClient, url: str, **more: Any) -> dict[str, Any]:
    response = client.get("/oembed", params={"url": url, **more})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


class Frame(HTMLParser):
    """The attributes of the one frame that an answer's HTML has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.feed(text)
        assert self.tags == ["iframe"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes = dict(attrs)


def test_a_lessons_address_gives_its_frame(client: TestClient) -> None:
    answer = ask(client, LESSON)
    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert answer["title"] == "One LSTM cell, by hand"
    frame = Frame(answer["html"]).attributes
    assert frame["src"] == f"{BASE}/embed/lecture-lstm"
    assert frame["title"] == answer["title"]


@pytest.mark.parametrize(("width", "height"), [(320, 200), (500, None), (None, 300), (1, 1)])
def test_it_is_never_larger_than_asked(
    client: TestClient, width: int | None, height: int | None
) -> None:
    asked = {"maxwidth": width, "maxheight": height}
    answer = ask(client, LESSON, **{name: most for name, most in asked.items() if most})
    frame = Frame(answer["html"]).attributes
    for name, most in (("width", width), ("height", height)):
        assert str(answer[name]) == frame[name]
        if most:
            assert answer[name] <= most
            assert answer[f"thumbnail_{name}"] <= most


def test_the_moment_of_a_link_is_kept(client: TestClient) -> None:
    answer = ask(client, f"{LESSON}?t=4&lang=zh&utm_source=mail#1.abc-_")
    frame = Frame(answer["html"]).attributes
    assert frame["src"] == f"{BASE}/embed/lecture-lstm?t=4&lang=zh#1.abc-_"
    assert answer["title"] == "手算一个 LSTM 单元"


def test_nothing_in_an_address_leaves_its_attribute(client: TestClient) -> None:
    answer = ask(client, f'{LESSON}?node="><script>alert(1)</script>#"onload="x')
    Frame(answer["html"])
    assert "<script" not in answer["html"]


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.test/lessons/lecture-lstm",
        f"{BASE}/lessons/no-such-lesson",
        f"{BASE}/studio",
        "javascript:alert(1)",
        "http://[",
        "",
    ],
)
def test_an_address_that_is_not_ours_is_not_found(client: TestClient, url: str) -> None:
    response = client.get("/oembed", params={"url": url})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_other_formats_are_not_there(client: TestClient) -> None:
    assert client.get("/oembed", params={"url": LESSON, "format": "xml"}).status_code == 501


@pytest.mark.parametrize("most", ["0", "-1", "wide"])
def test_a_size_that_is_none_is_refused_by_its_name(client: TestClient, most: str) -> None:
    response = client.get("/oembed", params={"url": LESSON, "maxwidth": most})
    assert response.status_code == 422
    assert "maxwidth" in response.text


def test_the_page_of_a_lesson_leads_to_it(client: TestClient) -> None:
    text = client.get("/lessons/lecture-lstm").text
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', text)
    assert found is not None
    answer = client.get(found[1].replace("&amp;", "&"))
    assert answer.json()["title"] == "One LSTM cell, by hand"


def test_the_thumbnail_shows_the_numbers_of_the_lesson(client: TestClient) -> None:
    answer = ask(client, LESSON)
    response = client.get(answer["thumbnail_url"])
    assert response.headers["content-type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(response.content)
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:2] == ["Unrolled", "One LSTM cell, by hand"]
    bold = [
        each.text
        for each in drawn.iter("{http://www.w3.org/2000/svg}text")
        if each.get("font-weight") == "700"
    ]
    assert bold[1:] == ["3", "7", "7", "7", "0"]


def test_every_lesson_has_a_thumbnail(client: TestClient) -> None:
    for each in client.get("/api/v1/lessons").json():
        response = client.get(f"/lessons/{each['id']}/thumbnail.svg")
        ElementTree.fromstring(response.content)


def test_titles_of_ones_own_lessons_are_escaped(tmp_path: Path) -> None:
    title = '<b>"quoted" & bold</b>'
    (tmp_path / "own.toml").write_text(
        f"""id = "own"
title = {{ en = '{title}', zh = '{title}' }}
summary = {{ en = "s", zh = "s" }}
[[scenes]]
id = "one"
title = {{ en = "t", zh = "t" }}
[scenes.scene]
version = 1
inputs = [[1]]
network.layers = [{{ cell = "elman", units = 1 }}]
""",
        "utf-8",
    )
    with TestClient(create_app(Settings(lessons=str(tmp_path)))) as client:
        answer = ask(client, f"{BASE}/lessons/own")
        assert Frame(answer["html"]).attributes["title"] == title
        ElementTree.fromstring(client.get(answer["thumbnail_url"]).content)


def test_the_public_address_is_the_one_that_is_given() -> None:
    settings = Settings(public_url="https://unrolled.example")
    with TestClient(create_app(settings)) as client:
        answer = ask(client, "https://unrolled.example/lessons/lecture-lstm")
        assert "https://unrolled.example/embed/lecture-lstm" in answer["html"]
        assert client.get("/oembed", params={"url": LESSON}).status_code == 404
