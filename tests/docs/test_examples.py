"""Every example of the documents runs and gives what is shown."""

from __future__ import annotations

import json
import tomllib

import pytest

from tests.docs.blocks import Block, blocks, documents
from tests.docs.running import Runner

# CONTRIBUTING changes the program itself: test_walkthroughs.py runs it in a copy.
ELSEWHERE = {"CONTRIBUTING.md"}
# A block without a language is shown and neither run nor compared.
LANGUAGES = {"", "console", "html", "json", "python", "sh", "text", "toml"}


def every_block() -> list[Block]:
    return [block for document in documents() for block in blocks(document)]


@pytest.mark.parametrize("document", [d for d in documents() if d not in ELSEWHERE])
def test_the_examples_of_a_document_give_what_it_shows(document: str, runner: Runner) -> None:
    for block in blocks(document):
        runner.run(block)


def test_every_block_is_of_a_kind_the_tests_know() -> None:
    unknown = [b.place for b in every_block() if b.language not in LANGUAGES]
    assert unknown == []


def test_what_is_shown_as_json_or_toml_is_well_formed() -> None:
    for block in every_block():
        if block.language in ("json", "toml"):
            (json.loads if block.language == "json" else tomllib.loads)(block.text)


def test_a_document_that_shows_something_wrong_is_found_out(runner: Runner) -> None:
    ask = Block("x.md", 1, "sh", "", "curl -s http://127.0.0.1:8000/healthz\n")
    for shown, fits in (('{"status": "ok"}', True), ('{"status": "well"}', False), ("{}", False)):
        runner.run(ask)
        answer = Block("x.md", 4, "json", "", shown)
        if fits:
            runner.run(answer)
        else:
            with pytest.raises(AssertionError, match="status"):
                runner.run(answer)


def test_a_command_that_prints_something_else_or_fails_is_found_out(runner: Runner) -> None:
    for text in ("$ echo one\ntwo\n", "$ echo one\n", "$ exit 3\n"):
        with pytest.raises(AssertionError, match="came with status"):
            runner.run(Block("x.md", 1, "console", "", text))
    runner.run(Block("x.md", 1, "console", "", "$ echo one; exit 3\no…\n$ echo $?\n3\n"))
