"""Rooms over HTTP and their socket: opening, greeting, refusing, results, stored scenes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import Serve
from unrolled.settings import Settings
from unrolled.web import addresses
from unrolled.web.app import create_app

SCENE: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 1, "weights": {"W_h": [[1]]}}]},
    "inputs": [[0.5], [1]],
}
HERE = "http://testserver"


@pytest.fixture
def server(serve: Serve) -> TestClient:
    return serve(database=":memory:")


class Class:
    """A room of a server, and the two kinds of people in it."""

    def __init__(self, server: TestClient, **asked: Any) -> None:
        self.server = server
        answer = server.post("/api/v1/rooms", json=asked or {"lesson": "lecture-lstm"})
        assert answer.status_code == 201, answer.text
        self.made = answer.json()
        self.code, self.token = self.made["code"], self.made["presenter_token"]
        self.path = f"/api/v1/rooms/{self.code}"

    @contextmanager
    def join(self, **hello: Any) -> Iterator[tuple[WebSocketTestSession, Any]]:
        with self.server.websocket_connect(self.path) as socket:
            socket.send_json({"type": "hello", **hello})
            yield socket, socket.receive_json()

    def results(self, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return self.server.get(f"{self.path}/results.csv", headers=headers)


def heard(socket: WebSocketTestSession, kind: str) -> Any:
    """The next message of one type."""
    while True:
        message = socket.receive_json()
        if message["type"] == kind:
            return message


def closed(socket: WebSocketTestSession) -> int:
    """The code with which the server closes, after whatever it says before."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as end:
        return end.code


def test_opening_a_room_gives_a_code_and_a_token_that_is_in_no_shared_address(
    server: TestClient,
) -> None:
    made = Class(server).made
    assert made["join_url"] == f"{HERE}/r/{made['code']}"
    assert made["presenter_url"] == f"{HERE}/class/{made['code']}#{made['presenter_token']}"
    assert made["presenter_token"] not in made["join_url"]


def test_addresses_are_those_of_the_public_one(serve: Serve) -> None:
    server = serve(database=":memory:", public_url="https://rnn.example.edu/")
    made = Class(server).made
    assert made["join_url"] == f"https://rnn.example.edu/r/{made['code']}"


def test_a_lecturer_who_asks_by_a_loopback_address_gets_one_for_the_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "lan_address", lambda: "192.168.1.7")
    for host, port in (("0.0.0.0", ":8000"), ("127.0.0.1", ":8000")):
        app = create_app(Settings(database=":memory:", host=host))
        with TestClient(app, base_url=f"http://127.0.0.1{port}") as server:
            base = "http://192.168.1.7:8000" if host == "0.0.0.0" else "http://127.0.0.1:8000"
            assert Class(server).made["join_url"].startswith(f"{base}/r/")


@pytest.mark.parametrize(
    "asked",
    [{"lesson": "lecture-rnn"}, {"lesson": "lecture-rnn/reordered"}, {"scene": SCENE},
     {"scene": "lecture-lstm"}],
)  # fmt: skip
def test_a_room_opens_on_any_scene(server: TestClient, asked: dict[str, Any]) -> None:
    with Class(server, **asked).join() as (_, welcome):
        assert welcome["state"]["scene"] == asked.get("lesson", asked.get("scene"))
        assert welcome["state"]["cursor"]["t"] is None


