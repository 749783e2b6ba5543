"""docs/classes.md: the conversation it shows, the messages, codes and schema it gives."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.testclient import TestClient, WebSocketTestSession

from tests.docs.blocks import blocks, text
from tests.docs.comparing import differences
from tests.web.conftest import Serve
from tests.web.schemas import check_references
from unrolled.rooms import answers, messages
from unrolled.rooms.errors import CODES

DOCUMENT = "docs/classes.md"
CONVERSATION = next(b.text for b in blocks(DOCUMENT) if '"TOKEN"' in b.text)
NOW_AND_THEN = ("viewers", "poll.count")


def test_the_conversation_goes_as_it_is_shown(serve: Serve) -> None:
    server = serve(database=":memory:")
    made = server.post("/api/v1/rooms", json={"lesson": "lecture-lstm"}).json()
    with server.websocket_connect(f"/api/v1/rooms/{made['code']}") as socket:
        for line in CONVERSATION.splitlines():
            if line.startswith("> "):
                socket.send_text(line[2:].replace("TOKEN", made["presenter_token"]))
            else:
                assert differences(json.loads(line[2:]), heard(socket)) == [], line


def heard(socket: WebSocketTestSession) -> Any:
    """The next message but those that come in their own time."""
    while True:
        message = socket.receive_json()
        if message["type"] not in NOW_AND_THEN:
            return message


def test_what_opening_a_room_answers_is_what_is_shown(serve: Serve) -> None:
    client: TestClient = serve(database=":memory:")
    made = client.post("/api/v1/rooms", json={"lesson": "lecture-lstm"}).json()
    (shown,) = (b.text for b in blocks(DOCUMENT) if '"join_url"' in b.text)
    assert list(json.loads(shown)) == list(made)


def test_the_schema_is_that_of_the_messages() -> None:
    (schema,) = (block.text for block in blocks(DOCUMENT) if block.language == "json")
    assert json.loads(schema) == answers.schema()


def test_every_message_and_every_code_is_described() -> None:
    said = text(DOCUMENT).partition("\n## Schema\n")[0]
    named = set(re.findall(r'"type": "([a-z.]+)"', said))
    assert named == set(messages.BY_NAME) | {messages.name(kind) for kind in answers.SERVER}
    codes = set(re.findall(r"^\| `([a-z_]+)` \|", said, re.MULTILINE))
    assert codes == set(CODES)


def test_every_reference_within_the_schema_leads_somewhere() -> None:
    check_references(answers.schema())
