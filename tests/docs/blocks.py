"""The documents as data: their fenced blocks, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w-]*) *(?P<title>.*)$")
_HEADING = re.compile(r"^(#{1,6}) +(.*)$")
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)|(?:src|href)=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block; `title` is what stands behind the language, e.g. a file's name."""

    document: str
    line: int
    language: str
    title: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.document}:{self.line}"


def documents() -> list[str]:
    """Every document, by its path in the repository."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def text(document: str) -> str:
    """A document's text."""
    return (ROOT / document).read_text("utf-8")


def blocks(document: str) -> list[Block]:
    """The fenced blocks of a document, from its top."""
    return [item for item in _parts(document) if isinstance(item, Block)]


def prose(document: str) -> str:
    """What stands outside fenced blocks."""
    return "\n".join(item for item in _parts(document) if isinstance(item, str))


def anchors(document: str) -> set[str]:
    """What a link may point to within a document: its headings as anchors."""
    found = (_HEADING.match(line) for line in prose(document).splitlines())
    return {_anchor(match[2]) for match in found if match}


def links(document: str) -> list[str]:
    """Targets of links and pictures, outside fenced blocks and code."""
    spoken = re.sub(r"`[^`\n]*`", "``", prose(document))
    return [match[1] or match[2] for match in _LINK.finditer(spoken)]


def _anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
    return plain.strip().replace(" ", "-")


def _parts(document: str) -> Iterator[Block | str]:
    fence: re.Match[str] | None = None
    held: list[str] = []
    begin = 0
    for number, line in enumerate(text(document).splitlines(), start=1):
        match = _FENCE.match(line)
        if fence is None and match:
            fence, held, begin = match, [], number
        elif fence is not None and line.strip() == fence["ticks"]:
            indent = len(fence["indent"])
            body = "\n".join(each[indent:] for each in held) + "\n"
            yield Block(document, begin, fence["language"], fence["title"], body)
            fence = None
        elif fence is not None:
            held.append(line)
        else:
            yield line
    assert fence is None, f"{document}:{begin}: a block that never ends"
