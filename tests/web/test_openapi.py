"""The OpenAPI document is a real reference: bodies, problems, and schemas that hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.docs.blocks import text
from unrolled.scenes.lessons import catalogue
from unrolled.settings import Settings
from unrolled.web.app import create_app

TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
    "number": (int, float), "integer": int,
}  # fmt: skip


@lru_cache(maxsize=1)
def document() -> Any:
    with TestClient(create_app(Settings())) as client:
        return client.get("/api/v1/openapi.json").json()


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, verbs in document()["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


def schema(name: str) -> Any:
    return document()["components"]["schemas"][name]


def fits(value: Any, form: Any) -> bool:
    """Whether a value is of the form; as much of JSON Schema as the document uses."""
    if "$ref" in form:
        return fits(value, schema(form["$ref"].rsplit("/", 1)[-1]))
    if "anyOf" in form or "oneOf" in form:
        return any(fits(value, each) for each in form.get("anyOf", form.get("oneOf")))
    if "enum" in form and value not in form["enum"]:
        return False
    kind = form.get("type")
    if kind is not None and not isinstance(value, TYPES[kind]):
        return False
    if kind in ("number", "integer"):
        low, high = form.get("minimum", value), form.get("maximum", value)
        return not isinstance(value, bool) and low <= value <= high
    if kind == "string":
        return re.search(form.get("pattern", ""), value) is not None
    if kind == "array":
        return all(fits(each, form.get("items", {})) for each in value)
    return kind != "object" or _object(value, form)


def _object(value: dict[str, Any], form: Any) -> bool:
    known, patterns = form.get("properties", {}), form.get("patternProperties", {})
    forms = {
        name: known.get(name) or next((f for p, f in patterns.items() if re.search(p, name)), None)
        for name in value
    }
    closed = form.get("additionalProperties") is False
    if any(each is None for each in forms.values()) and closed:
        return False
    whole = set(form.get("required", ())) <= set(value)
    return whole and all(fits(value[name], each or {}) for name, each in forms.items())


def test_every_reference_leads_somewhere() -> None:
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document())):
        assert schema(name)


def test_every_route_that_takes_a_document_says_of_what_form() -> None:
    posts = [(path, op) for path, verb, op in operations() if verb == "post"]
    assert len(posts) > 10
    for path, operation in posts:
        form = operation["requestBody"]["content"]["application/json"]["schema"]
        assert form.get("$ref") or form["oneOf"], path


def test_every_route_has_words_and_tells_its_problems() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    for path, verb, operation in operations():
        assert operation["summary"].endswith("."), path
        problems = {s: r for s, r in operation["responses"].items() if s >= "400"}
        wanted = {"422", "413", "503"} if verb == "post" else {"404"} if "{" in path else set()
        assert wanted <= set(problems), path
        for problem in problems.values():
            (held,) = problem["content"].items()
            form = {"$ref": "#/components/schemas/Problem"}
            assert held == ("application/problem+json", {"schema": form}), path


@pytest.mark.parametrize("lesson", list(catalogue()))
def test_the_scenes_of_every_lesson_have_the_form(lesson: str) -> None:
    for each in catalogue()[lesson].scenes:
        assert fits(each.scene.model_dump(mode="json"), schema("Scene")), each.id


def test_the_requests_of_the_documents_have_the_forms() -> None:
    said = text("docs/api.md")
    found = re.findall(r"curl -s \S*(/api/v1/[\w-]+) \\\n.*?-d '(.*?)'\n```", said, re.DOTALL)
    assert len(found) > 10
    for path, body in found:
        form = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert fits(json.loads(body), form["schema"]), body


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"network": {"layers": []}, "extra": 1}, {"inputs": [["1"]]}, {"loss": "mse"},
     {"network": {"layers": [{"cell": "lstm"}]}}, {"seed": -1}],
)  # fmt: skip
def test_what_is_no_scene_has_not_the_form(change: Any) -> None:
    scene = {"version": 1, "network": {"layers": [{"cell": "lstm", "units": 1}]}, "inputs": [[1]]}
    assert fits(scene, schema("Scene"))
    assert not fits({**scene, **change}, schema("Scene"))


@pytest.mark.parametrize("attention", ["dot", {"kind": "additive", "size": 2}, None])
def test_attention_may_be_a_name(attention: Any) -> None:
    half = {"layers": [{"cell": "gru", "units": 2}]}
    network = {"encoder": half, "decoder": half, "attention": attention, "shape": "encoder-decoder"}
    scene = {"version": 1, "network": network, "inputs": [[1]], "decoder_inputs": [[1]]}
    assert fits(scene, schema("Scene"))


def test_feedback_may_stand_beside_the_inputs() -> None:
    half = {"layers": [{"cell": "gru", "units": 2}]}
    network = {"encoder": half, "decoder": half, "shape": "encoder-decoder"}
    scene = {"version": 1, "network": network, "inputs": [[1]], "feedback": "greedy", "steps": 3}
    assert fits(scene, schema("Scene"))


def test_a_refusal_has_the_form_of_a_problem(client: TestClient) -> None:
    answer = client.post("/api/v1/traces", json={"scene": {"version": 1}})
    assert answer.status_code == 422
    assert fits(answer.json(), schema("Problem"))
