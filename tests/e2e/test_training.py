"""Training beside the picture: the network on the page learns, and everything can be taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.drawer import LEARNS, fragment, open_panel
from tests.e2e.walk import fits, open_lesson, press, values

Axe = Callable[[Page], None]
PATIENCE = 30_000


def fact(panel: Locator, name: str) -> Locator:
    """One number of the training by its name."""
    return panel.locator("dl > div").filter(has_text=name).locator("dd")


def open_training(page: Page, updates: int = 1000) -> Locator:
    open_lesson(page, f"/lessons/lecture-rnn{fragment(LEARNS, cursor={'t': 1})}")
    panel = open_panel(page, "training")
    panel.get_by_label("Updates").fill(str(updates))
    panel.get_by_label("Updates").press("Enter")
    return panel


def test_the_network_on_the_page_learns_and_undo_takes_it_back(page: Page) -> None:
    panel = open_training(page)
    before = values(page, "z_h")
    panel.get_by_role("button", name="Start").click()
    expect(fact(panel, "Update")).to_have_text(re.compile(r"^([3-9]|\d\d+)$"), timeout=PATIENCE)
    panel.get_by_role("button", name="Stop").click()
    expect(panel.get_by_role("status")).to_contain_text("Stopped", timeout=PATIENCE)
    expect(page.locator('#equations [data-address^="layers.0.forward.z_h["] .exact').first
           ).not_to_have_text(before[0])  # fmt: skip
    page.locator('.tool[data-panel="edit"]').click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('#equations [data-address^="layers.0.forward.z_h["] .exact').first
           ).to_have_text(before[0])  # fmt: skip


def test_one_update_at_a_time(page: Page) -> None:
    panel = open_training(page)
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "Update")).to_have_text("1", timeout=PATIENCE)
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "Update")).to_have_text("2", timeout=PATIENCE)
    expect(panel.get_by_role("status")).to_have_text("Resting.")


def test_pause_rests_and_goes_on(page: Page) -> None:
    panel = open_training(page)
    panel.get_by_role("button", name="Start").click()
    expect(fact(panel, "Update")).to_be_visible(timeout=PATIENCE)
    panel.get_by_role("button", name="Pause").click()
    expect(panel.get_by_role("status")).to_have_text("Resting.", timeout=PATIENCE)
    at = int(fact(panel, "Update").inner_text())
    panel.get_by_role("button", name="Go on").click()
    expect(fact(panel, "Update")).not_to_have_text(str(at), timeout=PATIENCE)
    assert int(fact(panel, "Update").inner_text()) > at


def test_as_fast_as_it_goes_it_comes_to_its_end_with_a_smaller_loss(page: Page) -> None:
    panel = open_training(page, updates=300)
    panel.get_by_label("Pace").select_option("fast")
    panel.get_by_label("Optimiser").select_option("adam")
    panel.get_by_role("button", name="Start").click()
    expect(panel.get_by_role("status")).to_have_text("All updates are done.", timeout=PATIENCE)
    expect(fact(panel, "Update")).to_have_text("300")
    expect(fact(panel, "Loss")).to_contain_text("10⁻")


def test_clipping_is_said_in_numbers(page: Page) -> None:
    panel = open_training(page)
    panel.get_by_label("Clipping").select_option("norm")
    panel.get_by_label("Clip at").fill("0.01")
    panel.get_by_label("Clip at").press("Enter")
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "After clipping")).to_have_text("0.01", timeout=PATIENCE)


def test_a_scene_without_a_goal_says_so_and_leads_to_where_one_is_set(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?t=1")
    panel = open_panel(page, "training")
    expect(panel).to_contain_text("no targets and no loss")
    expect(panel.get_by_role("button", name="Start")).to_have_attribute("aria-disabled", "true")
    panel.get_by_role("button", name="Set targets and loss").click()
    expect(page.locator("#edit")).to_be_visible()


def test_a_lost_connection_is_said_and_the_page_goes_on(page: Page) -> None:
    page.route_web_socket("**/api/v1/live", lambda socket: socket.close())
    panel = open_training(page)
    panel.get_by_role("button", name="Start").click()
    expect(panel.get_by_role("status")).to_contain_text("connection to the server was lost")
    panel.get_by_role("heading", level=2).click()
    press(page, "ArrowRight")
    expect(page.locator("#transport .counter")).to_contain_text("3")


def test_an_edit_by_hand_ends_the_training(page: Page) -> None:
    panel = open_training(page)
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "Update")).to_have_text("1", timeout=PATIENCE)
    page.get_by_role("button", name="Another order").click()
    expect(panel.get_by_role("status")).to_contain_text("The scene was changed", timeout=PATIENCE)


def test_the_course_can_be_seen_as_a_chart(page: Page) -> None:
    panel = open_training(page)
    for count in ("1", "2"):
        panel.get_by_role("button", name="One update").click()
        expect(fact(panel, "Update")).to_have_text(count, timeout=PATIENCE)
    panel.get_by_role("button", name="As a chart").click()
    chart = page.locator("#charts").get_by_role("img", name="The course of the training")
    expect(chart).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_axe_finds_nothing_while_training(page: Page, axe: Axe, theme: str) -> None:
    page.goto(f"/lessons/lecture-rnn?theme={theme}")
    panel = open_training(page)
    axe(page)
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "Update")).to_have_text("1", timeout=PATIENCE)
    axe(page)


def test_nothing_runs_out_of_a_phone_s_page(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 740})
    panel = open_training(page)
    panel.get_by_role("button", name="One update").click()
    expect(fact(panel, "Update")).to_have_text("1", timeout=PATIENCE)
    assert fits(page)
