"""Samples and language models over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Serve
from unrolled.engine.stepper import Stepper
from unrolled.scenes.limits import Limits
from unrolled.settings import Settings
from unrolled.web.app import create_app

TEXT = "the cat sat\nthe dog ran"
SAMPLES, MODELS = "/api/v1/samples", "/api/v1/language-models"


def made(client: TestClient, **more: Any) -> Any:
    answer = client.post(MODELS, json={"text": TEXT, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_text_becomes_a_model_that_runs_and_writes(client: TestClient) -> None:
    found = made(client, cell="gru", units=4, seed=3)
    scene = found["scene"]
    assert [each["tokens"] for each in found["examples"]] == [[0, 1, 2, 6], [0, 3, 4, 6]]
    trace = client.post("/api/v1/traces", json={"scene": scene}).json()
    assert trace["loss"]["perplexity"] == pytest.approx(np.exp(trace["loss"]["total"] / 4))
    answer = client.post(SAMPLES, json={"scene": scene, "steps": 30, "eos": "<EOS>", "seed": 5})
    sample = answer.json()
    assert sample["words"] == [scene["labels"]["outputs"][token] for token in sample["tokens"]]
    assert np.array(sample["distributions"]).sum(axis=1) == pytest.approx(1)
    assert sample["ended"] == ("eos" if sample["tokens"][-1] == 6 else "steps")
    again = client.post(SAMPLES, json={"scene": scene, "steps": 30, "eos": 6, "seed": 5})
    assert again.json() == sample


def test_greedy_takes_what_the_trace_finds_likeliest(client: TestClient) -> None:
    scene = made(client)["scene"]
    sample = client.post(SAMPLES, json={"scene": scene, "steps": 6, "temperature": 0}).json()
    rows = np.zeros((6, 7))
    rows[np.arange(1, 6), sample["tokens"][:-1]] = 1
    scene |= {"inputs": rows.tolist(), "targets": None, "loss": None, "labels": None}
    outputs = client.post("/api/v1/traces", json={"scene": scene}).json()["outputs"]
    assert np.array(outputs).argmax(axis=1).tolist() == sample["tokens"]
    assert sample["ended"] == "steps"
    likeliest = np.array(outputs).max(axis=1)
    assert sample["probabilities"] == pytest.approx(likeliest.tolist())


def test_a_scene_without_names_has_numbers_only(client: TestClient) -> None:
    scene = {**made(client)["scene"], "labels": None}
    sample = client.post(SAMPLES, json={"scene": scene, "steps": 3}).json()
    assert sample["words"] is None
    assert len(sample["tokens"]) == 3


def test_a_model_reads_another_text(client: TestClient) -> None:
    scene = made(client, seed=9)["scene"]
    other = client.post(MODELS, json={"text": "the bird sat", "scene": scene}).json()
    assert other["scene"]["network"] == scene["network"]
    assert other["examples"] == [{"tokens": [0, 5, 2, 6]}]


def test_the_model_of_a_lesson_reads_a_sentence_of_ones_own(client: TestClient) -> None:
    found = client.post(MODELS, json={"text": "dogs eat fish", "scene": "sampling"}).json()
    trace = client.post("/api/v1/traces", json={"scene": found["scene"]}).json()
    assert trace["loss"]["perplexity"] > 5  # in all that it has read dogs eat meat


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (SAMPLES, {"steps": 0}, "steps"),
        (SAMPLES, {"steps": 5, "temperature": -1}, "temperature"),
        (SAMPLES, {"steps": 5, "eos": 7}, "eos"),
        (SAMPLES, {"steps": 5, "eos": "bird"}, "eos"),
        (SAMPLES, {"steps": 10**6}, "steps"),
        (SAMPLES, {"steps": 5, "scene": "lecture-lstm"}, "network.readout"),
        (SAMPLES, {"steps": 5, "scene": {}}, "version"),
        (MODELS, {"text": ""}, "text"),
        (MODELS, {"text": TEXT, "kind": "trigram"}, "kind"),
        (MODELS, {"text": TEXT, "vocabulary_size": 2}, "vocabulary_size"),
        (MODELS, {"text": TEXT, "units": 10**5}, "network.layers[0].units"),
        (MODELS, {"text": TEXT, "cell": {"id": "x"}}, "cell.state"),
        (MODELS, {"text": TEXT, "scene": "lecture-lstm"}, "network.readout"),
        (MODELS, {"text": TEXT, "scene": "lecture-cnn"}, "scene"),
        (MODELS, {"text": TEXT, "scene": "memory-rule"}, "network.readout"),
        (MODELS, {"text": "a" * 1_000_001}, "text"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    client: TestClient, path: str, body: Any, field: str
) -> None:
    if path == SAMPLES:
        body = {"scene": made(client)["scene"], **body}
    answer = client.post(path, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_a_text_beyond_a_limit_is_refused_by_its_name(serve: Serve) -> None:
    client = serve(limits=Limits(units=4))
    answer = client.post(MODELS, json={"text": TEXT, "units": 2})
    assert "UNROLLED_MAX_UNITS" in answer.json()["detail"]


async def test_a_sample_ends_where_its_client_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings())
    with TestClient(app) as client:
        scene = made(client)["scene"]
    begun, left, steps = threading.Event(), asyncio.Event(), 0
    usual = Stepper.step

    def counted(self: Stepper, x: Any) -> None:
        nonlocal steps
        steps += 1
        begun.set()
        usual(self, x)

    monkeypatch.setattr(Stepper, "step", counted)
    body = json.dumps({"scene": scene, "steps": 9000}).encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await asyncio.to_thread(begun.wait)
        left.set()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    app = create_app(Settings())
    scope = {
        "type": "http", "method": "POST", "path": SAMPLES, "raw_path": SAMPLES.encode(),
        "query_string": b"", "headers": [(b"host", b"localhost")], "http_version": "1.1",
        "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await app(scope, receive, send)
    assert left.is_set()
    assert 0 < steps < 9000
