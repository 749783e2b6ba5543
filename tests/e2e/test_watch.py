"""The tests' own eyes: what a page does wrong is noted, so that silence means something."""

from playwright.sync_api import Page


def test_errors_of_a_page_are_noted(page: Page, problems: list[str]) -> None:
    page.goto("/")
    with page.expect_console_message():
        page.evaluate("console.error('said aloud')")
    with page.expect_event("pageerror"):
        page.evaluate("void setTimeout(() => { throw new Error('not caught'); })")
    assert problems == ["console: said aloud", "uncaught: not caught"]
    problems.clear()


def test_requests_to_another_host_are_noted(page: Page, problems: list[str]) -> None:
    page.route("http://elsewhere.test/**", lambda route: route.fulfill(body="nothing"))
    page.goto("about:blank")
    page.set_content("<img alt='' src='http://elsewhere.test/picture.png'>")
    assert "request to another host: http://elsewhere.test/picture.png" in problems
    problems.clear()
