"""The text to paste, in documents as tools build them: MkDocs, Sphinx with MyST, reveal.js."""

from __future__ import annotations

import json
import mimetypes
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Route, expect

from tests.e2e.conftest import OpenPage, Snippet

ROOT = Path(__file__).resolve().parents[2]
REVEAL = ROOT / "node_modules" / "reveal.js" / "dist"


def build(*command: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def shown(open_page: OpenPage, folder: Path, first: str) -> FrameLocator:
    """The frame in a built document, whose files are served beside the player."""

    def answer(route: Route) -> None:
        file = folder / route.request.url.split("/course/", 1)[1].split("?")[0]
        if not file.is_file():
            route.fulfill(status=204)
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    page = open_page(viewport={"width": 1200, "height": 800})
    page.route("**/course/**", answer)
    page.goto(f"/course/{first}", wait_until="commit")
    return page.frame_locator('iframe[title^="One LSTM cell"]')


def steps(frame: FrameLocator) -> None:
    expect(frame.locator("html")).to_have_attribute("data-ready", "true", timeout=20_000)
    expect(frame.locator("#narration .eyebrow")).to_have_text("Step 3 of 5")
    frame.locator('[data-control="next"]').press("Enter")
    expect(frame.locator("#narration .eyebrow")).to_have_text("Step 4 of 5")


def test_mkdocs(open_page: OpenPage, snippet: Snippet, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(f"# A course\n\n{snippet('mkdocs')}\n", "utf-8")
    theme = "theme: {name: mkdocs, highlightjs: false}"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: A course\n{theme}\n", "utf-8")
    build("mkdocs", "build", "--quiet", folder=tmp_path)
    steps(shown(open_page, tmp_path / "site", "index.html"))


@pytest.mark.parametrize(("kind", "name"), [("myst", "index.md"), ("sphinx", "index.rst")])
def test_sphinx_and_jupyter_book(
    open_page: OpenPage, snippet: Snippet, tmp_path: Path, kind: str, name: str
) -> None:
    title = "# A course" if kind == "myst" else "A course\n========"
    (tmp_path / name).write_text(f"{title}\n\n{snippet(kind)}\n", "utf-8")
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser"]\n', "utf-8")
    build("sphinx", "-q", ".", "built", folder=tmp_path)
    steps(shown(open_page, tmp_path / "built", "index.html"))


@pytest.mark.skipif(not REVEAL.exists(), reason="reveal.js is not installed: npm ci")
def test_reveal(open_page: OpenPage, snippet: Snippet, tmp_path: Path) -> None:
    for name in ("reveal.js", "reveal.css"):
        (tmp_path / name).write_bytes((REVEAL / name).read_bytes())
    slides = snippet("reveal")
    (tmp_path / "index.html").write_text(
        f"""<!doctype html><title>A course</title><link rel="stylesheet" href="reveal.css">
<div class="reveal"><div class="slides">{slides}</div></div>
<script src="reveal.js"></script>
<script>Reveal.initialize({json.dumps({"transition": "none"})});</script>""",
        "utf-8",
    )
    steps(shown(open_page, tmp_path, "index.html"))
