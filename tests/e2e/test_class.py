"""A class in the browser: one presents, one follows, one comes late."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits, press, values

Axe = Callable[[Page], None]
LESSON = "/lessons/lecture-lstm"
HERE = '#class[data-link="here"]'


def open_class(page: Page, path: str = LESSON) -> str:
    """Open a class from a lesson's page; its code."""
    page.goto(path)
    page.wait_for_selector("html[data-ready]")
    page.locator("[data-share]").click()
    page.get_by_role("button", name=re.compile("^(Open a class|开设课堂)$")).click()
    page.wait_for_selector(HERE)
    code = page.locator(".poster-code").inner_text()
    page.locator(".poster .shut").click()
    page.locator("#strip .column").first.wait_for()
    return code


def enter(page: Page, code: str, query: str = "") -> Page:
    """Join a class and wait until it is here."""
    page.goto(f"/r/{code}{query}")
    page.wait_for_selector(HERE)
    page.wait_for_selector("#strip .column")
    return page


def at(page: Page, step: int) -> None:
    """The page comes to stand at a step, by its own counter."""
    expect(page.locator("#transport .counter")).to_have_text(re.compile(rf"^{step or '–'}"))


def lead(page: Page, name: str) -> None:
    """Press one of the presenter's buttons."""
    page.locator(f"[data-class={name}]").click()


def test_a_class_opens_where_the_lecturer_stood_and_everybody_follows(
    page: Page, open_page: OpenPage
) -> None:
    code = open_class(page, f"{LESSON}?t=2&theme=light")
    assert "#" not in page.url
    assert page.url.split("?")[0].endswith(f"/class/{code}")
    at(page, 2)
    follower = enter(open_page(), code)
    at(follower, 2)
    press(page, "ArrowRight")
    at(follower, 3)
    page.locator('#equations [data-address="layers.0.forward.f[0]"]').click()
    expect(follower.locator(".arithmetic .apply")).to_be_visible()
    latecomer = enter(open_page(), code.lower())
    at(latecomer, 3)
    assert values(latecomer, "c") == values(page, "c")
    expect(page.locator(".class-status")).to_have_text("2 here")


def test_an_edit_of_the_lecturer_s_reaches_everybody(page: Page, open_page: OpenPage) -> None:
    code = open_class(page, f"{LESSON}?t=3")
    follower = enter(open_page(), code)
    page.locator(".tool[data-panel=edit]").click()
    cell = page.locator("#edit [role=spinbutton]").first
    cell.focus()
    press(page, "ArrowUp", 3)
    expect(page.locator("[data-edited]")).to_be_visible()
    expect(follower.locator("[data-edited]")).to_be_visible()
    latecomer = enter(open_page(), code)
    expect(latecomer.locator("[data-edited]")).to_be_visible()
    expect(latecomer.locator("h1")).to_have_text(page.locator("h1").inner_text())


def test_a_network_of_the_studio_is_shared_too(page: Page, open_page: OpenPage) -> None:
    code = open_class(page, "/studio?t=2")
    follower = enter(open_page(), code)
    at(follower, 2)
    expect(page.locator("#equations .exact").first).to_be_visible()
    expect(follower.locator("#equations .exact").first).to_be_visible()
    assert values(follower, "h") == values(page, "h")


def test_touching_detaches_softly_and_escape_returns(page: Page, open_page: OpenPage) -> None:
    code = open_class(page)
    follower = enter(open_page(viewport={"width": 320, "height": 640}), code)
    press(page, "ArrowRight", 4)
    at(follower, 4)
    press(follower, "ArrowLeft", 2)
    chip = follower.locator(".return")
    expect(chip).to_have_text("The lecturer is at step 4 · Return")
    press(page, "ArrowRight")
    expect(chip).to_have_text("The lecturer is at step 5 · Return")
    at(follower, 2)
    follower.keyboard.press("Escape")
    at(follower, 5)
    expect(chip).to_have_count(0)
    press(follower, "Home")
    chip.click()
    at(follower, 5)


def test_what_is_one_s_own_detaches_nobody(page: Page, open_page: OpenPage) -> None:
    code = open_class(page)
    follower = enter(open_page(), code)
    follower.locator("[data-language=zh]").click()
    expect(follower.locator(".class-status")).to_have_text("正在跟随老师。")
    press(page, "ArrowRight")
    at(follower, 1)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_who_is_offline_steps_alone_and_is_in_step_again(
    page: Page, open_page: OpenPage, problems: list[str]
) -> None:
    code = open_class(page)
    follower = enter(open_page(), code)
    press(page, "ArrowRight")
    at(follower, 1)
    follower.context.set_offline(True)
    expect(follower.locator(".class-status")).to_contain_text("Offline")
    press(follower, "ArrowRight", 3)
    at(follower, 4)
    press(page, "ArrowRight")
    at(page, 2)
    follower.context.set_offline(False)
    at(follower, 2)
    expect(follower.locator(".class-status")).to_have_text("You follow the lecturer.")
    problems[:] = [each for each in problems if "ERR_INTERNET_DISCONNECTED" not in each]


def test_a_code_may_be_typed_in_any_case(page: Page, open_page: OpenPage) -> None:
    code = open_class(page)
    student = open_page(viewport={"width": 320, "height": 640})
    student.goto("/r")
    label = "The code on the lecturer’s screen"
    student.get_by_label(label).fill(f" {code[:3].lower()} {code[3:]}")
    student.get_by_role("button", name="Join").click()
    student.wait_for_selector(HERE)
    assert student.url.split("?")[0].endswith(f"/r/{code}")


def test_a_page_of_the_lecturer_s_without_the_key_leads_nobody(
    page: Page, open_page: OpenPage
) -> None:
    code = open_class(page)
    other = open_page()
    other.goto(f"/class/{code}")
    other.get_by_role("link", name="Join as a student").click()
    other.wait_for_selector(HERE)
    expect(other.locator("[data-class]")).to_have_count(0)


def test_the_lecturer_s_page_loaded_anew_leads_on(page: Page, open_page: OpenPage) -> None:
    code = open_class(page, f"{LESSON}?t=2")
    follower = enter(open_page(), code)
    page.reload()
    page.wait_for_selector(HERE)
    at(page, 2)
    press(page, "ArrowRight")
    at(follower, 3)


@pytest.mark.parametrize(("language", "theme"), [("en", "projector"), ("zh", "dark")])
def test_pages_of_a_class_are_accessible_and_fit_a_phone(
    page: Page, open_page: OpenPage, axe: Axe, language: str, theme: str
) -> None:
    query = f"?lang={language}&theme={theme}"
    code = open_class(page, LESSON + query)
    axe(page)
    lead(page, "code")
    axe(page)
    phone = enter(open_page(viewport={"width": 320, "height": 640}), code, query)
    press(phone, "ArrowRight")
    expect(phone.locator(".return")).to_be_visible()
    assert fits(phone)
    axe(phone)
    phone.goto(f"/r{query}")
    assert fits(phone)
    axe(phone)


def test_a_lecturer_leads_from_a_phone(open_page: OpenPage, axe: Axe) -> None:
    phone = open_page(viewport={"width": 320, "height": 640})
    code = open_class(phone)
    assert fits(phone)
    lead(phone, "code")
    expect(phone.locator(".poster-code")).to_have_text(code)
    assert fits(phone)
    phone.locator(".poster .shut").click()
    lead(phone, "ask")
    assert fits(phone)
    axe(phone)
