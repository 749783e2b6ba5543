"""The page for everybody: keyboard, small screens, large ones, less motion, axe in every light."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits, open_lesson, press, values

LESSONS = ("/lessons/lecture-rnn", "/lessons/lecture-lstm")
THEMES = ("light", "dark", "projector")
Axe = Callable[[Page], None]


def test_the_whole_walk_by_keyboard_alone(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "PageDown")
    press(page, " ")
    assert values(page, "c") == ["7"]
    press(page, "PageUp")
    assert values(page, "c") == ["3"]
    press(page, "End")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 5 of 5")
    press(page, "Home")
    assert values(page, "c") == ["?"]


def test_keyboard_opens_and_closes_arithmetic_and_keeps_its_place(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    button = page.locator('#equations [data-address="layers.0.forward.f[0]"]')
    button.focus()
    press(page, "Enter")
    expect(page.locator(".arithmetic .apply")).to_be_visible()
    expect(button).to_be_focused()
    press(page, "Escape")
    expect(page.locator(".arithmetic")).to_have_count(0)


def test_the_diagram_gives_the_focus_to_the_arithmetic_and_gets_it_back(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    gate = page.locator('#cell [aria-label^="the input gate"]').first
    gate.focus()
    press(page, "Enter")
    expect(page.locator(".arithmetic")).to_be_focused()
    press(page, "Escape")
    expect(gate).to_be_focused()


def test_tab_reaches_everything_in_reading_order(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    regions: list[str] = []
    for _ in range(70):
        press(page, "Tab")
        region = page.evaluate(
            """() => document.activeElement.closest(
                 '#settings, #narration, #question, #strip, #cell, #equations, #table, #transport'
               )?.id ?? ''"""
        )
        if region and region not in regions:
            regions.append(region)
    assert regions == [
        "settings", "narration", "question", "strip", "cell", "equations", "table", "transport",
    ]  # fmt: skip


def test_help_shows_the_keys_and_single_ones_can_be_turned_off(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Page Down")
    dialog.get_by_label("Single letters act as keys").uncheck()
    press(page, "Escape")
    press(page, "p")
    press(page, "?")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-control=play]")).to_have_attribute("aria-label", "Play")
    press(page, "ArrowRight")
    assert values(page, "c") == ["3"]
    page.reload()
    page.wait_for_selector("html[data-ready]")
    press(page, "?")
    expect(dialog).to_be_hidden()


def test_keys_do_nothing_while_one_types(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    field = page.get_by_label("Your prediction")
    field.focus()
    page.keyboard.type("7 p?")
    press(page, "ArrowLeft")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 3 of 5")
    expect(field).to_have_value("7 p?")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 768, 1440, 3840])
def test_nothing_runs_out_of_the_page(open_page: OpenPage, width: int, theme: str) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    for lesson in LESSONS:
        open_lesson(page, f"{lesson}?theme={theme}&lang=en&t=2")
        assert fits(page), lesson
        page.locator("#equations .number").first.click()
        page.wait_for_selector(".arithmetic .terms")
        assert fits(page), lesson
    page.goto("/")
    assert fits(page)


@pytest.mark.parametrize(("theme", "least"), [("light", 14), ("projector", 18)])
@pytest.mark.parametrize("width", [320, 1440])
def test_numbers_are_large_enough(open_page: OpenPage, width: int, theme: str, least: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    open_lesson(page, f"/lessons/lecture-lstm?theme={theme}&t=3")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('#strip .cell, #equations .exact, #equations .near,'
             + '#table td *, .counter, #cell .dg-number')]
             .filter((each) => each.textContent.trim())
             .map((each) => {
               const svg = each.closest('svg');
               const zoom = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
               return parseFloat(getComputedStyle(each).fontSize) * zoom;
             })"""
    )
    assert len(sizes) > 20
    assert min(sizes) >= least - 0.05


def test_fingers_find_their_targets(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.control, .pass, .pill, select, .number, .commit')]
             .map((each) => [each.getBoundingClientRect(), each.outerHTML.slice(0, 80)])
             .filter(([box]) => box.width > 0 && (box.width < 43.9 || box.height < 43.9))
             .map(([box, html]) => html + box.width + 'x' + box.height)"""
    )
    assert small == []


def test_on_a_phone_the_order_is_the_reading_order(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    tops = page.evaluate(
        "['narration','strip','cell','equations','table']"
        ".map((id) => document.getElementById(id).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    expect(page.locator("#transport")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_axe_finds_nothing(page: Page, axe: Axe, lesson: str, theme: str) -> None:
    open_lesson(page, f"{lesson}?theme={theme}")
    axe(page)
    press(page, "ArrowRight", 2)
    axe(page)
    page.locator("#equations .number").last.click()
    page.wait_for_selector(".arithmetic .worked")
    axe(page)
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_going_backward(page: Page, axe: Axe, theme: str) -> None:
    open_lesson(page, f"/lessons/lecture-lstm?theme={theme}&lang=zh&pass=backward&t=4")
    expect(page.locator("#equations .exact").first).not_to_have_text("?")
    axe(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_elsewhere(page: Page, axe: Axe, theme: str) -> None:
    page.goto(f"/?theme={theme}")
    axe(page)
    open_lesson(page, f"/embed/lecture-lstm?theme={theme}&t=2")
    axe(page)


def test_motion_stays_away_where_it_is_not_wanted(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "ArrowRight", 2)
    assert page.evaluate("document.getAnimations().length") == 0
    assert values(page, "c") == ["7"]


def test_values_flow_along_the_lines_when_stepping(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "ArrowRight")
    moving = page.evaluate(
        "document.getAnimations().filter((each) => each.effect.target.closest('#cell')).length"
    )
    assert moving > 0


@pytest.mark.parametrize("place", ["lessons", "embed"])
def test_the_first_load_is_light(open_page: OpenPage, place: str) -> None:
    page = open_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(sum(
        request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize")
    )))  # fmt: skip
    open_lesson(page, f"/{place}/lecture-lstm")
    page.wait_for_load_state("networkidle")
    assert len(sizes) <= 30
    assert sum(sizes) <= 100_000


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "height"), [(320, 700), (1024, 768)])
def test_axe_finds_nothing_from_question_to_answer_and_back(
    open_page: OpenPage, axe: Axe, width: int, height: int, lang: str
) -> None:
    page = open_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    open_lesson(page, f"/lessons/lecture-lstm?theme=projector&lang={lang}&t=3")
    page.locator("#question input").fill("7")
    page.locator("#question .commit").click()
    axe(page)
    press(page, "ArrowRight")
    expect(page.locator('#strip [data-step="3"]')).to_have_attribute("aria-current", "step")
    axe(page)
    page.locator('#equations [data-address="layers.0.forward.f[0]"]').click()
    page.wait_for_selector(".arithmetic .curve")
    axe(page)
    page.locator(".pass").last.click()
    expect(page.locator("#equations mfrac").first).to_be_visible()
    axe(page)
