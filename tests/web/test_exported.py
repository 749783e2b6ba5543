"""One file for offline use: what it carries, how much, and that it asks nobody for anything."""

import base64
import json
import re
import zlib
from typing import Any

import pytest
from starlette.testclient import TestClient

from unrolled.scenes import lessons
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import Scene
from unrolled.web import exported
from unrolled.web.app import create_app

WALKTHROUGHS = ("lecture-rnn", "lecture-lstm", "memory-rule")


def page(identifier: str, language: str = "en") -> str:
    return exported.exported(lessons.lesson(identifier), language, Limits())


def unpacked(text: str, identifier: str) -> str:
    found = re.search(rf'id="{identifier}" data-packed="[^"]*">([^<]*)</script>', text)
    assert found is not None
    return zlib.decompress(base64.b64decode(found[1]), -zlib.MAX_WBITS).decode()


def answers(text: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(unpacked(text, "baked"))
    return read


@pytest.mark.parametrize("identifier", WALKTHROUGHS)
def test_a_walkthrough_stays_below_300_kilobytes(identifier: str) -> None:
    assert len(page(identifier).encode()) <= 300_000


def test_the_file_names_no_other_file_and_no_host() -> None:
    text = page("lecture-lstm")
    assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', text)
    assert "default-src 'none'" in text
    assert not re.findall(r"https?://", re.sub(r"http://www\.w3\.org/\S+", "", text))


def test_it_carries_what_the_routes_answer() -> None:
    baked = answers(page("lecture-lstm"))[0]
    with TestClient(create_app()) as client:
        asked = {"scene": "lecture-lstm", "gradients": True}
        trace = client.post("/api/v1/traces", json=asked).json()
        assert baked["trace"] == trace
        for direction in ("forward", "backward"):
            for address in ("layers.0.forward.c[0]", "layers.0.forward.z_f[0]"):
                number = {"scene": "lecture-lstm", "address": address, "t": 3, "pass": direction}
                answer = client.post("/api/v1/explanations", json=number).json()
                assert baked["explanations"][direction][address][3] == answer


def test_every_scene_of_a_lesson_comes_along() -> None:
    lesson = lessons.lesson("lecture-rnn")
    assert len(answers(page("lecture-rnn"))) == len(lesson.scenes)


def test_a_title_cannot_leave_its_place() -> None:
    scene = Scene.model_validate(
        {
            "version": 1,
            "title": "</script><script>alert(1)</script>",
            "network": {"layers": [{"cell": "elman", "units": 1}]},
            "inputs": [[1.0]],
        }
    )
    text = exported.exported(exported.of_scene(scene), "en", Limits())
    assert "<script>alert" not in text


def test_infinite_numbers_come_along() -> None:
    scene = Scene.model_validate(
        {
            "version": 1,
            "network": {
                "layers": [
                    {
                        "cell": "elman",
                        "units": 1,
                        "options": {"activation": "identity"},
                        "weights": {"W_h": [[1e200]], "U_h": [[1e200]]},
                    }
                ]
            },
            "inputs": [[1.0], [0.0]],
        }
    )
    baked = answers(exported.exported(exported.of_scene(scene), "en", Limits()))[0]
    assert baked["trace"]["layers"][0]["directions"][0]["values"]["h"] == [[1e200], ["Infinity"]]


def test_more_numbers_than_the_limit_are_refused_by_its_name() -> None:
    with pytest.raises(DocumentError) as refused:
        exported.exported(lessons.lesson("lecture-lstm"), "en", Limits(exported=10))
    assert "UNROLLED_MAX_EXPORTED" in str(refused.value.errors[0])


def test_the_route_hands_out_a_lesson_whole_or_a_scene() -> None:
    with TestClient(create_app()) as client:
        asked = {"scene": "lecture-lstm", "lang": "zh"}
        response = client.post("/api/v1/exports", json=asked)
        assert response.headers["content-disposition"].startswith("attachment")
        assert response.text == page("lecture-lstm", "zh")
        scene = client.get("/api/v1/lessons/lecture-lstm").json()["scene"]
        own = client.post("/api/v1/exports", json={"scene": scene}).text
        assert len(answers(own)) == 1
        assert client.post("/api/v1/exports", json={"scene": "no-such"}).status_code == 422
