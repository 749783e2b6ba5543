"""The player inside other people's pages."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage, Server
from tests.e2e.walk import open_lesson, values

HOST = """<!doctype html><title>A course</title>
<iframe sandbox="allow-scripts" width="900" height="700" src="{src}"></iframe>
<script>
  window.heard = [];
  addEventListener("message", (event) => {{
    if (event.source === document.querySelector("iframe").contentWindow) heard.push(event.data);
  }});
  window.say = (data) => document.querySelector("iframe").contentWindow.postMessage(data, "*");
</script>"""


@pytest.fixture
def course(page: Page, server: Server) -> Page:
    """Another site's page with the lesson in a sandboxed frame; its messages in `heard`."""
    html = HOST.format(src=f"{server.url}/embed/lecture-lstm?theme=light")

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html")

    page.route("**/a-course", answer)
    page.goto("/a-course")
    page.wait_for_function("heard.some((each) => each.type === 'ready')")
    return page


def heard(page: Page, kind: str) -> list[Any]:
    found: list[Any] = page.evaluate("(kind) => heard.filter((each) => each.type === kind)", kind)
    return found


def say(page: Page, kind: str, **more: Any) -> None:
    page.evaluate("(data) => say(data)", {"target": "unrolled", "type": kind, **more})


def test_the_frame_says_that_it_is_ready_and_how_tall(course: Page) -> None:
    ready = heard(course, "ready")[0]
    assert ready["source"] == "unrolled"
    assert ready["version"] == 1
    assert ready["state"]["cursor"] == {
        "pass": "forward", "t": None, "node": None, "stage": None,
    }  # fmt: skip
    course.wait_for_function("heard.some((each) => each.type === 'resize' && each.height > 300)")


def test_the_host_steps_and_hears_the_state(course: Page) -> None:
    say(course, "step")
    say(course, "step")
    say(course, "back")
    course.wait_for_function("heard.filter((each) => each.type === 'state').length === 3")
    assert [each["state"]["cursor"]["t"] for each in heard(course, "state")] == [0, 1, 0]
    frame = course.frames[1]
    expect(frame.locator('[data-address="layers.0.forward.c[0]"] .exact').first).to_have_text("3")


def test_the_host_sets_a_state_and_resets_it(course: Page) -> None:
    say(course, "setState", state={"cursor": {"t": 3}, "view": {"lang": "zh"}})
    frame = course.frames[1]
    expect(frame.locator("#narration .eyebrow")).to_have_text("第 4 步，共 5 步")
    say(course, "reset")
    course.wait_for_function(
        "heard.filter((each) => each.type === 'state').at(-1).state.cursor.t === null"
    )


def test_messages_for_others_are_met_with_silence(course: Page) -> None:
    before = len(heard(course, "state"))
    course.evaluate(
        "say({type: 'step'}); say('step'); say(null); say({target: 'h5p', type: 'step'})"
    )
    say(course, "getState")
    course.wait_for_function(
        "(n) => heard.filter((each) => each.type === 'state').length > n", arg=before
    )
    assert heard(course, "state")[-1]["state"]["cursor"]["t"] is None
    assert len(heard(course, "state")) == before + 1


def test_an_unknown_command_is_an_error(course: Page) -> None:
    say(course, "dance")
    course.wait_for_function("heard.some((each) => each.type === 'error')")


def test_the_query_sets_the_beginning(page: Page) -> None:
    open_lesson(page, "/embed/lecture-lstm?t=4&node=f&theme=dark&lang=zh&notation=ng&controls=step")
    assert values(page, "c") == ["6.9995"]
    assert page.locator("html").get_attribute("data-theme") == "dark"
    expect(page.locator('.equation.selected[data-name="f"]')).to_have_count(1)
    assert page.locator("#transport button").count() == 2


def test_controls_may_be_left_out(page: Page) -> None:
    open_lesson(page, "/embed/lecture-lstm?controls=none")
    expect(page.locator("#transport")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert values(page, "c") == ["3"]


def test_it_plays_by_itself_where_asked(page: Page) -> None:
    open_lesson(page, "/embed/lecture-rnn?autoplay=1")
    expect(page.locator("#narration .eyebrow")).to_have_text("Step 2 of 3")


def test_an_embed_keeps_nothing_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    open_lesson(page, "/embed/lecture-lstm?t=2")
    page.keyboard.press("ArrowRight")
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
