"""The panels beside the picture, as a reader opens them."""

import base64
import json
import zlib
from typing import Any

from playwright.sync_api import Locator, Page, expect

LEARNS: dict[str, Any] = {
    "version": 1,
    "network": {
        "layers": [{"cell": "elman", "units": 2}],
        "readout": {"outputs": 1, "activation": "identity"},
        "shape": "many-to-many",
    },
    "inputs": [[1], [0], [0], [1]],
    "targets": [[0], [1], [0], [0]],
    "loss": "squared_error",
    "seed": 1,
}
"""A network that tells of the step before, before it has learned to."""


def fragment(scene: dict[str, Any], **state: Any) -> str:
    """A link's fragment that opens a scene of one's own."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = json.dumps({"scene": scene, **state}).encode()
    packed = packer.compress(text) + packer.flush()
    return "#1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def open_panel(page: Page, name: str) -> Locator:
    """Open a panel by its button; its heading has the focus then."""
    page.locator(f'.tool[data-panel="{name}"]').click()
    panel = page.locator(f"#{name}")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    return panel


def drawn(page: Page) -> None:
    """Wait until the chart that was asked for stands."""
    expect(page.locator("#charts .chart-picture .main-svg").first).to_be_visible(timeout=30_000)
    expect(page.locator("#charts")).not_to_have_attribute("aria-busy", "true", timeout=30_000)
