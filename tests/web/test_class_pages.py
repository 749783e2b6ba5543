"""The pages of a class, as the server sends them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from unrolled.scenes import lessons
from unrolled.web.class_pages import shown

JSON = re.compile(r'id="page-data">(.*?)</script>', re.DOTALL)


def opened(client: TestClient, **asked: Any) -> Any:
    """A class that was just opened, as the server answers."""
    answer = client.post("/api/v1/rooms", json=asked or {"lesson": "lecture-lstm"})
    assert answer.status_code == 201
    return answer.json()


def data_of(text: str) -> Any:
    """What a page carries for its script."""
    found = JSON.search(text)
    assert found is not None
    return json.loads(found[1])


def test_the_page_of_a_class_has_its_lesson_and_says_who_presents(client: TestClient) -> None:
    code = opened(client)["code"]
    for path, presents in ((f"/r/{code.lower()}", False), (f"/class/{code}", True)):
        text = client.get(path).text
        data = data_of(text)
        assert data["lesson"]["id"] == "lecture-lstm"
        assert data["room"]["code"] == code
        assert data["room"]["presents"] is presents
        assert ("<svg" in text.partition('id="qr"')[2]) is presents


def test_no_page_has_the_presenter_s_token(client: TestClient) -> None:
    made = opened(client)
    for path in ("/r/", "/class/"):
        assert made["presenter_token"] not in client.get(path + made["code"]).text


@pytest.mark.parametrize("path", ["/r/QQQQQQ", "/class/QQQQQQ", "/r/%3Cb%3E", "/r?code=%3Cb%3E"])
def test_a_code_of_no_class_is_asked_for_again(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'aria-invalid="true"' in answer.text
    assert "<b>" not in answer.text


def test_a_typed_code_leads_to_its_class(client: TestClient) -> None:
    code = opened(client)["code"]
    typed = f" {code[:3].lower()}-{code[3:]} "
    answer = client.get("/r", params={"code": typed, "lang": "zh"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/r/{code}?lang=zh"


def test_an_edited_scene_keeps_the_words_of_its_lesson() -> None:
    known = lessons.catalogue()
    edited = {"scene": "s_x", "cursor": {}, "view": {"from": "lecture-lstm/reordered"}}
    assert shown(edited, known).id == "lecture-lstm"
    assert shown({"scene": {}, "cursor": {}, "view": {}}, known).id == "studio"
