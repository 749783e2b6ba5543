"""The running server and the browser that the tests in this folder share.

`page` is what most tests want: a fresh browser context on the server's address that fails its test
when the page logs an error, throws, or asks another host for anything. `open_page(**context)` makes
further ones with Playwright's own context options (viewport, locale, reduced_motion, …).
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "test-results"
START_SECONDS = 30.0

CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    """A server of ours in a process of its own."""

    url: str
    log: Path


class OpenPage(Protocol):
    """Opens a page in a fresh context; keyword arguments are Playwright's context options."""

    def __call__(self, **context: Any) -> Page: ...


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask /healthz until it answers 200; fail with the log when it dies or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"`unrolled serve` did not become healthy at {url}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`unrolled serve` on a free port, with a database of its own and default settings."""
    folder = tmp_path_factory.mktemp("server")
    log = folder / "server.log"
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("UNROLLED_")}
    environment["UNROLLED_DATABASE"] = str(folder / "unrolled.sqlite3")
    command = [str(Path(sys.executable).parent / "unrolled"), "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=folder
        )
    try:
        wait_until_healthy(url, process, log)
        yield Server(url, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium where there is one, otherwise Playwright's own."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*sandbox, *CHROMIUM_ARGUMENTS]
        )
        yield launched
        launched.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in the test's pages; a test that provokes an error takes it out again."""
    return []


def watch(page: Page, home: str, problems: list[str]) -> None:
    """Note errors on the console, uncaught exceptions and requests to another host."""

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            problems.append(f"request to another host: {request.url}")

    page.on("request", on_request)
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on(
        "console",
        lambda said: problems.append(f"console: {said.text}") if said.type == "error" else None,
    )


@pytest.fixture
def open_page(
    server: Server, browser: Browser, problems: list[str], request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Open watched pages; `goto` needs only a path of the server, such as "/lessons/gru"."""
    contexts: list[BrowserContext] = []

    def open_one(**context: Any) -> Page:
        options: dict[str, Any] = {"base_url": server.url, "locale": "en-US", **context}
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        watch(page, urlsplit(server.url).netloc, problems)
        return page

    yield open_one
    failed = getattr(request.node, "failed", False)
    for number, context in enumerate(contexts):
        if failed:
            keep_screenshots(context, f"{request.node.name}-{number}")
        context.close()
    assert not problems, "the pages reported: " + "; ".join(problems)


def keep_screenshots(context: BrowserContext, name: str) -> None:
    """Leave a picture of every open page of a failed test in test-results/."""
    RESULTS.mkdir(exist_ok=True)
    safe = re.sub(r"[^\w.-]+", "-", name)
    for number, page in enumerate(context.pages):
        page.screenshot(path=RESULTS / f"{safe}-{number}.png")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One page in a fresh context; English, a desktop's size."""
    return open_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe finds no violation of the accessibility rules on a page as it stands."""

    def assert_accessible(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return assert_accessible


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, and add the end of the server's log to its report."""
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
        running = getattr(item, "funcargs", {}).get("server")
        if isinstance(running, Server):
            report.sections.append(("server log", running.log.read_text()[-4000:]))
    return report


Snippet = Callable[[str], str]


@pytest.fixture
def snippet(page: Page) -> Snippet:
    """What the dialog hands out for a kind of page, at the third step of the lecture's LSTM."""

    def taken(kind: str) -> str:
        page.goto("/lessons/lecture-lstm?t=3")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        page.get_by_role("button", name="Share").click()
        page.get_by_label("Kind of page").select_option(kind)
        return page.get_by_label("What to paste").input_value()

    return taken
