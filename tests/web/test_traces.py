"""Traces over HTTP: the lecture's numbers, the forms they travel in, how long they are kept."""

from __future__ import annotations

import concurrent.futures
import csv
import gzip
import io
import json
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load
from starlette.testclient import TestClient

from tests.web.conftest import Serve
from unrolled.scenes.limits import Limits

SAFETENSORS = {"Accept": "application/vnd.safetensors"}


def scene_of(client: TestClient, lesson: str, which: int = 0) -> Any:
    return client.get(f"/api/v1/lessons/{lesson}").json()["scenes"][which]["scene"]


def trace_of(client: TestClient, scene: Any, **more: Any) -> Any:
    answer = client.post("/api/v1/traces", json={"scene": scene, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def values(trace: Any) -> Any:
    return trace["layers"][0]["directions"][0]["values"]


@pytest.mark.parametrize(
    ("which", "hidden", "outputs"),
    [
        (0, [[2, 2], [6, 6], [16, 16]], [[4, 4], [12, 12], [32, 32]]),
        (1, [[4, 4], [10, 10], [22, 22]], [[8, 8], [20, 20], [44, 44]]),
    ],
)
def test_the_simple_network_gives_the_lectures_numbers_exactly(
    client: TestClient, which: int, hidden: Any, outputs: Any
) -> None:
    trace = trace_of(client, scene_of(client, "lecture-rnn", which))
    assert values(trace)["h"] == hidden
    assert trace["outputs"] == outputs
    assert trace["readout"]["values"]["y"] == outputs


def test_the_lstm_gives_the_lectures_numbers(client: TestClient) -> None:
    trace = trace_of(client, scene_of(client, "lecture-lstm"))
    memory = np.array(values(trace)["c"])[:, 0]
    assert memory[:2].tolist() == [3, 7]
    np.testing.assert_allclose(memory[2:], [6.999773, 6.999501, 5.7e-39], rtol=1e-2)
    np.testing.assert_allclose(memory[2:4], [6.999773, 6.999501], atol=5e-7)
    output = np.array(trace["outputs"])[:, 0]
    assert np.round(output, 3).tolist() == [0, 0, 0, 7, 0]


def test_the_lstms_gates_are_exact_to_their_tails(client: TestClient) -> None:
    found = values(trace_of(client, scene_of(client, "lecture-lstm")))

    def sigma(argument: float) -> float:
        e = np.exp(-abs(np.longdouble(argument)))
        return float(1 / (1 + e) if argument >= 0 else e / (1 + e))

    for gate in "fio":
        arguments = np.array(found[f"z_{gate}"])[:, 0]
        expected = [sigma(each) for each in arguments]
        np.testing.assert_allclose(np.array(found[gate])[:, 0], expected, rtol=1e-12)
    assert found["i"][4][0] == pytest.approx(1.69e-48, rel=1e-2)


def test_the_memory_rule_holds(client: TestClient) -> None:
    trace = trace_of(client, scene_of(client, "memory-rule"))
    memory = np.round(np.array(values(trace)["c"])[:, 0], 2) + 0.0
    assert memory.tolist() == [0, 3, 3, 7, 7, 7, 0, 6, 6]
    assert (np.round(np.array(trace["outputs"])[:, 0], 2) + 0.0).tolist() == [0] * 5 + [
        7, 0, 0, 6,
    ]  # fmt: skip


def test_a_lesson_may_be_asked_for_by_name(client: TestClient) -> None:
    by_name = trace_of(client, "lecture-rnn/reordered")
    assert by_name == trace_of(client, scene_of(client, "lecture-rnn", 1))


def test_gradients_come_where_they_are_asked_for(client: TestClient) -> None:
    scene = scene_of(client, "lecture-rnn")
    without, found = trace_of(client, scene), trace_of(client, scene, gradients=True)
    assert "gradients" not in without["layers"][0]["directions"][0]
    assert without["input_gradients"] is None
    direction = found["layers"][0]["directions"][0]
    # Both units reach both outputs now and, doubled, at every later step: 2 + 2·(2 + 2·2) = 14.
    assert direction["gradients"]["h"] == [[14, 14], [6, 6], [2, 2]]
    assert np.shape(direction["parameter_gradients"]["U_h"]) == (2, 2)
    assert set(direction["initial_gradients"]) == {"h"}
    assert found["id"] != without["id"]


def test_a_loss_is_told_by_step_and_in_total(client: TestClient) -> None:
    scene = scene_of(client, "lecture-rnn") | {
        "loss": "squared_error",
        "targets": [[4, 4], None, [31, 30]],
    }
    assert trace_of(client, scene)["loss"] == {"total": 2.5, "steps": [0, 0, 2.5]}


def test_infinite_and_undefined_numbers_travel_as_words(client: TestClient) -> None:
    scene: Any = {
        "version": 1,
        "network": {
            "layers": [
                {
                    "cell": "elman",
                    "units": 1,
                    "options": {"activation": "identity"},
                    "weights": {"W_h": [[1]], "U_h": [[-1e200]]},
                }
            ]
        },
        "inputs": [[1], [1], [1], [1]],
    }
    answer = client.post("/api/v1/traces", json={"scene": scene})
    trace = json.loads(answer.content, parse_constant=pytest.fail)
    assert trace["outputs"][2:] == [["Infinity"], ["-Infinity"]]
    assert trace["non_finite"]["t"] == 2
    assert trace["non_finite"]["name"] == "z_h"
    scene["network"]["layers"].append(
        {
            "cell": "feed_forward",
            "units": 1,
            "options": {"activation": "identity"},
            "weights": {"W_h": [[0]]},
        }
    )
    assert trace_of(client, scene)["outputs"][2] == ["NaN"]


def test_the_same_bytes_are_had_again_by_their_id(client: TestClient) -> None:
    posted = client.post("/api/v1/traces", json={"scene": "lecture-lstm"})
    fetched = client.get(f"/api/v1/traces/{posted.json()['id']}")
    assert fetched.content == posted.content
    assert fetched.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert fetched.headers["vary"] == "Accept, Accept-Encoding"


def test_every_representation_has_a_tag_of_its_own(client: TestClient) -> None:
    address = client.post("/api/v1/traces", json={"scene": "lecture-lstm"}).headers[
        "content-location"
    ]
    tags = set()
    for accept in ("application/json", "application/vnd.safetensors"):
        for encoding in ("identity", "gzip"):
            headers = {"Accept": accept, "Accept-Encoding": encoding}
            answer = client.get(address, headers=headers)
            tag = answer.headers["etag"]
            tags.add(tag)
            again = client.get(address, headers={**headers, "If-None-Match": f'"x", {tag}'})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
    assert len(tags) == 4


def test_gzip_is_sent_to_those_who_take_it(client: TestClient) -> None:
    address = client.post("/api/v1/traces", json={"scene": "lecture-lstm"}).headers[
        "content-location"
    ]
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", address, headers={"Accept-Encoding": "br, gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content


def test_safetensors_hold_the_same_numbers_under_their_addresses(client: TestClient) -> None:
    body = {"scene": "lecture-lstm", "gradients": True}
    arrays = load(client.post("/api/v1/traces", json=body, headers=SAFETENSORS).content)
    trace = client.post("/api/v1/traces", json=body).json()
    direction = trace["layers"][0]["directions"][0]
    for group in ("values", "gradients", "parameters", "parameter_gradients"):
        for name, numbers in direction[group].items():
            held = arrays[f"layers.0.forward.{group}.{name}"]
            assert held.dtype == np.float64
            assert held.tolist() == numbers


def test_a_table_and_an_archive_hold_the_same_numbers(client: TestClient) -> None:
    body = {"scene": "lecture-lstm"}
    values = client.post("/api/v1/traces", json=body).json()["layers"][0]["directions"][0]["values"]
    table = client.post("/api/v1/traces", json=body, headers={"Accept": "text/csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [[float(row["layers.0.forward.c[0]"])] for row in rows] == values["c"]
    archive = client.post("/api/v1/traces", json=body, headers={"Accept": "application/x-npz"})
    arrays = np.load(io.BytesIO(archive.content))
    assert arrays["layers.0.forward.values.c"].tolist() == values["c"]


def test_an_id_no_longer_held_is_404_until_the_scene_is_posted_again(serve: Serve) -> None:
    client = serve(trace_cache=30_000)
    first = client.post("/api/v1/traces", json={"scene": "lecture-rnn"}).headers["content-location"]
    assert client.get(first).status_code == 200
    for seed in range(20):
        scene = scene_of(client, "lecture-lstm") | {"seed": seed}
        assert client.post("/api/v1/traces", json={"scene": scene}).status_code == 200
    assert client.get(first).status_code == 404
    client.post("/api/v1/traces", json={"scene": "lecture-rnn"})
    assert client.get(first).status_code == 200


def test_a_trace_larger_than_the_cache_is_answered_all_the_same(serve: Serve) -> None:
    client = serve(trace_cache=0)
    assert trace_of(client, "lecture-rnn")["outputs"][2] == [32, 32]


def test_the_same_scene_asked_for_at_once_is_computed_once(serve: Serve) -> None:
    client = serve(threads=2)
    many = {"version": 1, "network": {"layers": [{"cell": "lstm", "units": 64}]}}
    many["inputs"] = [[1.0, 0.5]] * 500
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        bodies = [{"scene": many}] * 8
        answers = list(pool.map(lambda b: client.post("/api/v1/traces", json=b), bodies))
    assert {each.status_code for each in answers} == {200}
    assert len({each.content for each in answers}) == 1
    assert "unrolled_traces_computed_total 1\n" in client.get("/metrics").text


def test_a_limit_is_a_setting(serve: Serve) -> None:
    client = serve(limits=Limits(steps=2))
    answer = client.post("/api/v1/traces", json={"scene": "lecture-rnn"})
    assert answer.status_code == 422
    assert "UNROLLED_MAX_STEPS" in answer.json()["errors"][0]["expected"]
