"""CONTRIBUTING, followed to the letter in a copy of the program."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks
from tests.docs.running import SERVER, Request, Runner

ASK = f"""
import json, sys
from starlette.testclient import TestClient
from unrolled.web.app import create_app
with TestClient(create_app(), base_url={SERVER!r}) as client:
    sys.stdout.buffer.write(client.request(**json.load(sys.stdin)).content)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Runner:
    """A runner whose `unrolled`, and whose server, is a copy of the program."""
    for folder in ("server", "static", "templates"):
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=skipped)
    environment = {"PYTHONPATH": str(tmp_path / "server"), "PYTHONDONTWRITEBYTECODE": "1"}

    def ask(request: Request) -> str:
        done = subprocess.run(
            [sys.executable, "-c", ASK], input=json.dumps(request), env=environment,
            cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return Runner(tmp_path, ask, environment)


def follow(runner: Runner, block: Block) -> None:
    """A block `in` a file is one more row of the table that stands there."""
    if not block.title.startswith("in "):
        runner.run(block)
        return
    file = runner.folder / block.title.removeprefix("in ")
    head, opening, rest = file.read_text("utf-8").partition("_ROWS = (\n")
    assert opening, f"{block.place}: {file.name} has no table of rows"
    file.write_text(head + opening + block.text + rest, "utf-8")


def test_the_copy_is_what_runs(copy: Runner) -> None:
    shown = f"{copy.folder}/server/unrolled/__init__.py"
    where = "$ python -c 'import unrolled; print(unrolled.__file__)'"
    copy.run(Block("x.md", 1, "console", "", f"{where}\n{shown}\n"))


def test_contributing_can_be_followed(copy: Runner) -> None:
    written = blocks("CONTRIBUTING.md")
    assert {b.language for b in written} >= {"toml", "json", "console", "sh", "python"}
    for block in written:
        follow(copy, block)


def test_nothing_of_the_walkthrough_is_there_already() -> None:
    for block in blocks("CONTRIBUTING.md"):
        if block.title and not block.title.startswith("in "):
            assert not (ROOT / block.title).exists(), block.place
