"""The exported file, opened from a disk with the network off."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OpenPage
from unrolled import cli


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("exported") / "lstm.html"
    assert cli.run(["export", "lecture-lstm", "-o", str(place)]) == 0
    return place


def opened(open_page: OpenPage, file: Path, fragment: str = "", **context: Any) -> Page:
    page = open_page(
        offline=True, base_url=None, viewport={"width": 1280, "height": 800}, **context
    )
    page.goto(file.as_uri() + fragment)
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    return page


def test_it_steps_both_ways(open_page: OpenPage, file: Path) -> None:
    page = opened(open_page, file)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    memory = page.locator('#equations [data-address="layers.0.forward.c[0]"] .exact').first
    expect(memory).to_have_text("6.99977")
    page.keyboard.press("ArrowLeft")
    expect(memory).to_have_text("7")
    page.get_by_role("button", name="Backward").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 5 of 5")


def test_every_number_opens_its_arithmetic(open_page: OpenPage, file: Path) -> None:
    page = opened(open_page, file)
    page.keyboard.press("End")
    page.locator('#equations [data-address="layers.0.forward.z_f[0]"]').first.click()
    expect(page.get_by_role("dialog").or_(page.locator(".arithmetic")).first).to_contain_text("−90")


def test_the_language_changes_and_a_prediction_is_judged(open_page: OpenPage, file: Path) -> None:
    page = opened(open_page, file)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("手算一个 LSTM 单元")


def test_axe_finds_nothing_in_it(open_page: OpenPage, file: Path, axe: Any) -> None:
    page = opened(open_page, file)
    page.keyboard.press("ArrowRight")
    axe(page)


def test_it_fits_a_phone(open_page: OpenPage, file: Path) -> None:
    page = opened(open_page, file)
    page.set_viewport_size({"width": 320, "height": 640})
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_there_is_all_to_read(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    english = page.locator(".scriptless[lang=en]")
    expect(english.locator("h4").last).to_be_visible()
    assert "x3 = 1: say what you know" in english.locator("h4").all_text_contents()
    memory = english.locator("tr").filter(has=page.locator("th", has_text="layers.0.forward.c[0]"))
    assert memory.locator("td").all_text_contents() == ["3", "7", "7", "7", "0"]
    expect(page.locator("#transport")).to_be_hidden()
    context.close()
