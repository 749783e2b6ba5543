"""Pages that embed a lesson: learning platforms, strict ones, long ones, mistaken ones."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.e2e.conftest import OpenPage, Server, Snippet

FRAME = (
    '<iframe title="A walkthrough" sandbox="allow-scripts" width="900" height="300"'
    ' src="{src}"></iframe>'
)

# What the H5P resizer on a host's page does: it answers greetings and sets the height in two moves.
H5P = """<script>
  window.actions = [];
  const frame = () => document.querySelector("iframe");
  addEventListener("message", ({data, source}) => {
    if (data.context !== "h5p") return;
    actions.push(data.action);
    const respond = (action) => source.postMessage({context: "h5p", action}, "*");
    if (data.action === "hello") respond("hello");
    if (data.action === "prepareResize") {
      if (frame().clientHeight !== data.scrollHeight || data.scrollHeight !== data.clientHeight) {
        frame().style.height = data.clientHeight + "px";
        respond("resizePrepared");
      }
    }
    if (data.action === "resize") frame().style.height = data.scrollHeight + "px";
  });
</script>"""

CANVAS = """<script>
  addEventListener("message", ({data}) => {
    if (data.subject === "lti.frameResize") {
      document.querySelector("iframe").style.height = data.height + "px";
    }
  });
</script>"""

HEARD = """<script>
  window.heard = [];
  addEventListener("message", ({data, source}) => {
    if (data.source === "unrolled") heard.push(data);
  });
  const say = (data) => document.querySelector("iframe").contentWindow.postMessage(data, "*");
</script>"""

Host = Callable[..., Page]


@pytest.fixture
def host(open_page: OpenPage, server: Server) -> Host:
    """A course's page at its own address: `before` stands above the frame of `path`."""

    def opened(
        path: str, before: str = "", frames: int = 1, headers: dict[str, str] | None = None
    ) -> Page:
        page = open_page(viewport={"width": 960, "height": 700})
        one = FRAME.format(src=server.url + path)
        gap = '<div style="height: 1500px"></div>'
        body = "<!doctype html><title>A course</title>" + before + gap.join([one] * frames)

        def answer(route: Route) -> None:
            route.fulfill(body=body, content_type="text/html", headers=headers or {})

        page.route("**/a-course", answer)
        page.goto("/a-course")
        return page

    return opened


def frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe").first


def ready(page: Page) -> FrameLocator:
    expect(frame(page).locator("html")).to_have_attribute("data-ready", "true")
    return frame(page)


def tall(page: Page) -> None:
    """The frame is as tall as what is in it, and nothing in it scrolls."""
    page.wait_for_function("document.querySelector('iframe').clientHeight > 400")
    inside = page.frames[1]
    inside.wait_for_function(
        "document.documentElement.scrollHeight <= document.documentElement.clientHeight"
    )


def test_the_h5p_resizer_makes_room(host: Host) -> None:
    page = host("/embed/lecture-lstm?t=3", H5P)
    ready(page)
    tall(page)
    assert page.evaluate("actions")[0] == "hello"
    assert page.evaluate("actions.includes('resize')")


def test_canvas_makes_room(host: Host) -> None:
    page = host("/embed/lecture-lstm?t=3", CANVAS)
    ready(page)
    tall(page)


def test_a_strict_host_needs_to_allow_nothing_but_the_frame(host: Host, server: Server) -> None:
    policy = f"default-src 'none'; frame-src {server.url}"
    page = host("/embed/lecture-lstm?t=3", headers={"Content-Security-Policy": policy})
    expect(ready(page).locator("#narration .eyebrow")).to_have_text("Step 3 of 5")


def test_where_sockets_are_blocked_everything_steps(host: Host, open_page: OpenPage) -> None:
    page = host("/embed/lecture-lstm")
    page.route_web_socket("**", lambda socket: socket.close())
    inside = ready(page)
    inside.locator('[data-control="next"]').click()
    expect(inside.locator('[data-address="layers.0.forward.c[0]"] .exact').first).to_have_text("3")
    inside.locator('#equations [data-address="layers.0.forward.c[0]"]').first.click()
    expect(inside.locator(".arithmetic").first).to_be_visible()


