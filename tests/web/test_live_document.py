"""docs/live.md: the conversation it shows, the messages, codes and schema it gives."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from tests.docs.blocks import blocks, text
from tests.docs.comparing import differences
from tests.web.schemas import check_references
from unrolled.scenes.live import messages
from unrolled.scenes.live.errors import CODES

DOCUMENT = "docs/live.md"


CONVERSATIONS = [block.text for block in blocks(DOCUMENT) if block.text.startswith("> ")]


CONVERSED = ["stepping", "encoder-decoder", "training", "single updates"]


@pytest.mark.parametrize("shown", CONVERSATIONS, ids=CONVERSED)
def test_a_conversation_goes_as_it_is_shown(client: TestClient, shown: str) -> None:
    with client.websocket_connect("/api/v1/live") as socket:
        for line in shown.splitlines():
            if line.startswith("> "):
                socket.send_text(line[2:])
            else:
                assert differences(json.loads(line[2:]), socket.receive_json()) == [], line


def test_the_schema_is_that_of_the_messages() -> None:
    (schema,) = (block.text for block in blocks(DOCUMENT) if block.language == "json")
    assert json.loads(schema) == messages.schema()


def test_every_message_and_every_code_is_described() -> None:
    said = text(DOCUMENT)
    rows = {
        name
        for cell in re.findall(r"^\| (`[^|]*`) \|", said, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    }
    kinds = {kind.__name__.lower() for kind in messages.CLIENT}
    assert rows == kinds | set(CODES)


def test_every_reference_within_the_schema_leads_somewhere() -> None:
    check_references(messages.schema())