def test_a_room_opens_on_a_stored_scene(server: TestClient) -> None:
    name = server.post("/api/v1/scenes", json={"scene": SCENE}).json()["id"]
    with Class(server, scene=name).join() as (_, welcome):
        assert welcome["state"]["scene"] == name


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "lesson"),
        ({"lesson": "lecture-rnn", "scene": SCENE}, "lesson"),
        ({"lesson": "lecture-cnn"}, "scene"),
        ({"lesson": 3}, "lesson"),
        ({"scene": {"version": 1}}, "network"),
        ({"scene": "s_AAAAAAAAAAAAAAAAAAAAAA"}, "scene"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_room_on_no_scene_is_refused_by_its_field(
    server: TestClient, asked: dict[str, Any], field: str
) -> None:
    answer = server.post("/api/v1/rooms", json=asked)
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


def test_the_state_of_the_class_passes_through(server: TestClient) -> None:
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (mine, _), lecture.join() as (theirs, _):
        cursor = {"t": 2, "node": "layers.0.forward.f"}
        state = {"cursor": cursor, "view": {"notation": "ng"}}
        mine.send_json({"type": "set", "state": state})
        for socket in (mine, theirs):
            shown = heard(socket, "state")
            assert shown["state"]["cursor"] == {"pass": "forward", **cursor}
            assert shown["rev"] == 2


def test_a_code_is_taken_in_any_case(server: TestClient) -> None:
    lecture = Class(server)
    with server.websocket_connect(lecture.path.replace(lecture.code, lecture.code.lower())) as it:
        it.send_json({"type": "hello"})
        assert it.receive_json()["type"] == "welcome"


@pytest.mark.parametrize("code", ["ZZZZZZ", "K7MPX", "nonsense-nonsense", "%00"])
def test_no_room_is_said_and_closed(server: TestClient, code: str) -> None:
    with server.websocket_connect(f"/api/v1/rooms/{code}") as socket:
        socket.send_json({"type": "hello"})
        assert socket.receive_json()["code"] == "no_room"
        assert closed(socket) == 4404


def test_a_wrong_token_is_said_and_closed(server: TestClient) -> None:
    with Class(server).join(token="x" * 43) as (socket, answer):
        assert answer["code"] == "forbidden"
        assert closed(socket) == 4403


def test_another_device_may_ask_again_on_the_same_socket(server: TestClient) -> None:
    lecture = Class(server)
    with (
        lecture.join(token=lecture.token) as (old, _),
        lecture.join(token=lecture.token) as (new, answer),
    ):
        assert answer["code"] == "taken"
        new.send_json({"type": "hello", "token": lecture.token, "takeover": True})
        assert new.receive_json()["role"] == "presenter"
        assert heard(old, "demoted")
        old.send_json({"type": "gather"})
        assert heard(old, "error")["code"] == "forbidden"


def test_the_same_tab_takes_the_place_of_its_old_connection(server: TestClient) -> None:
    lecture = Class(server)
    same = {"token": lecture.token, "viewer": "the-secret-of-one-tab"}
    with lecture.join(**same) as (old, _), lecture.join(**same) as (_, again):
        assert again["role"] == "presenter"
        assert closed(old) == 4409


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_message"),
        ("{", "bad_message"),
        ("null", "bad_message"),
        ("[" * 1500, "bad_message"),
        ('{"type":"no such"}', "bad_message"),
        ('{"type":["set"]}', "bad_message"),
        ('{"type":"set"}', "bad_message"),
        ('{"type":"set","state":{"view":{"k":NaN}}}', "bad_message"),
        ('{"type":"set","state":{"view":{"k":"\\ud800"}}}', "bad_message"),
        ('{"type":"set","state":' + '{"a":' * 900 + "1" + "}" * 901, "bad_message"),
        ('{"type":"set","state":{"view":' + '{"a":' * 900 + "1" + "}" * 902, "bad_message"),
        ('{"type":"hello"}', "bad_message"),
        ('{"type":"set","state":{"scene":"lecture-cnn"}}', "bad_scene"),
        ('{"type":"set","state":{"scene":{"version":1}}}', "bad_scene"),
        ('{"type":"poll.lock"}', "no_poll"),
        ('{"type":"poll.open","poll":{"question":"?","address":"no.where","t":0}}', "bad_poll"),
        ('{"type":"poll.open","poll":{"question":"?","address":"f","t":99}}', "bad_poll"),
        ('{"type":"set","state":{"view":{"k":"' + "x" * 9000 + '"}}}', "too_large"),
    ],
)
def test_what_cannot_be_followed_is_refused_and_the_room_goes_on(
    server: TestClient, text: str, code: str
) -> None:
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (socket, _):
        socket.send_text(text)
        assert heard(socket, "error")["code"] == code
        socket.send_json({"type": "set", "state": {"cursor": {"t": 1}}})
        assert heard(socket, "state")["rev"] == 2


def test_a_binary_frame_is_no_message(server: TestClient) -> None:
    with Class(server).join() as (socket, _):
        socket.send_bytes(b'{"type":"poll.vote","value":0}')
        assert socket.receive_json()["code"] == "bad_message"


def test_a_message_over_its_limit_is_refused_by_the_limits_name(serve: Serve) -> None:
    lecture = Class(serve(database=":memory:", room_frame=500, room_viewer_frame=200))
    long = json.dumps({"type": "set", "state": {"view": {"k": "x" * 300}}})
    with lecture.join(token=lecture.token) as (mine, _), lecture.join() as (theirs, _):
        mine.send_text(long)
        assert heard(mine, "state")
        mine.send_text(long + " " * 300)
        assert "UNROLLED_ROOM_FRAME" in heard(mine, "error")["detail"]
        theirs.send_text(long)
        heard(theirs, "state")
        assert "UNROLLED_ROOM_VIEWER_FRAME" in heard(theirs, "error")["detail"]


def test_the_first_message_is_hello(server: TestClient) -> None:
    with server.websocket_connect(Class(server).path) as socket:
        socket.send_json({"type": "poll.vote", "value": 0})
        assert socket.receive_json()["code"] == "bad_message"
        socket.send_json({"type": "hello"})
        assert socket.receive_json()["type"] == "welcome"


def test_who_says_nothing_is_told_and_closed(serve: Serve) -> None:
    lecture = Class(serve(database=":memory:", room_hello=1))
    with lecture.server.websocket_connect(lecture.path) as socket:
        assert socket.receive_json()["code"] == "idle"
        assert closed(socket) == 4408


