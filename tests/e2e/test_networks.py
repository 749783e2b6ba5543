"""Networks of every kind unrolled: both directions, encoders and decoders, long ones, wide ones."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import column, fits, link, open_lesson, press

Axe = Callable[[Page], None]
HOME = "/lessons/lecture-lstm"
BOTH = {
    "version": 1,
    "network": {"layers": [{"cell": "gru", "units": 2, "direction": "bidirectional"}]},
    "inputs": [[1], [0], [-1], [0.5]],
}
TRANSLATOR = {
    "version": 1,
    "network": {
        "encoder": {"layers": [{"cell": "gru", "units": 2, "direction": "bidirectional"}]},
        "decoder": {
            "layers": [{"cell": "gru", "units": 4}],
            "readout": {"outputs": 3, "activation": "softmax"},
        },
        "attention": "dot",
        "shape": "encoder-decoder",
    },
    "inputs": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]],
    "decoder_inputs": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
}


def plain(steps: int, units: int) -> dict[str, Any]:
    """An LSTM over waves."""
    rows = [[(t % 7) / 7, (t % 5) / 5 - 0.5] for t in range(steps)]
    return {
        "version": 1,
        "network": {"layers": [{"cell": "lstm", "units": units}]},
        "inputs": rows,
    }


def test_each_direction_has_arrows_of_its_own(page: Page) -> None:
    open_lesson(page, link(HOME, BOTH, 1))
    arrows = page.evaluate(
        """() => ["forward", "backward"].map((way) => {
             const box = document.querySelector(`.columns .segment.${way} .carried > .vector`);
             const { insetInlineStart, insetInlineEnd } = getComputedStyle(box, "::after");
             return parseFloat(insetInlineStart) > parseFloat(insetInlineEnd) ? "right" : "left";
           })"""
    )
    assert arrows == ["right", "left"]
    labels = page.locator("#strip button.row-label")
    expect(labels.nth(0)).to_have_attribute("aria-label", "reading backward: the hidden value")
    labels.nth(0).click()
    expect(labels.nth(0)).to_have_attribute("aria-pressed", "true")
    address = "layers.0.backward.h[0]"
    expect(page.locator(f'#equations [data-address="{address}"]')).to_be_visible()


def test_a_step_of_both_directions_is_said(page: Page) -> None:
    open_lesson(page, link(HOME, BOTH))
    press(page, "ArrowRight")
    expect(page.locator("#live")).to_contain_text("reading forward: the hidden value")
    expect(page.locator("#live")).to_contain_text("reading backward: the hidden value")


def test_equations_go_through_both_directions(page: Page) -> None:
    open_lesson(page, link(HOME, BOTH, 1, level="equation"))
    press(page, "ArrowRight", 5)
    expect(page.locator("#narration .eyebrow")).to_have_text(
        "Step 3 of 4 · 5 of 8 · reading backward"
    )
    expect(page.locator("#equations [data-stage=present]").first).to_have_attribute(
        "data-name", "z_r"
    )


def test_a_decoder_attends_to_its_encoder(page: Page) -> None:
    open_lesson(page, link(HOME, TRANSLATOR))
    ribbons = page.locator("#strip .ribbons")
    expect(ribbons).to_have_attribute("aria-label", "Attention: not yet")
    press(page, "ArrowRight")
    alpha = page.locator("#strip .encoder .role-candidate .cell").all_inner_texts()
    assert len(alpha) == 4
    assert abs(sum(map(float, alpha)) - 1) < 0.03
    expect(ribbons).to_have_attribute("aria-label", "Attention: " + ", ".join(alpha))
    widths = page.locator(".ribbons path").evaluate_all(
        "(all) => all.map((path) => parseFloat(path.style.strokeWidth))"
    )
    assert widths.index(max(widths)) == alpha.index(max(alpha))
    expect(page.locator("#live")).to_contain_text("it attends most to input")
    head = page.locator("#table thead").first.inner_text()
    assert "α" in head


def test_an_encoder_is_looked_at_where_one_points(page: Page) -> None:
    open_lesson(page, link(HOME, TRANSLATOR, 0))
    page.locator("#strip .encoder [data-step='1']").click()
    shown = page.locator('#equations [data-address="encoder.layers.0.backward.h[0]"]')
    expect(shown).to_be_visible()
    expect(page.locator("#strip .encoder [aria-current=step]")).to_have_attribute("data-step", "1")
    shown.click()
    expect(page.locator(".arithmetic .worked")).to_be_visible()
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 1 of 3")


def test_an_encoder_has_a_table_of_its_own_that_opens_its_numbers(page: Page) -> None:
    open_lesson(page, link(HOME, TRANSLATOR, 1))
    table = page.get_by_role("table", name=re.compile("The encoder"))
    expect(table.locator("tbody tr")).to_have_count(4)
    number = table.locator("tbody tr").nth(2).locator("button").first
    number.click()
    expect(page.locator("#strip .encoder [aria-current=step]")).to_have_attribute("data-step", "2")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 2 of 3")
    expect(page.locator(".arithmetic")).to_be_visible()


def test_a_long_sequence_shows_what_fits_and_all_of_it_small(page: Page) -> None:
    open_lesson(page, link(HOME, plain(1000, 4), 499))
    columns = page.locator("#strip .column")
    assert columns.count() <= 60
    expect(page.locator("#strip .column[aria-current=step]")).to_have_attribute("data-step", "499")
    band = page.locator("#strip .overview").bounding_box()
    assert band is not None
    page.mouse.click(band["x"] + band["width"] * 0.9, band["y"] + band["height"] / 2)
    present = page.locator("#strip .column[aria-current=step]")
    expect(present).to_have_attribute("data-step", re.compile("^(899|900)$"))
    step = int(present.get_attribute("data-step") or "0")
    assert "?" not in column(page, step, ".role-memory")


def test_a_wide_layer_is_a_band_of_colours_and_is_said_by_its_ends(page: Page) -> None:
    open_lesson(page, link(HOME, plain(6, 256), 2))
    assert page.evaluate("document.querySelectorAll('#strip *').length") < 400
    expect(page.locator("#strip .column").nth(2)).to_have_attribute(
        "aria-label", re.compile("256 numbers from")
    )
    assert fits(page)


def test_words_stand_where_numbers_stand_for_words(page: Page) -> None:
    open_lesson(page, "/lessons/language-model?t=2")
    second = page.locator("#strip .column").nth(1)
    expect(second.locator(".token")).to_have_text(["sleep", "cats"])
    expect(second).to_have_attribute("aria-label", re.compile("in: cats; likeliest: sleep"))
    expect(page.locator("#strip .column").nth(2).locator(".token")).to_have_text(["", "eat"])


def test_pointing_lights_what_belongs_together(page: Page) -> None:
    open_lesson(page, f"{HOME}?t=3")
    page.locator('.equation[data-name="i"]').hover()
    lit = page.locator("#equations .lit").evaluate_all("(all) => all.map((e) => e.dataset.name)")
    assert lit == ["z_i", "i", "c", "m", "h"]
    names = page.locator("#cell .dg-node.dg-lit[aria-label]").evaluate_all(
        "(all) => all.map((e) => e.getAttribute('aria-label').split(':')[0])"
    )
    assert "the input gate" in names
    assert "the forget gate" not in names
    expect(page.locator("#strip .column[aria-current] .box.lit")).to_have_count(3)
    expect(page.locator("#table [aria-current] .lit")).to_have_count(3)
    page.locator("#cell [aria-label^='the output gate']").first.focus()
    lit = page.locator("#equations .lit").evaluate_all("(all) => all.map((e) => e.dataset.name)")
    assert lit == ["z_o", "o", "h"]
    page.locator("#table [aria-current] button").first.hover()
    lit = page.locator("#equations .lit").evaluate_all("(all) => all.map((e) => e.dataset.name)")
    assert "z_f" in lit
    assert "o" not in lit


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("scene", [BOTH, TRANSLATOR, plain(300, 64)], ids=["both", "pair", "long"])
def test_every_network_is_for_everybody(
    open_page: OpenPage, axe: Axe, scene: dict[str, Any], theme: str
) -> None:
    page = open_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    open_lesson(page, link(HOME, scene, 1, theme=theme))
    axe(page)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scene", [BOTH, TRANSLATOR, plain(300, 64)], ids=["both", "pair", "long"])
def test_every_network_fits_a_phone(
    open_page: OpenPage, scene: dict[str, Any], language: str
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    open_lesson(page, link(HOME, scene, 1, lang=language))
    assert fits(page)
