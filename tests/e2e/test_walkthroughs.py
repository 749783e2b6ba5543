"""Both walkthroughs of the lecture, read off the page, forward and back."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.walk import column, open_lesson, press, table_row, values

RNN = [("2", "4"), ("6", "12"), ("16", "32")]
REORDERED = [("8", "8"), ("20", "20"), ("44", "44")]
LSTM = [
    ("1", "1", "3", "1.36194×10⁻⁴"),
    ("1", "1", "7", "3.17785×10⁻⁴"),
    ("0.99995", "4.53979×10⁻⁵", "6.99977", "3.17775×10⁻⁴"),
    ("0.99995", "4.53979×10⁻⁵", "6.9995", "6.9995"),
    ("8.19401×10⁻⁴⁰", "1.68891×10⁻⁴⁸", "5.7354×10⁻³⁹", "2.60375×10⁻⁴³"),
]


def rnn_state(page: Page) -> tuple[list[str], list[str]]:
    return values(page, "h"), values(page, "y", "readout")


def lstm_state(page: Page) -> tuple[str, ...]:
    return tuple(values(page, name)[0] for name in ("f", "i", "c", "h"))


def test_the_simple_network_shows_the_lecture_s_numbers_forward_and_back(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    for hidden, output in RNN:
        press(page, "ArrowRight")
        assert rnn_state(page) == ([hidden] * 2, [output] * 2)
    for hidden, output in reversed(RNN[:-1]):
        press(page, "ArrowLeft")
        assert rnn_state(page) == ([hidden] * 2, [output] * 2)
    press(page, "ArrowLeft")
    assert rnn_state(page) == (["?"] * 2, ["?"] * 2)


def test_in_another_order_the_same_inputs_give_other_outputs(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    page.get_by_role("button", name="Another order").click()
    page.wait_for_selector("#strip .column")
    for step, (_, output) in enumerate(REORDERED):
        press(page, "ArrowRight")
        expect(page.locator("#narration .eyebrow")).to_have_text(f"Step {step + 1} of 3")
        assert values(page, "y", "readout") == [output] * 2


def test_the_lstm_shows_the_lecture_s_numbers_forward_and_back(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    for expected in LSTM:
        press(page, "ArrowRight")
        assert lstm_state(page) == expected
    for expected in reversed(LSTM[:-1]):
        press(page, "ArrowLeft")
        assert lstm_state(page) == expected


def test_the_lecture_s_rounding_stands_in_the_picture(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "End")
    memory = [column(page, step, ".role-memory")[0] for step in range(5)]
    output = [column(page, step, ".role-hidden")[0] for step in range(5)]
    assert memory == ["3", "7", "7", "7", "0"]
    assert output == ["0", "0", "0", "7", "0"]


def test_the_table_says_what_the_picture_shows(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    press(page, "ArrowRight", 2)
    assert table_row(page, 1) == ["1", "1", "6", "6", "12", "12"]
    assert table_row(page, 2) == ["2", "2", "?", "?"]


def test_the_diagram_shows_the_numbers_of_the_step(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    press(page, "ArrowRight", 4)
    labels = page.locator("#cell [aria-label]").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label'))"
    )
    assert "the forget gate: 1" in labels
    assert "the output gate: 1" in labels
    assert "the memory of the step before: 7" in labels


def test_a_column_takes_the_reader_to_its_step(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    page.locator('#strip [data-step="3"]').click()
    assert values(page, "c") == ["6.9995"]
    expect(page.locator('#strip [aria-current="step"]')).to_have_attribute("data-step", "3")


def test_gradients_are_shown_from_the_last_step_to_the_first(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    page.get_by_role("button", name="Backward").click()
    shown = []
    for _ in range(3):
        press(page, "ArrowRight")
        expect(page.locator("#equations .exact").first).not_to_have_text("?")
        shown.append(values(page, "h")[0])
    assert shown == ["2", "6", "14"]
    expect(page.locator("#narration")).to_contain_text("L is the sum of all outputs")


def test_playing_walks_to_the_end(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-rnn")
    press(page, "p")
    expect(page.locator("[data-control=play]")).to_have_attribute("aria-label", "Pause")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 3 of 3")
    expect(page.locator("[data-control=play]")).to_have_attribute("aria-label", "Play")


def test_a_prediction_is_committed_before_the_answer(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    question = page.locator("#question")
    expect(question).to_contain_text("What comes out?")
    assert "6.9995" not in question.inner_text()
    question.get_by_label("Your prediction").fill("7")
    question.get_by_role("button", name="Commit").click()
    expect(question).to_contain_text("You said 7. Step on to see.")
    question.get_by_role("button", name="Next step").click()
    page.locator('#strip [data-step="3"]').click()
    expect(question).to_contain_text("Before you step")
    # The next question follows at once; the answer to this one stands above it.
    expect(question.locator(".earlier .verdict")).to_have_text(
        "You said 7, and so it is: the engine computes 6.9995."
    )


def test_a_wrong_choice_is_told_what_the_engine_computes(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=4")
    question = page.locator("#question")
    question.get_by_role("button", name="Still 7").click()
    press(page, "End")
    expect(question.locator(".verdict")).to_have_text(
        "You said “Still 7”; the engine computes 5.7354×10⁻³⁹."
    )


def test_a_phrase_of_the_lesson_sets_the_state(page: Page) -> None:
    open_lesson(page, "/lessons/lecture-lstm?t=3")
    page.get_by_role("button", name="forget gate", exact=True).first.click()
    expect(page.locator('.equation.selected[data-name="f"]')).to_have_count(1)


@pytest.mark.parametrize(
    ("notation", "symbol"), [("lee", "f"), ("ng", "Γ"), ("colah", "f"), ("pytorch", "f")]
)
def test_equations_speak_the_reader_s_notation(page: Page, notation: str, symbol: str) -> None:
    open_lesson(page, "/lessons/lecture-lstm")
    page.get_by_label("Symbols of").select_option(notation)
    formula = page.locator('.equation[data-name="f"] .formula')
    expect(formula).to_contain_text(symbol)
