"""Walking inside a step: by equations, by single operations; the pace of play; the class's eyes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_reading import LINKED
from tests.e2e.walk import column, fits, open_lesson, press, table_row, values

Axe = Callable[[Page], None]
LSTM = "/lessons/lecture-lstm"


def stage(page: Page) -> str:
    """Which value the page says it has come to."""
    return page.locator("#narration .narration-title").inner_text()


def test_equations_come_one_after_another(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=2&level=equation")
    press(page, "ArrowRight")
    assert stage(page) == "The forget gate"
    assert values(page, "f") == ["0.99995"]
    assert values(page, "i") == ["?"]
    assert values(page, "c") == ["?"]
    press(page, "ArrowRight", 4)
    assert stage(page) == "The memory"
    assert values(page, "c") == ["6.99977"]
    assert values(page, "h") == ["?"]
    press(page, "ArrowRight", 2)
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 3 of 5")
    press(page, "ArrowLeft")
    assert values(page, "h") == ["?"]


def test_what_is_to_come_is_nowhere_shown(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=1&level=equation")
    press(page, "ArrowRight")
    assert column(page, 1, ".role-memory") == ["?"]
    assert column(page, 0, ".role-memory") == ["3"]
    assert table_row(page, 1) == ["4", "1", "0", "?", "?"]
    expect(page.locator("#cell [aria-label='the memory'].dg-ahead").first).to_be_visible()
    expect(page.locator("#cell .dg-present").first).to_have_attribute(
        "aria-label", re.compile("the forget gate: 1")
    )


def test_the_arithmetic_of_the_equation_is_open_and_takes_no_focus(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=2&level=equation")
    button = page.locator("[data-control=next]")
    button.click()
    expect(page.locator('.equation[data-name="f"] .arithmetic .apply')).to_have_text(
        "σ(10) = 0.9999546"
    )
    expect(button).to_be_focused()
    button.click()
    expect(page.locator('.equation[data-name="i"] .arithmetic')).to_be_visible()
    expect(page.locator(".arithmetic")).to_have_count(1)


def test_operations_come_one_after_another(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=2&level=operation")
    rows = page.locator(".terms tbody tr")
    press(page, "ArrowRight")
    expect(rows.nth(0)).to_have_attribute("data-progress", "present")
    expect(rows.nth(0)).to_contain_text("0 · 2 = 0")
    expect(rows.nth(1).locator("td")).to_have_text("?")
    press(page, "ArrowRight")
    expect(rows.nth(1).locator("td")).to_have_text("100 · 0 = 0")
    expect(page.locator(".terms tfoot td")).to_have_text("?")
    press(page, "ArrowRight", 4)
    expect(page.locator(".terms tfoot td")).to_have_text("10")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 3 of 5 · 1 of 11")
    assert values(page, "z_f") == ["10"]
    press(page, "ArrowRight")
    expect(page.locator(".arithmetic .apply")).to_have_text("σ(10) = 0.9999546")
    press(page, "ArrowLeft", 2)
    expect(rows.nth(4)).to_have_attribute("data-progress", "present")
    assert values(page, "z_f") == ["?"]


def test_presses_in_haste_are_all_taken(page: Page) -> None:
    open_lesson(page, f"{LSTM}?level=operation")
    press(page, "ArrowRight", 8)
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 1 of 5 · 3 of 11")


def test_gradients_come_in_the_opposite_order(page: Page) -> None:
    open_lesson(page, f"{LSTM}?pass=backward&level=equation")
    page.wait_for_selector("#strip .column")
    press(page, "ArrowRight")
    assert stage(page) == "The gradient of the hidden value"
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 5 of 5 · 1 of 7")
    press(page, "ArrowRight", 2)
    assert stage(page) == "The gradient of the memory"
    assert values(page, "f") == ["?"]
    press(page, "ArrowRight")
    terms = page.locator(".arithmetic .terms")
    expect(terms.locator("thead")).to_contain_text("Gradient that comes in · local derivative")
    expect(page.locator('.equation[data-name="z_o"] .arithmetic')).to_be_visible()


def test_a_question_waits_for_its_value(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=2")
    page.get_by_role("button", name="Half open").click()
    press(page, "l")
    press(page, "ArrowRight")
    expect(page.locator("#question")).to_contain_text("the engine computes 0.99995")


def test_a_stage_is_said_in_both_languages(page: Page) -> None:
    open_lesson(page, f"{LSTM}?t=4&level=equation")
    press(page, "ArrowRight")
    live = page.locator("#live")
    expect(live).to_have_text("Step 5 of 5, value 1 of 7: the forget gate is closed, 0.")
    page.get_by_role("button", name="中文").click()
    press(page, "ArrowRight")
    expect(live).to_have_text("第 5 步，共 5 步；第 2 个值，共 7 个：输入门关着，0。")


def test_a_link_carries_the_stage(page: Page, open_page: OpenPage) -> None:
    open_lesson(page, f"{LSTM}?t=2&level=operation")
    press(page, "ArrowRight", 2)
    expect(page.locator(".terms tbody tr").nth(1)).to_have_attribute("data-progress", "present")
    page.evaluate(LINKED, "z_f:2")
    other = open_lesson(open_page(viewport={"width": 1280, "height": 800}), page.url)
    expect(other.locator(".terms tbody tr").nth(1)).to_have_attribute("data-progress", "present")
    expect(other.locator("[data-level=operation]")).to_have_attribute("aria-pressed", "true")


def test_the_scrubber_reaches_every_equation(page: Page) -> None:
    open_lesson(page, f"{LSTM}?level=equation")
    scrubber = page.get_by_role("slider", name="Step")
    expect(scrubber).to_have_attribute("max", "35")
    scrubber.fill("12")
    expect(scrubber).to_have_attribute("aria-valuetext", "Step 2 of 5, value 5 of 7")
    assert stage(page) == "The memory"


def test_play_goes_faster_and_begins_again(page: Page) -> None:
    page.clock.install()
    open_lesson(page, LSTM)
    page.get_by_label("How to step").click()
    page.get_by_label("Speed of play").select_option("2")
    page.get_by_role("button", name="Begin again at the end").click()
    press(page, "End")
    press(page, "ArrowLeft")
    page.locator("[data-control=play]").click()
    eyebrow = page.locator("#narration .eyebrow")
    page.clock.run_for(10)
    expect(eyebrow).to_have_text("Step 5 of 5")
    page.clock.run_for(800)
    expect(eyebrow).to_have_text("5 steps ahead")
    page.clock.run_for(800)
    expect(eyebrow).to_have_text("Step 1 of 5")


def test_the_page_can_be_blank_and_comes_back(page: Page) -> None:
    open_lesson(page, LSTM)
    button = page.locator("[data-control=next]")
    button.focus()
    press(page, "b")
    expect(page.locator(".blank")).to_be_visible()
    press(page, "ArrowRight")
    expect(page.locator(".blank")).to_have_count(0)
    expect(button).to_be_focused()
    assert values(page, "c") == ["?"]


@pytest.mark.parametrize(
    ("name", "start"),
    [("LaTeX", "\\begin{aligned}"), ("NumPy", "import numpy"), ("PyTorch", "import torch")],
)
def test_the_equations_can_be_taken_along(open_page: OpenPage, name: str, start: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    open_lesson(page, f"{LSTM}?t=1")
    page.get_by_role("button", name=f"Copy as {name}").click()
    expect(page.get_by_text(f"{name} copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith(start)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("level", ["equation", "operation"])
def test_a_step_on_its_way_is_for_everybody(
    open_page: OpenPage, axe: Axe, theme: str, level: str
) -> None:
    page = open_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    open_lesson(page, f"{LSTM}?t=2&level={level}&theme={theme}")
    press(page, "ArrowRight", 3)
    page.wait_for_selector(".arithmetic .terms")
    axe(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pace_is_chosen_on_a_phone(open_page: OpenPage, axe: Axe, language: str) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    open_lesson(page, f"{LSTM}?t=2&lang={language}")
    opener = page.locator(".pace-opener")
    opener.click()
    page.locator("[data-level=equation]").click()
    assert fits(page)
    axe(page)
    press(page, "Escape")
    expect(opener).to_be_focused()
    press(page, "ArrowRight")
    assert values(page, "f") == ["0.99995"]
    assert fits(page)
