"""Charts beside the picture: drawn when opened, tied to the cursor, said in words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.drawer import LEARNS, drawn, fragment, open_panel
from tests.e2e.walk import fits, open_lesson, press

THEMES = ("light", "dark", "projector")
Axe = Callable[[Page], None]


def shapes(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(
        "document.querySelector('#charts .chart-picture').layout.shapes ?? []"
    )
    return found


def test_plotly_is_not_loaded_before_a_chart_is_opened(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "plotly" in url or "charts" in url]
    open_panel(page, "charts")
    drawn(page)
    assert [url for url in asked if "plotly.min.js" in url]


def test_a_chart_says_what_it_shows_and_has_its_numbers_as_a_table(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    panel = open_panel(page, "charts")
    drawn(page)
    picture = panel.get_by_role("img", name="Gates and states over time")
    expect(picture).to_be_visible()
    expect(panel).to_contain_text("Forget gate f is lowest at step 5")
    panel.get_by_text("The numbers of this chart").click()
    rows = panel.get_by_role("row")
    expect(rows).to_have_count(6)
    expect(rows.nth(3)).to_have_attribute("aria-current", "step")
    expect(rows.nth(1)).to_contain_text("0.000045397868702434395")


def test_the_chart_follows_the_cursor_and_leads_to_a_step(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    panel = open_panel(page, "charts")
    drawn(page)
    assert [shape["x0"] for shape in shapes(page)] == [3]
    press(page, "ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('#charts .chart-picture').layout.shapes?.[0]?.x0 === 4"
    )
    panel.locator(".chart-picture .points path").first.hover(force=True)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 1 of 5")
    panel.get_by_text("The numbers of this chart").click()
    panel.get_by_role("button", name="Go to step 5").click()
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 5 of 5")


def test_the_selected_value_stands_out(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3&node=c[0]")
    open_panel(page, "charts")
    drawn(page)
    found = page.evaluate(
        "Object.fromEntries(document.querySelector('#charts .chart-picture').data"
        ".map((line) => [line.name, line.opacity]))"
    )
    assert found["Memory c"] == 1
    assert found["Forget gate f"] < 1


def test_what_is_pointed_at_stands_out_in_the_chart(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    open_panel(page, "charts")
    drawn(page)
    page.locator('#equations .equation[data-name="f"]').hover()
    page.wait_for_function(
        "() => document.querySelector('.chart-picture').data.map((line) => line.opacity < 1)"
        ".join() === 'false,true,true,true,true'"
    )


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("gradient_norms", "How far the gradient reaches"),
        ("jacobians", "How strongly a step acts on later ones"),
        ("bptt", "What each pair of steps adds to the gradient of layers.0.forward.U_h"),
        ("surface", "The loss over two weights"),
    ],
)
def test_every_kind_that_makes_sense_is_drawn(page: Page, kind: str, title: str) -> None:
    open_lesson(page, f"/lessons/lecture-rnn{fragment(LEARNS)}")
    panel = open_panel(page, "charts")
    panel.locator("[data-field=kind]").select_option(kind)
    expect(panel.get_by_role("img", name=title)).to_be_visible(timeout=30_000)
    expect(panel.get_by_role("status")).to_have_text(title)
    drawn(page)


def test_choices_of_a_chart_stay_in_the_link(page: Page) -> None:
    open_lesson(page, f"/lessons/lecture-rnn{fragment(LEARNS)}")
    panel = open_panel(page, "charts")
    for field, choice in (("kind", "bptt"), ("parameter", "readout.V")):
        before = page.url
        panel.locator(f"[data-field={field}]").select_option(choice)
        expect(page).not_to_have_url(before)
    page.reload()
    page.wait_for_selector("#strip .column")
    again = open_panel(page, "charts")
    expect(again.get_by_label("Parameter")).to_have_value("readout.V")


def test_language_and_light_change_the_chart_too(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3&theme=light")
    panel = open_panel(page, "charts")
    drawn(page)
    page.get_by_role("button", name="中文").click()
    expect(panel.get_by_role("img", name="各步的门与状态")).to_be_visible(timeout=30_000)
    expect(panel.get_by_role("heading", name="图表")).to_be_visible()
    page.locator("#settings select").nth(1).select_option("dark")
    page.wait_for_function(
        "() => document.querySelector('.chart-picture').layout.paper_bgcolor === '#1a1f26'"
    )


def test_a_chart_that_cannot_be_drawn_says_why_and_the_page_goes_on(
    page: Page, problems: list[str]
) -> None:
    page.route("**/api/v1/figures", lambda route: route.abort())
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    panel = open_panel(page, "charts")
    expect(panel.get_by_role("status")).to_contain_text("could not be drawn", timeout=30_000)
    press(page, "ArrowRight")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 4 of 5")
    problems.clear()


def test_closing_gives_the_focus_back(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    panel = open_panel(page, "charts")
    panel.get_by_role("button", name="Close the charts").click()
    expect(panel).to_be_hidden()
    expect(page.locator('.tool[data-panel="charts"]')).to_be_focused()


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_runs_out_of_the_page_with_a_chart_open(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    open_lesson(page, "/lessons/lecture-rnn?theme=projector&t=2")
    panel = open_panel(page, "charts")
    drawn(page)
    assert fits(page)
    panel.locator("[data-field=kind]").select_option("jacobians")
    expect(panel.get_by_role("img", name="How strongly")).to_be_visible(timeout=30_000)
    drawn(page)
    assert fits(page)
    inside = page.evaluate(
        """() => {
          const box = document.querySelector('#charts').getBoundingClientRect();
          const svg = document.querySelector('.chart-picture .main-svg').getBoundingClientRect();
          return svg.left >= box.left - 0.5 && svg.right <= box.right + 0.5;
        }"""
    )
    assert inside


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_with_a_chart_open(page: Page, axe: Axe, theme: str) -> None:
    open_lesson(page, f"/lessons/lecture-lstm?theme={theme}&t=3")
    panel = open_panel(page, "charts")
    drawn(page)
    panel.get_by_text("The numbers of this chart").click()
    axe(page)
