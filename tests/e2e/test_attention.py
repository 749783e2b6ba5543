"""Attention on the page: its equations beside the readout's, its numbers open, both ways."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.walk import open_lesson

Axe = Callable[[Page], None]


def number(page: Page, address: str) -> Locator:
    """The button of one number beside its equation."""
    return page.locator(f'#equations [data-address="{address}"]')


def test_a_weight_opens_the_softmax_that_made_it(page: Page, axe: Axe) -> None:
    open_lesson(page, "/lessons/attention?t=1")
    weight = number(page, "decoder.attention.alpha[0]")
    expect(weight).to_contain_text("0.576")
    weight.click()
    expect(weight).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".arithmetic .worked")).to_contain_text("exp(1)")
    page.mouse.move(0, 0)  # what is pointed at dims the rest
    axe(page)


def test_a_score_leads_to_the_step_of_the_encoder_that_it_looked_at(page: Page) -> None:
    open_lesson(page, "/lessons/attention?t=2&node=decoder.attention.scores[1]")
    page.get_by_role("button", name="Go to k[0] at step 2").click()
    output = number(page, "encoder.layers.0.forward.h[0]")
    expect(output).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#strip .encoder [aria-current=step]")).to_have_attribute("data-step", "1")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 2 of 3")


def test_backward_a_score_has_its_gradient(page: Page) -> None:
    open_lesson(page, "/lessons/attention?t=2&pass=backward&node=decoder.attention.scores[1]")
    score = number(page, "decoder.attention.scores[1]")
    expect(score).to_contain_text("−0.18243")
    expect(page.locator(".arithmetic .worked")).to_contain_text("= −0.18243")


def test_the_readout_sees_the_context(page: Page) -> None:
    open_lesson(page, "/lessons/attention?t=1")
    expect(page.locator("#equations .equation[data-name=z] .formula")).to_contain_text("context")
