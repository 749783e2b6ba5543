"""Every link between documents leads somewhere, and every picture is shown."""

from __future__ import annotations

import pytest

from tests.docs.blocks import ROOT, anchors, documents, links


@pytest.mark.parametrize("document", documents())
def test_links_lead_to_what_exists(document: str) -> None:
    for target in links(document):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / document).parent / path if path else ROOT / document
        assert found.exists(), f"{document} links to {target}"
        assert found.resolve().is_relative_to(ROOT), f"{document} links outside: {target}"
        if anchor:
            inside = anchors(found.resolve().relative_to(ROOT).as_posix())
            assert anchor in inside, f"{document} links to {target}; there are {sorted(inside)}"


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, pending = set[str](), ["README.md"]
    while pending:
        document = pending.pop()
        if document in reached:
            continue
        reached.add(document)
        for target in links(document):
            path = target.partition("#")[0]
            if path.endswith(".md") and "://" not in path:
                found = ((ROOT / document).parent / path).resolve()
                pending.append(found.relative_to(ROOT).as_posix())
    assert sorted(set(documents()) - reached) == []


def test_every_picture_is_shown_in_a_document() -> None:
    kept = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    shown = {target.rpartition("/")[2] for each in documents() for target in links(each)}
    assert kept - shown == set()
