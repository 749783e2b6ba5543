"""What a lecturer does with a class: asks, keeps together, darkens, hands over, ends.

And a server that dies in the middle of it.
"""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OpenPage, free_port, wait_until_healthy
from tests.e2e.test_class import HERE, LESSON, at, enter, lead, open_class
from tests.e2e.walk import fits, press

Axe = Callable[[Page], None]


def ask_for_the_forget_gate(page: Page) -> None:
    """The lecturer asks what a value will be, with the question that is suggested."""
    lead(page, "ask")
    expect(page.locator("[name=question]")).to_have_value("What will the forget gate be at step 1?")
    page.get_by_role("button", name="Ask everybody").click()


def answer(page: Page, text: str) -> None:
    """A student types a number."""
    page.locator(".poll input").fill(text)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".poll-said")).to_contain_text("Your answer")


def test_a_value_is_predicted_counted_locked_revealed_and_asked_again(
    page: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    code = open_class(page)
    one, two = enter(open_page(), code), enter(open_page(), code)
    expect(page.locator(".class-status")).to_have_text("2 here")
    ask_for_the_forget_gate(page)
    answer(one, "0.5")
    answer(one, "1")
    answer(two, "0")
    expect(page.locator(".poll-said")).to_have_text("2 of 2 answered.")
    expect(one.locator(".poll-result")).to_have_count(0)
    page.locator("[data-poll=lock]").click()
    expect(two.locator(".poll-said")).to_contain_text("No more answers")
    page.locator("[data-poll=reveal]").click()
    for each in (page, one, two):
        expect(each.locator(".poll-words")).to_have_text("1 of 2 right. The answer is 1.")
        expect(each.locator(".poll-result tbody tr")).to_have_count(2)
    latecomer = enter(open_page(), code)
    expect(latecomer.locator(".poll-result tbody tr")).to_have_count(2)
    page.locator("[data-poll=again]").click()
    answer(two, "1")
    page.locator("[data-poll=close]").click()
    expect(two.locator(".poll")).to_be_hidden()
    with page.expect_download() as asked:
        lead(page, "results")
    asked.value.save_as(tmp_path / "class.csv")
    rows = list(csv.reader((tmp_path / "class.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 4


def test_a_choice_is_voted_on_and_a_mistake_in_the_question_is_said(
    page: Page, open_page: OpenPage, axe: Axe
) -> None:
    code = open_class(page)
    student = enter(open_page(viewport={"width": 320, "height": 640}), code)
    lead(page, "ask")
    page.get_by_label("Kind of question").select_option("choices")
    page.locator("[name=question]").fill("Which gate forgets?")
    page.get_by_label("Choices, one a line").fill("f")
    page.get_by_role("button", name="Ask everybody").click()
    expect(page.locator(".ask [role=alert]")).to_have_text("A choice needs two to ten lines.")
    page.get_by_label("Choices, one a line").fill("f\ni\no")
    page.get_by_label("Which of them is right").fill("1")
    axe(page)
    page.get_by_role("button", name="Ask everybody").click()
    student.get_by_role("button", name="i", exact=True).click()
    expect(student.locator(".poll-choice[aria-pressed=true]")).to_have_text("i")
    assert fits(student)
    axe(student)
    student.get_by_text("Which gate forgets?").click()
    expect(student.get_by_role("button", name="i", exact=True)).to_be_hidden()
    page.locator("[data-poll=reveal]").click()
    expect(student.locator(".poll")).to_contain_text("0 of 1 right. The answer is f.")
    axe(student)
    axe(page)


def test_who_is_kept_together_cannot_go_and_who_went_is_brought_back(
    page: Page, open_page: OpenPage
) -> None:
    code = open_class(page, f"{LESSON}?t=2")
    student = enter(open_page(), code)
    at(student, 2)
    press(student, "End")
    at(student, 5)
    lead(page, "gather")
    at(student, 2)
    lead(page, "lock")
    expect(student.locator(".class-status")).to_have_text("The lecturer keeps everybody together.")
    press(student, "End")
    at(student, 2)
    expect(student.locator(".return")).to_have_count(0)
    lead(page, "lock")
    expect(student.locator(".class-status")).to_have_text("You follow the lecturer.")
    press(student, "End")
    at(student, 5)
    expect(student.locator(".return")).to_be_visible()


def test_screens_go_dark_and_light_again(page: Page, open_page: OpenPage, axe: Axe) -> None:
    code = open_class(page)
    student = enter(open_page(), code)
    lead(page, "blank")
    dark = student.locator(".class-dark[open]")
    expect(dark).to_have_text("The lecturer has made the screens dark.")
    axe(student)
    press(student, "Escape", 2)
    expect(dark).to_be_visible()
    expect(page.locator(".class-dark[open]")).to_have_count(0)
    lead(page, "blank")
    expect(dark).to_have_count(0)


def test_another_device_takes_over_and_the_one_before_follows(
    page: Page, open_page: OpenPage, axe: Axe
) -> None:
    code = open_class(page, f"{LESSON}?t=2")
    token = page.evaluate(f"sessionStorage.getItem('unrolled.class.{code}.token')")
    other = open_page()
    other.goto(f"/class/{code}#{token}")
    expect(other.locator(".chip")).to_contain_text("Another device presents this class.")
    axe(other)
    other.get_by_role("button", name="Present here").click()
    other.wait_for_selector(HERE)
    at(other, 2)
    expect(page.locator(".chip")).to_contain_text("Another device presents now.")
    expect(page.locator("[data-class=lock]")).to_have_count(0)
    press(other, "ArrowRight")
    at(page, 3)
    page.get_by_role("button", name="Present here").click()
    expect(other.locator(".chip")).to_contain_text("Another device presents now.")
    press(page, "ArrowRight")
    at(other, 4)


def test_a_class_ends_for_all_and_their_pages_stay(page: Page, open_page: OpenPage) -> None:
    code = open_class(page, f"{LESSON}?t=2")
    student = enter(open_page(), code)
    lead(page, "end")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".class-sure")).to_have_count(0)
    lead(page, "end")
    page.locator("[data-class=ended]").click()
    for each in (page, student):
        expect(each.locator(".class-status")).to_have_text("The class has ended.")
    press(student, "ArrowRight")
    at(student, 3)


class Mortal:
    """A server that can be killed and started again on the same port and database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        log = self.folder / "server.log"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
        environment["UNROLLED_DATABASE"] = str(self.folder / "unrolled.sqlite3")
        command = [str(Path(sys.executable).parent / "unrolled"), "serve", "--port", str(self.port)]
        with log.open("ab") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        wait_until_healthy(self.url, process, log)
        return process

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    """A server of the test's own."""
    made = Mortal(tmp_path)
    yield made
    made.kill()


def test_a_server_killed_in_the_middle_of_a_lecture_loses_nothing(
    mortal: Mortal, browser: Browser
) -> None:
    contexts = [browser.new_context(base_url=mortal.url, locale="en-US") for _ in range(3)]
    page, student, alone = (context.new_page() for context in contexts)
    code = open_class(page, f"{LESSON}?t=2")
    enter(student, code)
    enter(alone, code)
    press(alone, "End")
    expect(alone.locator(".return")).to_be_visible()
    ask_for_the_next(page)
    answer(student, "1")
    mortal.kill()
    for each in (page, student):
        expect(each.locator(".class-status")).to_contain_text("Offline")
    press(student, "Home")
    at(student, 0)
    press(page, "ArrowRight")
    at(page, 3)
    mortal.process = mortal.start()
    at(student, 3)
    at(alone, 5)
    expect(alone.locator(".return")).to_have_text("The lecturer is at step 3 · Return")
    expect(student.locator(".poll-said")).to_contain_text("Your answer: 1.")
    expect(page.locator(".poll-said")).to_have_text("1 of 2 answered.")
    for context in contexts:
        context.close()


def ask_for_the_next(page: Page) -> None:
    """Whatever is suggested."""
    lead(page, "ask")
    page.get_by_role("button", name="Ask everybody").click()