def test_three_on_a_long_page_stay_idle_until_seen(host: Host) -> None:
    asked: list[str] = []
    page = host("/embed/lecture-lstm", HEARD, frames=3)
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_function("heard.filter(({type}) => type === 'ready').length >= 1")
    ready(page)
    last = page.frame_locator("iframe").nth(2)
    expect(last.locator("html")).not_to_have_attribute("data-ready", "true")
    page.locator("iframe").nth(2).scroll_into_view_if_needed()
    expect(last.locator("html")).to_have_attribute("data-ready", "true")


def test_keys_act_only_inside_and_scrolling_stays_the_hosts(host: Host) -> None:
    page = host("/embed/lecture-lstm", HEARD, frames=2)
    inside = ready(page)
    step = inside.locator("#narration .eyebrow")
    page.locator("body").press("ArrowRight")
    expect(step).to_have_text("5 steps ahead")
    inside.locator(
        "h1"
    ).click()  # a click on nothing: the frame has the keys, nothing in it the focus
    page.keyboard.press("ArrowRight")
    expect(step).to_have_text("Step 1 of 5")
    page.keyboard.press("End")
    expect(step).to_have_text("Step 1 of 5")
    inside.locator('[data-control="next"]').focus()
    page.keyboard.press("End")
    expect(step).to_have_text("Step 5 of 5")


def test_opening_arithmetic_leaves_the_host_where_it_is(host: Host) -> None:
    page = host("/embed/lecture-lstm?t=3", HEARD, frames=2)
    inside = ready(page)
    before = page.evaluate("scrollY")
    inside.locator('#equations [data-address="layers.0.forward.z_f[0]"]').first.press("Enter")
    expect(inside.locator(".arithmetic").first).to_be_visible()
    assert page.evaluate("scrollY") == before


def test_the_keyboard_goes_through_the_frame_and_out_again(host: Host) -> None:
    page = host("/embed/lecture-lstm?t=3", "<button id=before>before</button>" + HEARD)
    ready(page)
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<button id=after>after</button>')"
    )
    page.locator("#before").focus()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "after":
            break
    assert page.evaluate("document.activeElement.id") == "after"


def test_where_no_window_may_open_the_address_is_there_to_copy(
    host: Host, server: Server, problems: list[str]
) -> None:
    inside = ready(host("/embed/lecture-lstm?t=3"))
    inside.get_by_role("link", name="Open the full page").click()
    address = inside.get_by_role("textbox", name="The address of the full page, to copy")
    expect(address).to_be_focused()
    assert address.input_value().startswith(f"{server.url}/lessons/lecture-lstm#1.")
    problems[:] = [each for each in problems if "Blocked opening" not in each]


def test_an_unknown_lesson_is_said_in_the_frame_and_to_the_host(
    host: Host, problems: list[str]
) -> None:
    page = host("/embed/no-such-lesson", HEARD)
    expect(frame(page).get_by_role("heading", level=1)).to_have_text("There is no such lesson")
    page.wait_for_function("heard.some(({type, code}) => type === 'error' && code === 'no_lesson')")
    problems[:] = [each for each in problems if "404" not in each]


def test_a_state_that_cannot_be_read_is_an_error_and_the_beginning(host: Host) -> None:
    page = host("/embed/lecture-lstm#1.nonsense", HEARD)
    page.wait_for_function("heard.some(({type, code}) => type === 'error' && code === 'bad_state')")
    expect(ready(page).locator("#narration .eyebrow")).to_have_text("5 steps ahead")


def said(page: Page, message: Any) -> dict[str, Any]:
    """The error that a message is answered with."""
    page.evaluate("(data) => say(data)", message)
    page.wait_for_function("heard.some(({type}) => type === 'error')")
    found: dict[str, Any] = page.evaluate("heard.find(({type}) => type === 'error')")
    return found


