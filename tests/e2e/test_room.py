"""All of a step in sight at once where there is room: projectors, a laptop, an old projector."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import open_lesson, press

ROOMS = [
    (1920, 1080, "projector"),
    (1366, 768, "light"),
    (1024, 768, "projector"),
    (1024, 640, "light"),
]
PATHS = ("/lessons/lecture-rnn", "/lessons/lecture-lstm", "/embed/lecture-lstm")


def boxes(page: Page) -> Any:
    """Where the parts of a step end, and where the transport begins."""
    return page.evaluate(
        """() => {
          const box = (which) => document.querySelector(which).getBoundingClientRect();
          return {
            scrolls: document.scrollingElement.scrollHeight > innerHeight,
            ends: ['#narration', '#strip', '#cell', '#equations'].map((id) => box(id).bottom),
            top: box('#transport').top,
            drawing: [box('#cell .dg').bottom, box('#cell').bottom],
          };
        }"""
    )


@pytest.mark.parametrize(("width", "height", "theme"), ROOMS[:3])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_step_is_in_sight_without_scrolling(
    open_page: OpenPage, path: str, width: int, height: int, theme: str, lang: str
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    open_lesson(page, f"{path}?theme={theme}&t=3&lang={lang}")
    page.wait_for_selector("#equations .in-place span", state="attached")
    seen = boxes(page)
    assert not seen["scrolls"]
    assert max(seen["ends"]) <= seen["top"] + 0.5
    assert seen["drawing"][0] <= seen["drawing"][1] + 0.5


@pytest.mark.parametrize(("width", "height", "theme"), ROOMS)
def test_every_choice_of_a_question_can_be_reached(
    open_page: OpenPage, width: int, height: int, theme: str
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    open_lesson(page, f"/lessons/lecture-lstm?theme={theme}&t=3")
    question = page.locator("#question")
    expect(question).to_be_in_viewport(ratio=1)
    question.get_by_role("button", name="Commit").click(trial=True)


def test_a_line_shows_its_products_and_its_number_gives_their_sum(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    line = page.locator('#equations .equation[data-name="z_f"] .line')
    expect(line.locator(".in-place")).to_have_text("0·2 + 100·0 + 0·0 + 10 =")
    expect(line.locator(".exact")).to_have_text("10")
    memory = page.locator('#equations .equation[data-name="c"] .line')
    expect(memory.locator(".in-place")).to_have_text("0.9999546·7 + 0.0000454·2 =")
    press(page, "ArrowRight")
    expect(memory.locator(".in-place")).not_to_have_text("0.9999546·7 + 0.0000454·2 =")


def test_a_line_of_several_units_names_the_one_it_speaks_of(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=3&lang=zh")
    line = page.locator('#equations .equation[data-name="z_h"] .in-place')
    expect(line).to_have_text("单元 1：1·2 + 1·2 + 1·6 + 1·6 + 0 = 16")


def test_the_arithmetic_of_an_activation_draws_its_curve(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    page.locator('#equations [data-address="layers.0.forward.f[0]"]').click()
    curve = page.get_by_role("img", name="The curve of σ")
    expect(curve).to_be_visible()
    expect(curve).to_have_accessible_name(
        "The curve of σ with the point of this number: at 10 it is 0.9999546"
    )
