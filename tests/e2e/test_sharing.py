"""Taking things along: a link, the picture, the numbers, the scene."""

import json
from collections.abc import Callable
from math import cos, sin
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits, open_lesson, values

LESSON = "/lessons/lecture-lstm?t=3"


def open_share(page: Page, path: str = LESSON) -> Page:
    """A page with its dialog open that hands things out."""
    open_lesson(page, path)
    page.locator("[data-share]").click()
    page.locator("#share[open]").wait_for()
    return page


def saved(page: Page, button: str, folder: Path) -> Path:
    """The file that a button of the dialog hands out."""
    with page.expect_download() as asked:
        page.locator("#share").get_by_role("button", name=button, exact=True).click()
    path = folder / asked.value.suggested_filename
    asked.value.save_as(path)
    return path


def test_a_copied_link_opens_the_same_moment(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    open_lesson(page, LESSON)
    page.keyboard.press("ArrowRight")
    page.locator("[data-share]").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#share")).to_contain_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    other = open_lesson(open_page(), link)
    expect(other.locator("#transport .counter")).to_have_text("4 / 5")
    assert values(other, "c") == values(page, "c")


def test_the_picture_stands_by_itself_without_the_page_s_styles(page: Page, tmp_path: Path) -> None:
    open_share(page)
    path = saved(page, "SVG", tmp_path)
    assert path.name == "lecture-lstm-3.svg"
    text = path.read_text("utf-8")
    assert "var(" not in text
    assert "color-mix" not in text
    root = ElementTree.fromstring(text)
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    image = saved(page, "PNG", tmp_path).read_bytes()
    assert image.startswith(b"\x89PNG")


def test_numbers_and_scene_are_files(page: Page, tmp_path: Path) -> None:
    open_share(page)
    header, *rows = saved(page, "csv", tmp_path).read_text().splitlines()
    assert header.startswith("t,layers.0.forward.z_f[0]")
    assert len(rows) == 5
    trace = json.loads(saved(page, "json", tmp_path).read_bytes())
    assert trace["steps"] == 5
    scene = json.loads(saved(page, "JSON", tmp_path).read_bytes())
    assert scene["inputs"][0] == [3, 1, 0]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_the_dialog_is_accessible_fits_a_phone_and_gives_the_keyboard_back(
    open_page: OpenPage, axe: Callable[[Page], None], language: str, theme: str
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    open_share(page, f"{LESSON}&lang={language}&theme={theme}")
    assert fits(page)
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-share]")).to_be_focused()


def test_a_scene_too_long_for_an_address_is_stored_and_its_link_opens_it(
    open_page: OpenPage,
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    open_lesson(page, LESSON)
    page.locator(".tool[data-panel=edit]").click()
    page.get_by_text("Paste a table").click()
    rows = "\n".join(f"{sin(n)}\t{sin(n + 0.5)}\t{cos(n)}" for n in range(400))
    page.locator("[data-field='inputs.table']").fill(rows)
    page.get_by_role("button", name="Put it in place of the inputs").click()
    expect(page.locator("#transport .counter")).to_have_text("3 / 400")
    page.locator("[data-share]").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#share")).to_contain_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert len(link) < 1000
    other = open_lesson(open_page(), link)
    expect(other.locator("#transport .counter")).to_have_text("3 / 400")
    assert values(other, "c") == values(page, "c")
