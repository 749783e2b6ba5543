"""What the documents take from the program is what the program says today."""

from __future__ import annotations

import pytest

from scripts.documents import primitives, with_table
from scripts.pictures import PICTURES
from tests.docs.blocks import ROOT, text
from unrolled.engine.operations import FUNCTIONS

RENEW = "run `python scripts/documents.py`"


def test_the_table_of_primitives_is_that_of_the_operations() -> None:
    document = text("docs/cells.md")
    assert document == with_table(document), RENEW
    assert [name for name in FUNCTIONS if f"| `{name}(" not in primitives()] == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_drawing_is_as_it_would_be_drawn_today(name: str) -> None:
    assert (ROOT / "docs" / "images" / name).read_text("utf-8") == PICTURES[name]().text(), RENEW


def test_a_drawing_can_be_read_aloud() -> None:
    for draw in PICTURES.values():
        assert f"<title>{draw().words}</title>" in draw().text()
