"""Runs the examples of a document, one after the other, as a reader would.

- `console`: lines that start with `$ ` are commands (several lines where a quotation is open or a
  line ends in a backslash), what follows is what they print.
- `sh` with `curl`: asked of the application in this process; a `json` or `text` block that follows
  directly is the answer.
- `python`: executed, with the names of the blocks before it.
- a block with a file's name behind its language is that file, written where the commands run.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.docs.blocks import Block
from tests.docs.comparing import differences, matches

BIN = Path(sys.executable).parent
SERVER = "http://127.0.0.1:8000"


Request = dict[str, Any]
"""Method, url, headers and content, by the names that Starlette's test client gives them."""
Ask = Callable[[Request], str]
"""Asks a server and gives the text of its answer."""


@dataclass
class Runner:
    """Where and with what the examples of one document run."""

    folder: Path
    ask: Ask
    environment: dict[str, str] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    answer: str | None = None

    def run(self, block: Block) -> None:
        """Run one block; an AssertionError tells where the document and the program differ."""
        follows, self.answer = self.answer, None
        if block.title:
            target = self.folder / block.title
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        elif block.language == "console":
            self._session(block)
        elif block.language == "sh" and "curl" in block.text:
            self.answer = self.ask(curl(block.text))
        elif block.language == "python":
            with contextlib.chdir(self.folder):
                exec(compile(block.text, block.place, "exec"), self.names)
        elif follows is not None and block.language == "json":
            wrong = differences(json.loads(block.text), json.loads(follows))
            assert not wrong, f"{block.place}: " + "; ".join(wrong)
        elif follows is not None and block.language == "text":
            assert matches(block.text, follows), f"{block.place}: came\n{follows}"

    def _session(self, block: Block) -> None:
        """Commands one after the other; one may fail only where `echo $?` comes next."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
        environment |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **self.environment}
        asked = [*sessions(block.text), ("", "")]
        status = 0
        for (command, shown), (following, _) in pairwise(asked):
            done = subprocess.run(
                f"(exit {status})\n{command}", shell=True, cwd=self.folder, env=environment,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=120,
            )  # fmt: skip
            status = done.returncode
            told = f"{block.place}: $ {command}\ncame with status {status}:\n{done.stdout}"
            assert matches(shown, done.stdout), told
            assert status == 0 or following == "echo $?", told


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """Commands of a console and what each prints."""
    command: list[str] = []
    printed: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command), "".join(each + "\n" for each in printed)
            command, printed = [line[2:]], []
        elif command and not printed and _open("\n".join(command)):
            command.append(line)
        else:
            printed.append(line)
    assert command, "a console without a command"
    yield "\n".join(command), "".join(each + "\n" for each in printed)


def curl(command: str) -> Request:
    """A curl command as a request, with the options that the documents use."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    assert next(words) == "curl"
    request: Request = {"method": "GET", "url": "", "headers": {}}
    for word in words:
        if word in ("-d", "--data"):
            request |= {"method": "POST", "content": next(words)}
        elif word in ("-H", "--header"):
            name, _, value = next(words).partition(": ")
            request["headers"][name] = value
        elif word in ("-X", "--request"):
            request["method"] = next(words)
        elif word != "-s":
            assert word.startswith(SERVER), f"not an option or address the tests know: {word}"
            request["url"] = word
    return request


def _open(command: str) -> bool:
    """Whether the shell would wait for more: a backslash at the end, or an open quotation."""
    try:
        shlex.split(command)
    except ValueError:
        return True
    return command.endswith("\\")
