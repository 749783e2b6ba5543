"""What a reader does on a lesson's page, and what they read there."""

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
