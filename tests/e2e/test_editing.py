"""Changing the scene: the picture follows what a reader changes, and everything can be undone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits, open_lesson, values

LESSON = "/lessons/lecture-lstm?t=3"


def open_editor(page: Page, path: str = LESSON, section: str = "inputs") -> Page:
    """A page with its editing panel open at one of its parts."""
    open_lesson(page, path)
    page.locator(".tool[data-panel=edit]").click()
    page.locator(f"[data-section={section}]").click()
    expect(page.locator(f"[data-section={section}]")).to_have_attribute("aria-current", "true")
    return page


def number(page: Page, label: str) -> Any:
    """A number of the panel by what it is called."""
    return page.get_by_role("spinbutton", name=re.compile(f"^{re.escape(label)}(;|$)"))


def forget_refusals(problems: list[str]) -> None:
    """A refusal that was wanted; the browser itself writes it to the console."""
    problems[:] = [each for each in problems if "422" not in each]


def remembered(page: Page, wanted: str) -> None:
    """The memory of the step in view reads so."""
    expect(page.locator('#equations [data-address="layers.0.forward.c[0]"] .exact')).to_have_text(
        wanted
    )


def test_a_typed_input_changes_the_memory_and_ctrl_z_takes_it_back(page: Page) -> None:
    open_editor(page)
    number(page, "Step 1, input 1").fill("5")
    remembered(page, "8.99968")
    assert number(page, "Step 1, input 1").get_attribute("data-changed") is not None
    page.keyboard.press("Control+z")
    remembered(page, "6.99977")
    expect(number(page, "Step 1, input 1")).to_have_value("3")
    page.keyboard.press("Control+Shift+z")
    remembered(page, "8.99968")


def test_a_dragged_weight_is_one_step_of_undo_and_the_cursor_stays(page: Page) -> None:
    open_editor(page, section="weights")
    box = number(page, "W_g, row 1, column 1").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for shift in range(1, 11):
        page.mouse.move(x, y - 5 * shift)
    page.mouse.up()
    expect(number(page, "W_g, row 1, column 1")).to_have_value("2")
    remembered(page, "13.99955")
    assert page.locator("#strip [aria-current=step]").get_attribute("data-step") == "2"
    page.locator("[data-field=undo]").click()
    remembered(page, "6.99977")
    assert page.locator(".tool[data-edited]").count() == 0


def test_the_keyboard_alone_edits_and_goes_back_to_the_lesson(page: Page) -> None:
    open_lesson(page, LESSON)
    page.keyboard.press("e")
    cell = number(page, "Step 2, input 1")
    cell.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(cell).to_have_value("5.1")
    remembered(page, "8.09972")
    page.get_by_role("button", name="Back to the lesson’s").press("Enter")
    remembered(page, "6.99977")
    page.keyboard.press("Escape")
    expect(page.locator("#edit")).to_be_hidden()


def test_rows_pasted_from_a_spreadsheet_replace_and_extend_the_inputs(page: Page) -> None:
    open_editor(page)
    page.get_by_text("Paste a table").click()
    page.locator("[data-field='inputs.table']").fill("1\t1\t0\n1\t1\t0\n1\t1\t0\n0\t0\t1")
    page.get_by_role("button", name="Put it in place of the inputs").click()
    expect(page.locator("#transport .counter")).to_have_text("3 / 4")
    remembered(page, "3")
    page.get_by_text("Paste a table").click()
    page.locator("[data-field='inputs.table']").fill("1\t1\nx\t2")
    page.get_by_role("button", name="Put it in place of the inputs").click()
    expect(page.locator("#edit .edit-message").first).to_contain_text("Line 2, column 1")
    expect(page.locator("#transport .counter")).to_have_text("3 / 4")


def test_steps_come_and_go(page: Page) -> None:
    open_editor(page)
    page.get_by_role("button", name="Add a step").click()
    expect(page.locator("#transport .counter")).to_have_text("3 / 6")
    page.get_by_role("button", name="Remove step 1").click()
    expect(page.locator("#transport .counter")).to_have_text("3 / 5")
    expect(number(page, "Step 1, input 1")).to_have_value("4")


def test_another_cell_more_units_and_a_layer_are_drawn_as_they_are_computed(page: Page) -> None:
    open_editor(page, section="network")
    page.locator("[data-field='network.layers[0].cell']").select_option("gru")
    page.locator('#equations [data-address^="layers.0.forward.u["]').first.wait_for()
    page.get_by_label("Units").first.fill("3")
    page.get_by_label("Units").first.press("Enter")
    expect(page.locator('#equations [data-address^="layers.0.forward.h["]')).to_have_count(3)
    page.get_by_role("button", name="Add a layer").click()
    expect(page.locator("#strip button.row-label")).to_have_count(2)
    page.get_by_label("Reads").first.select_option("bidirectional")
    expect(page.locator("#strip button.row-label")).to_have_count(3)


def test_a_refused_edit_says_where_and_the_last_picture_stays(
    page: Page, problems: list[str]
) -> None:
    open_editor(page, section="network")
    units = page.get_by_label("Units")
    units.fill("100000")
    units.press("Enter")
    expect(page.locator("#problem")).to_contain_text("network.layers[0].units")
    expect(units).to_have_attribute("aria-invalid", "true")
    expect(units).to_have_accessible_description(re.compile("expected at most"))
    page.locator("[data-section=inputs]").click()
    expect(page.locator("#edit .edit-errors")).to_contain_text("network.layers[0].units")
    forget_refusals(problems)
    assert values(page, "c") == ["6.99977"]
    page.locator("[data-field=undo]").click()
    expect(page.locator("#edit .edit-errors")).to_be_empty()
    expect(page.locator("#problem")).to_be_hidden()


def test_an_edited_scene_travels_in_its_link(page: Page, open_page: OpenPage) -> None:
    open_editor(page)
    number(page, "Step 1, input 1").fill("5")
    remembered(page, "8.99968")
    expect(page).to_have_url(re.compile(r"#1\."))
    other = open_lesson(open_page(), page.url)
    remembered(other, "8.99968")
    assert other.locator(".tool[data-edited]").count() == 1


def test_a_link_whose_scene_does_not_run_says_so_and_shows_the_lesson(
    page: Page, problems: list[str]
) -> None:
    open_lesson(page, LESSON)
    fragment = page.evaluate(
        """async () => {
          const scene = {version: 1, network: {layers: [{cell: "none", units: 1}]}, inputs: [[1]]};
          const text = JSON.stringify({scene, cursor: {t: 0}});
          const deflated = new CompressionStream("deflate-raw");
          const packed = new Blob([text]).stream().pipeThrough(deflated);
          const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
          const base64 = btoa(String.fromCharCode(...bytes));
          return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        }"""
    )
    page.goto("about:blank")
    open_lesson(page, f"/lessons/lecture-lstm#1.{fragment}")
    expect(page.locator("#problem")).to_contain_text("network.layers[0].cell")
    expect(page.locator("#strip .column")).to_have_count(5)
    forget_refusals(problems)


def test_a_loss_brings_targets_and_the_backward_pass_follows_them(page: Page) -> None:
    open_editor(page, section="goal")
    page.get_by_label("Measured by").select_option("squared_error")
    number(page, "Target of step 4, output 1").fill("7")
    page.locator("[data-pass=backward]").click()
    page.keyboard.press("Home")
    expect(page.locator("#problem")).to_be_hidden()


def test_equations_of_one_s_own_run_and_mistakes_name_their_line(
    page: Page, problems: list[str]
) -> None:
    open_editor(page, section="network")
    page.locator("[data-field='network.layers[0].cell']").select_option("<own>")
    text = page.get_by_role("textbox", name="Equations")
    text.fill("z_h = W @ x\nh = sin(z_h)")
    page.get_by_label("Carried from step to step").fill("h")
    page.get_by_role("button", name="Use these equations").click()
    expect(page.locator("#edit .edit-typing .edit-message")).to_contain_text("Line 2")
    forget_refusals(problems)
    text.fill("z_h = W @ x + U @ h[t-1]\nh = tanh(z_h)")
    page.get_by_role("button", name="Use these equations").click()
    page.locator('#equations [data-address^="layers.0.forward.z_h["]').first.wait_for()
    expect(page.locator("#edit .edit-typing .edit-message")).to_have_text("")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("section", ["inputs", "weights", "network", "goal"])
def test_every_part_is_accessible_and_fits_a_phone(
    open_page: OpenPage, axe: Callable[[Page], None], section: str, language: str
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    open_editor(page, f"{LESSON}&lang={language}", section)
    assert fits(page)
    axe(page)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_a_refused_edit_is_accessible_in_each_theme(
    page: Page, axe: Callable[[Page], None], problems: list[str], theme: str
) -> None:
    open_editor(page, f"{LESSON}&theme={theme}", "network")
    page.get_by_label("Units").fill("100000")
    page.get_by_label("Units").press("Enter")
    page.locator("#edit .edit-wrong").wait_for()
    axe(page)
    forget_refusals(problems)


def test_a_long_sequence_is_edited_around_the_step_in_view(page: Page) -> None:
    open_editor(page)
    page.get_by_text("Paste a table").click()
    page.locator("[data-field='inputs.table']").fill("\n".join(["1\t1\t0"] * 100))
    page.get_by_role("button", name="Put it in place of the inputs").click()
    expect(page.locator("#transport .counter")).to_have_text("3 / 100")
    page.locator("#transport [data-control=last]").click()
    number(page, "Step 100, input 1").fill("5")
    expect(page.locator("#edit")).to_contain_text("Steps 81 to 100 of 100")
    remembered(page, "104")
