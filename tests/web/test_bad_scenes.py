"""Bad scenes: a clear 4xx that names the field, within a second, and memory stays."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.scenes.documents import LSTM, changed, layer
from tests.web.conftest import Serve


def posted(client: TestClient, **body: Any) -> Any:
    # Processor time: what the refusal costs, not what else the machine is doing meanwhile.
    start = time.process_time()
    answer = client.post("/api/v1/traces", **body)
    assert time.process_time() - start < 1
    assert answer.headers["content-type"] == "application/problem+json"
    return answer


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: layer(d)["weights"].update(W_f=[[1, 2]]), "network.layers[0].weights.W_f"),
        (lambda d: d.pop("network"), "network"),
        (lambda d: layer(d).pop("units"), "network.layers[0].units"),
        (lambda d: layer(d).update(cell="lstmm"), "network.layers[0].cell"),
        (lambda d: layer(d).update(units=10**6), "network.layers[0].units"),
        (lambda d: d.update(inputs=[[0.0] * 3] * 100_001), "inputs"),
    ],
)
def test_a_bad_scene_is_422_and_names_the_field(
    client: TestClient, change: Any, field: str
) -> None:
    problem = posted(client, json={"scene": changed(change)}).json()
    assert problem["status"] == 422
    error = problem["errors"][0]
    assert error["field"] == field
    assert error["expected"]
    assert error["got"]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_of_json_is_named_where_it_stands(
    client: TestClient, number: bytes
) -> None:
    text = (
        b'{"scene": {"version": 1, "inputs": [[1]], "network": {"layers": [{"cell": "elman", '
        b'"units": 1, "weights": {"b_h": [' + number + b"]}}]}}}"
    )
    problem = posted(client, content=text).json()
    assert problem["status"] == 422
    assert problem["errors"][0]["field"] == "network.layers[0].weights.b_h[0]"


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff\xfe", b'{"scene": "\\ud800"}', b"[1, 2", b"9" * 5000, b"null", b"[]"],
)
def test_what_is_no_document_is_said_to_be_none(client: TestClient, text: bytes) -> None:
    assert posted(client, content=text).json()["status"] == 422


@pytest.mark.parametrize("depth", [200, 2_000, 2_000_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_nesting_is_refused(
    client: TestClient, depth: int, opening: bytes, closing: bytes
) -> None:
    depth = min(depth, 7_000_000 // len(opening + closing))
    inner = opening * depth + b"1" + closing * depth
    problem = posted(client, content=b'{"scene": ' + inner + b"}").json()
    assert problem["status"] == 422


@pytest.mark.parametrize("field", ["scene", "gradients", "colour"])
def test_the_request_itself_is_checked_too(client: TestClient, field: str) -> None:
    body: Any = {"scene": LSTM, "gradients": False}
    body = {"gradients": True} if field == "scene" else {**body, field: "yes"}
    assert posted(client, json=body).json()["errors"][0]["field"] == field


def test_a_lesson_that_is_none_is_named(client: TestClient) -> None:
    problem = posted(client, json={"scene": "lecture-cnn"}).json()
    assert problem["errors"][0]["field"] == "scene"
    assert "lecture-rnn" in problem["errors"][0]["expected"]


def fifty_megabytes() -> Iterator[bytes]:
    for _ in range(800):
        yield b" " * 65_536


@pytest.mark.parametrize("declared", [True, False])
def test_fifty_megabytes_are_413_and_leave_no_trace_in_memory(
    client: TestClient, declared: bool
) -> None:
    content: Any = b" " * 52_428_800 if declared else fifty_megabytes()
    posted(client, content=b"{}")
    gc.collect()
    tracemalloc.start()
    problem = posted(client, content=content).json()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem["status"] == 413
    assert "UNROLLED_MAX_BODY" in problem["detail"]
    # The test's own client joins the parts of a streamed body before it sends them.
    assert peak < (2_000_000 if declared else 110_000_000)


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(serve: Serve) -> None:
    client = serve(max_body=1000)
    assert posted(client, content=b" " * 1000).status_code == 422
    assert posted(client, content=b" " * 1001).status_code == 413
    assert posted(client, content=iter([b" " * 500, b" " * 501])).status_code == 413
