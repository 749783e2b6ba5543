"""Pictures of the running program for the documents: docs/images/*.png.

    python scripts/screenshots.py [FOLDER]

Starts a server on a free port, opens the lecture's LSTM at its third step in Chromium, and writes
the pictures. Run it again when the page has changed.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update"]  # fmt: skip
START_SECONDS = 30.0
LEARNS: dict[str, Any] = {
    "version": 1,
    "network": {"layers": [{"cell": "elman", "units": 2}], "readout": {"outputs": 1}},
    "inputs": [[1], [0], [0], [1]], "targets": [[0], [1], [0], [0]], "loss": "squared_error",
    "seed": 1,
}  # fmt: skip
"""A network that is to tell of the step before."""


@contextmanager
def server() -> Iterator[str]:
    """A server on a free port; its address."""
    command = [str(Path(sys.executable).parent / "unrolled"), "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().rpartition(" ")[2].strip()
        if not address.startswith("http://"):
            raise SystemExit(f"the server did not start: {address or 'it said nothing'}")
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
            return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise SystemExit(f"nothing answers at {address}") from None
            time.sleep(0.05)


@contextmanager
def chromium(address: str, scale: float) -> Iterator[Page]:
    """A page of a desktop's size, light, still, in English."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*sandbox, *ARGUMENTS]
        )
        context = browser.new_context(
            base_url=address, locale="en-US", reduced_motion="reduce", color_scheme="light",
            viewport={"width": 1440, "height": 900}, device_scale_factor=scale,
        )  # fmt: skip
        yield context.new_page()
        browser.close()


def take(page: Page, folder: Path) -> None:
    """The player; the cell alone, forwards and backwards; inside a step; editing; attention."""
    page.goto("/lessons/lecture-lstm?t=3&theme=light")
    page.locator("#equations").get_by_text("6.99977").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "player.png")
    page.locator("#cell").screenshot(path=folder / "cell.png")
    page.goto("/lessons/lecture-lstm?t=3&theme=light&pass=backward")
    page.locator("#equations").get_by_text("6.99977").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("#cell").screenshot(path=folder / "backward.png")
    page.goto("/lessons/lecture-lstm?t=3&theme=light")
    page.locator(".tool[data-panel=edit]").click()
    page.locator("[data-section=weights]").click()
    page.get_by_role("spinbutton", name="W_g, row 1, column 1").fill("2")
    page.locator("#equations").get_by_text("13.99955").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "editing.png")
    page.goto("/lessons/lecture-lstm?t=2&theme=light&level=operation")
    for number in (1, 2, 3):
        page.locator("[data-control=next]").click()
        page.get_by_text(f"Operation {number} of 6").wait_for()
    page.screenshot(path=folder / "inside.png")
    page.goto("/lessons/attention?t=2&theme=light")
    page.locator("#strip .ribbons").wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("#strip").screenshot(path=folder / "attention.png")


def panels(page: Page, folder: Path) -> None:
    """Charts beside the lecture's LSTM; a small network after thirty updates of its training."""
    page.goto("/lessons/lecture-lstm?t=3&theme=light")
    page.locator(".tool[data-panel=charts]").click()
    page.locator("#charts .chart-picture .points").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "charts.png")
    page.goto(f"/lessons/lecture-rnn?theme=light{link(LEARNS, t=1)}")
    page.locator(".tool[data-panel=training]").click()
    for update in range(1, 31):
        page.locator("[data-action=once]").click()
        page.locator("#training dd").first.get_by_text(str(update), exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "training.png")


def link(scene: dict[str, Any], t: int) -> str:
    """The fragment that opens a scene of one's own at a step."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = json.dumps({"scene": scene, "cursor": {"t": t}}).encode()
    packed = packer.compress(text) + packer.flush()
    return "#1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def main() -> None:
    """Write the pictures into the folder given, docs/images by default."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with server() as address, chromium(address, scale=1.5) as page:
        take(page, folder)
        panels(page, folder)
    for picture in sorted(folder.glob("*.png")):
        print(f"{picture}: {picture.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
