"""Arithmetic, languages, links and the light: what the page does with a state."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import open_lesson, press, values

LINKED = """(words) => new Promise((done) => {
  const said = async () => {
    const base64 = location.hash.slice(3).replaceAll("-", "+").replaceAll("_", "/");
    if (!base64) return "";
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  };
  const look = async () => {
    if ((await said()).includes(words)) done(true);
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Resolves when the address says these words: it is written when the reader rests."""


def arithmetic(page: Page, address: str) -> str:
    page.locator(f'#equations [data-address="{address}"]').click()
    page.wait_for_selector(".arithmetic .digits, .arithmetic .terms")
    return page.locator(".arithmetic").inner_text()


def test_a_number_opens_its_arithmetic_term_by_term(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    text = arithmetic(page, "layers.0.forward.z_f[0]")
    assert "0·2 + 100·0 + 0·0 + 10 = 10" in text
    assert page.locator(".terms tbody tr").count() == 5


def test_every_digit_stands_beside_the_lecture_s_rounding(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    text = arithmetic(page, "layers.0.forward.c[0]")
    assert "0.9999546·7 + 0.0000454·2 = 6.99977" in text
    assert "All digits: 6.999773010656488" in text
    assert "The lecture rounds it to 7" in text


def test_arithmetic_follows_the_step_and_closes(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=2")
    arithmetic(page, "layers.0.forward.f[0]")
    press(page, "ArrowRight")
    expect(page.locator(".arithmetic .apply")).to_have_text("σ(10) = 0.9999546")
    press(page, "Escape")
    expect(page.locator(".arithmetic")).to_have_count(0)


def test_a_factor_leads_to_its_own_arithmetic(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    arithmetic(page, "layers.0.forward.c[0]")
    page.locator(".factor").nth(1).click()
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 2 of 5")
    expect(page.locator(".arithmetic .worked")).to_have_text("1·3 + 1·4 = 7")


def test_gradients_open_their_arithmetic_too(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn?pass=backward&t=2")
    expect(page.locator("#equations .exact").first).not_to_have_text("?")
    assert "2·1 + 2·1 + 1·1 + 1·1 = 6" in arithmetic(page, "layers.0.forward.h[0]")


def test_the_node_of_the_diagram_opens_the_arithmetic(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    page.locator('#cell [aria-label^="the forget gate"]').first.click()
    expect(page.locator('.equation[data-name="f"] .arithmetic')).to_be_visible()


def test_languages_switch_while_the_page_is_open(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=2")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("手算一个 LSTM 单元")
    expect(page.locator("#narration .eyebrow")).to_have_text("第 2 步，共 5 步")
    expect(page.locator("#strip-title")).to_have_text("按时间展开的网络")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("One LSTM cell, by hand")


def test_a_page_asked_for_in_chinese_has_no_english_words(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?lang=zh&t=3")
    text = page.locator("#narration, #question, h2, #transport, .settings label").all_inner_texts()
    words = set(re.findall(r"[A-Za-z]{3,}", " ".join(text)))
    assert words <= {"LSTM", "PyTorch", "Colah", "Unrolled"}


def test_a_step_is_said_in_words(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=4")
    press(page, "ArrowRight")
    live = page.locator("#live")
    expect(live).to_contain_text("Step 5 of 5")
    expect(live).to_contain_text("the forget gate is closed, 0")
    expect(live).to_contain_text("the memory falls from 7 to 0")


def test_a_step_is_said_in_chinese(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=4&lang=zh")
    press(page, "ArrowRight")
    expect(page.locator("#live")).to_contain_text("遗忘门关着，0；")
    expect(page.locator("#live")).to_contain_text("记忆从 7 降到 0")


def test_a_link_restores_what_it_shows(page: Page, open_page: OpenPage) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    assert "#" not in page.url
    page.get_by_role("button", name="Another order").click()
    page.wait_for_selector("#strip .column")
    press(page, "ArrowRight", 2)
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Symbols of").select_option("ng")
    page.locator('#equations [data-address="layers.0.forward.h[1]"]').click()
    page.wait_for_selector(".arithmetic .terms")
    page.evaluate(LINKED, "h[1]")
    link = page.url
    other = open_lesson(open_page(), link)
    # The link names another scene than the lesson's first, whose trace is on its way.
    expect(other.locator(".tab[aria-current]")).to_have_text("Another order")
    shown = other.locator('#equations [data-address^="layers.0.forward.h["] .exact')
    expect(shown).to_have_text(["10", "10"])
    assert values(page, "h") == ["10", "10"]
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    expect(other.get_by_label("Symbols of")).to_have_value("ng")
    expect(other.locator('.equation[data-name="h"] .arithmetic')).to_be_visible()


def test_a_broken_link_shows_the_beginning(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm#1.broken!")
    assert values(page, "c") == ["?"]


def test_the_beginning_leaves_no_mark_in_the_address(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "ArrowRight")
    page.wait_for_url(re.compile(r"#1\."))
    press(page, "ArrowLeft")
    page.wait_for_url(re.compile(r"lecture-lstm$"))


@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_the_light_is_remembered(page: Page, theme: str) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    page.get_by_label("Theme").select_option(theme)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_a_server_that_fails_is_said_plainly(page: Page, problems: list[str]) -> None:
    page.route("**/api/v1/traces", lambda route: route.abort())
    page.goto("/lessons/lecture-lstm")
    expect(page.locator("#problem")).to_contain_text("The server was not reached.")
    problems.clear()
