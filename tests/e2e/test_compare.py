"""Networks side by side on the same steps, with one cursor."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.drawer import LEARNS, fragment, open_panel
from tests.e2e.walk import fits, open_lesson, press

Axe = Callable[[Page], None]


def add(panel: Locator, choice: str) -> None:
    panel.get_by_label("Compare with").select_option(choice)
    panel.get_by_role("button", name="Add").click()


def test_three_networks_step_together(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=1")
    panel = open_panel(page, "compare")
    add(panel, "cell gru")
    expect(panel.get_by_role("heading", name="GRU")).to_be_visible()
    add(panel, "cell lstm")
    expect(panel.get_by_role("heading", name="LSTM")).to_be_visible()
    expect(panel).to_contain_text("Three networks are as many as fit.")
    expect(panel.get_by_role("status")).to_contain_text("Side by side: The lecture's order, GRU")
    expect(panel.locator('.column[aria-current="step"] .step-number')).to_have_text(["1"] * 3)
    press(page, "PageDown")
    expect(panel.locator('.column[aria-current="step"] .step-number')).to_have_text(["2"] * 3)
    panel.locator(".network").nth(1).locator(".column").nth(2).click()
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 3 of 3")


def test_key_numbers_stand_beside_each(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=2")
    panel = open_panel(page, "compare")
    add(panel, "cell lstm")
    networks = panel.locator(".network")
    expect(networks.nth(0)).to_contain_text("12, 12")
    expect(networks.nth(0)).to_contain_text("Weights and biases16")
    expect(networks.nth(1)).to_contain_text("Weights and biases46")


def test_another_scene_of_the_lesson(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=3")
    panel = open_panel(page, "compare")
    add(panel, "scene lecture-rnn/reordered")
    expect(panel.locator(".network").nth(1)).to_contain_text("Another order")


def test_before_and_after_an_edit(page: Page) -> None:
    open_lesson(page, f"/lessons/lecture-rnn{fragment(LEARNS, cursor={'t': 1})}")
    panel = open_panel(page, "compare")
    add(panel, "scene lecture-rnn")
    expect(panel.get_by_role("heading", name="The lecture's order")).to_be_visible()


def test_a_network_is_taken_away_by_name(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=1")
    panel = open_panel(page, "compare")
    add(panel, "cell gru")
    panel.get_by_role("button", name=re.compile("Take GRU.* away")).click()
    expect(panel.locator(".network")).to_have_count(1)
    expect(panel.locator(":focus")).to_have_count(1)


def test_the_comparison_is_in_the_link(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=1")
    panel = open_panel(page, "compare")
    add(panel, "cell gru")
    expect(panel.get_by_role("heading", name="GRU")).to_be_visible()
    expect(page).to_have_url(re.compile("#1[.]"))
    page.reload()
    page.wait_for_selector("#strip .column")
    again = open_panel(page, "compare")
    expect(again.get_by_role("heading", name="GRU")).to_be_visible()


def test_gradients_of_all_in_one_chart(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=1")
    panel = open_panel(page, "compare")
    add(panel, "cell gru")
    expect(panel.get_by_role("heading", name="GRU")).to_be_visible()
    panel.get_by_role("button", name="Chart: how far the gradient reaches").click()
    chart = page.locator("#charts")
    expect(chart.get_by_role("img", name="How far the gradient reaches")).to_be_visible(
        timeout=30_000
    )
    expect(chart).to_contain_text(re.compile("GRU.*: h: the gradient is"))


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_axe_finds_nothing_while_comparing(page: Page, axe: Axe, theme: str) -> None:
    open_lesson(page, f"/lessons/lecture-rnn?t=2&theme={theme}")
    panel = open_panel(page, "compare")
    add(panel, "cell lstm")
    expect(panel.get_by_role("heading", name="LSTM")).to_be_visible()
    axe(page)


def test_nothing_runs_out_of_a_phone_s_page(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 740})
    open_lesson(page, "/lessons/lecture-rnn?t=2&lang=zh")
    panel = page.locator("#compare")
    page.locator('.tool[data-panel="compare"]').click()
    panel.get_by_label("与谁对比").select_option("cell lstm")
    panel.get_by_role("button", name="添加").click()
    expect(panel.get_by_role("heading", name="LSTM")).to_be_visible()
    assert fits(page)
