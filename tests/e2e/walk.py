"""What a reader does on a lesson's page, and what they read there."""

import base64
import json
import zlib
from typing import Any

from playwright.sync_api import Page


def open_lesson(page: Page, path: str) -> Page:
    """Open a page of the player and wait until it is alive and its numbers are there."""
    page.goto(path)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("#strip .column")
    return page


def press(page: Page, key: str, times: int = 1) -> None:
    """Press a key of the page several times."""
    for _ in range(times):
        page.keyboard.press(key)


def values(page: Page, name: str, place: str = "layers.0.forward") -> list[str]:
    """The exact numbers that stand beside an equation."""
    found = page.locator(f'#equations [data-address^="{place}.{name}["] .exact')
    return found.all_inner_texts()


def column(page: Page, step: int, row: str) -> list[str]:
    """The numbers of one column of the unrolled picture; `row` is its kind of box."""
    return page.locator(f'#strip [data-step="{step}"] {row} .cell').all_inner_texts()


def table_row(page: Page, step: int) -> list[str]:
    """A row of the table, every number by itself."""
    cells = page.locator(f"#table tbody tr:nth-child({step + 1}) td")
    return " ".join(cells.all_inner_texts()).split()


def fits(page: Page) -> bool:
    """Whether nothing runs out of the page to the side."""
    measured: Any = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return bool(measured)


def link(path: str, scene: dict[str, Any], t: int | None = None, **view: Any) -> str:
    """A link to a page that shows a scene of one's own, as the page itself writes them."""
    state = {"scene": scene, "cursor": {"pass": "forward", "t": t, "node": None}, "view": view}
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = pack.compress(json.dumps(state).encode()) + pack.flush()
    return f"{path}#1." + base64.urlsafe_b64encode(packed).decode().rstrip("=")