def test_beyond_the_limit_of_sockets_the_next_is_told_and_closed(serve: Serve) -> None:
    lecture = Class(serve(database=":memory:", room_sockets=1))
    with lecture.join() as (_, welcome):
        assert welcome["type"] == "welcome"
        with lecture.server.websocket_connect(lecture.path) as second:
            answer = second.receive_json()
            assert (answer["code"], "UNROLLED_ROOM_SOCKETS" in answer["detail"]) == ("busy", True)
            assert closed(second) == 1013


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.com"])
def test_a_page_of_another_origin_opens_no_socket_and_no_room(
    server: TestClient, origin: str
) -> None:
    path = Class(server).path
    with (
        pytest.raises(WebSocketDisconnect),
        server.websocket_connect(path, headers={"Origin": origin}),
    ):
        pass
    answer = server.post(
        "/api/v1/rooms", json={"lesson": "lecture-rnn"}, headers={"Origin": origin}
    )
    assert answer.status_code == 403


def test_pages_of_our_own_may(serve: Serve) -> None:
    server = serve(database=":memory:", public_url="https://rnn.example.edu")
    path = Class(server).path
    for origin in (HERE, "https://rnn.example.edu"):
        with server.websocket_connect(path, headers={"Origin": origin}) as socket:
            socket.send_json({"type": "hello"})
            assert socket.receive_json()["type"] == "welcome"


def test_so_many_rooms_a_minute_from_one_address(serve: Serve) -> None:
    server = serve(database=":memory:", room_openings=2)
    answers = [server.post("/api/v1/rooms", json={"lesson": "lecture-rnn"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "UNROLLED_ROOM_OPENINGS" in answers[2].json()["detail"]
    assert int(answers[2].headers["retry-after"]) > 0


def test_a_poll_bound_to_a_value_is_answered_by_the_engine(server: TestClient) -> None:
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (mine, _), lecture.join() as (theirs, _):
        poll = {"question": "What is the memory at step 2?", "address": "layers.0.forward.c[0]"}
        mine.send_json({"type": "poll.open", "poll": {**poll, "t": 1}})
        assert heard(theirs, "poll")["question"] == poll["question"]
        theirs.send_json({"type": "poll.vote", "value": 7})
        assert heard(mine, "poll.count")["votes"] == 1
        mine.send_json({"type": "poll.reveal"})
        result = heard(theirs, "poll.result")
        assert (round(result["answer"], 3), result["correct"]) == (7.0, 1)


def test_an_answer_that_is_not_finite_is_a_word(server: TestClient) -> None:
    layer = {"cell": "elman", "units": 1, "options": {"activation": "identity"},
             "weights": {"W_h": [[1e308]], "U_h": [[1e308]]}}  # fmt: skip
    scene = {"version": 1, "network": {"layers": [layer]}, "inputs": [[1], [1]]}
    lecture = Class(server, scene=scene)
    with lecture.join(token=lecture.token) as (mine, _):
        poll = {"question": "?", "address": "h", "t": 1}
        mine.send_json({"type": "poll.open", "poll": poll})
        mine.send_json({"type": "poll.reveal"})
        assert heard(mine, "poll.result")["answer"] == "Infinity"


def test_results_are_for_the_presenter_as_csv(server: TestClient) -> None:
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (mine, _), lecture.join() as (theirs, _):
        poll = {"question": "=1+1?", "choices": ["@one", "two"], "answer": 1}
        mine.send_json({"type": "poll.open", "poll": poll})
        heard(theirs, "poll")
        theirs.send_json({"type": "poll.vote", "value": 0})
        heard(theirs, "poll.voted")
    answer = lecture.results(lecture.token)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["question"], row["choice"], row["correct"]) == ("'=1+1?", "'@one", "no")


def test_nobody_else_gets_them_nor_learns_which_codes_there_are(server: TestClient) -> None:
    lecture = Class(server)
    answers = [
        lecture.results("wrong"),
        lecture.results(""),
        server.get(f"{lecture.path}/results.csv"),
        server.get("/api/v1/rooms/ZZZZZZ/results.csv", headers={"Authorization": "Bearer x"}),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


def test_results_outlive_the_end_of_the_class(server: TestClient) -> None:
    lecture = Class(server)
    with lecture.join(token=lecture.token) as (mine, _):
        mine.send_json({"type": "end"})
        assert heard(mine, "end")
        assert closed(mine) == 4410
    assert lecture.results(lecture.token).status_code == 200


def test_a_large_scene_of_the_presenter_is_broadcast_by_its_id(server: TestClient) -> None:
    lecture = Class(server)
    large = {**SCENE, "inputs": [[0.123456789]] * 2000}
    with lecture.join(token=lecture.token) as (mine, _):
        mine.send_json({"type": "set", "state": {"scene": large}})
        name = heard(mine, "state")["state"]["scene"]
    assert server.get(f"/api/v1/scenes/{name}").json()["scene"] == large
