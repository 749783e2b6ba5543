"""The API reference by what a reader does: finds a route, follows a form, on any screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits

Axe = Callable[[Page], None]


def test_from_the_gallery_to_a_route_and_on_to_what_it_takes(page: Page) -> None:
    page.goto("/?lang=en")
    page.get_by_role("link", name="API reference").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API reference")
    page.get_by_role("navigation").get_by_role("link", name="POST /api/v1/jacobians").click()
    route = page.locator("#post_jacobians")
    expect(route).to_be_in_viewport()
    route.get_by_role("link", name="JacobianRequest").click()
    form = page.locator("#form-JacobianRequest")
    expect(form).to_be_in_viewport()
    expect(form.get_by_role("row", name="with_respect_to")).to_contain_text("required")


def test_the_frame_changes_its_language(page: Page) -> None:
    page.goto("/docs?lang=en")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API 参考")


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (768, "projector"), (1440, "light")])
def test_it_fits_every_screen_and_axe_finds_nothing(
    open_page: OpenPage, axe: Axe, width: int, theme: str
) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(f"/docs?theme={theme}&lang=zh")
    assert fits(page)
    axe(page)