@pytest.mark.parametrize(
    "message",
    [
        {"target": "unrolled"},
        {"target": "unrolled", "type": 7},
        {"target": "unrolled", "type": "constructor"},
        {"target": "unrolled", "type": "setState", "state": "elsewhere"},
        {"target": "unrolled", "type": "setState", "state": [1]},
    ],
)
def test_nonsense_is_answered_with_an_error(host: Host, message: Any) -> None:
    page = host("/embed/lecture-lstm", HEARD)
    ready(page)
    assert said(page, message)["code"] == "bad_message"


def test_a_scene_over_the_limits_is_refused_with_the_limits_name(
    host: Host, problems: list[str]
) -> None:
    page = host("/embed/lecture-lstm", HEARD)
    inside = ready(page)
    scene = {"version": 1, "network": {"layers": [{"cell": "elman", "units": 9999}]},
             "inputs": [[1]]}  # fmt: skip
    error = said(page, {"target": "unrolled", "type": "setState", "state": {"scene": scene}})
    assert error["code"] == "bad_scene"
    assert "UNROLLED_MAX_UNITS" in error["detail"]
    inside.locator('[data-control="next"]').click()
    expect(inside.locator("#narration .eyebrow")).to_have_text("Step 1 of 5")
    problems[:] = [each for each in problems if "422" not in each]


def test_a_frame_shows_the_scene_its_fragment_carries(host: Host, page: Page) -> None:
    scene = {
        "version": 1,
        "network": {"layers": [{"cell": "gru", "units": 1}]},
        "inputs": [[1], [2]],
    }
    state = {"scene": scene, "cursor": {"pass": "forward", "t": 1, "node": None}, "view": {}}
    page.goto("/lessons/lecture-lstm")
    fragment = page.evaluate(
        """async (state) => {
          const stream = new Blob([JSON.stringify(state)]).stream()
            .pipeThrough(new CompressionStream("deflate-raw"));
          const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
          return "#1." + btoa(String.fromCharCode(...bytes))
            .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
        }""",
        state,
    )
    inside = ready(host(f"/embed{fragment}"))
    expect(inside.locator("#narration .eyebrow")).to_have_text("Step 2 of 2")
    expect(inside.locator('#equations [data-name="u"]').first).to_be_visible()


@pytest.mark.parametrize("query", ["t=3", "t=3&theme=dark", "t=3&theme=projector&lang=zh"])
def test_axe_finds_nothing_inside_the_frame(page: Page, axe: Any, query: str) -> None:
    page.goto(f"/embed/lecture-lstm?{query}")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    axe(page)


@pytest.mark.parametrize("width", [320, 768])
def test_a_narrow_frame_does_not_overflow(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 500})
    page.goto("/embed/lecture-lstm?t=3")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def pasted(open_page: OpenPage, text: str) -> Page:
    page = open_page(viewport={"width": 960, "height": 700})
    body = "<!doctype html><title>A course</title>" + HEARD + text
    page.route("**/a-course", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/a-course")
    return page


@pytest.mark.parametrize("kind", ["html", "script", "moodle", "canvas", "mkdocs"])
def test_what_the_dialog_hands_out_works_as_pasted(
    open_page: OpenPage, snippet: Snippet, kind: str
) -> None:
    inside = ready(pasted(open_page, snippet(kind)))
    expect(inside.locator("#narration .eyebrow")).to_have_text("Step 3 of 5")


def test_the_script_of_one_line_makes_room_and_speaks(
    open_page: OpenPage, snippet: Snippet
) -> None:
    page = pasted(open_page, snippet("script"))
    inside = ready(page)
    tall(page)
    page.evaluate(
        """() => {
          const frame = document.querySelector("iframe");
          window.said = [];
          frame.addEventListener("unrolled", ({detail}) => said.push(detail));
          frame.unrolled("step");
        }"""
    )
    expect(inside.locator("#narration .eyebrow")).to_have_text("Step 4 of 5")
    page.wait_for_function("said.some(({type, state}) => type === 'state' && state.cursor.t === 3)")
