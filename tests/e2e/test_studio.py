"""The studio: a network without a lesson, made of what the reader chooses and types."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.walk import fits, open_lesson


def open_studio(page: Page, path: str = "/studio") -> Page:
    """The studio with its panel open."""
    open_lesson(page, path)
    page.locator("#edit .edit-body h3").first.wait_for()
    return page


def test_the_gallery_leads_to_the_studio_where_every_cell_can_be_chosen(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("Build a network of your own")).click()
    page.wait_for_url("**/studio*")
    page.locator("#strip .column").first.wait_for()
    cell = page.locator("[data-field='network.layers[0].cell']")
    for name in ("lstm", "gru", "jordan"):
        cell.select_option(name)
        # The picture is drawn from the equations of the cell that was chosen.
        output = {"lstm": "c", "gru": "u", "jordan": "y"}[name]
        page.locator(f'#equations [data-address^="layers.0.forward.{output}["]').first.wait_for()


def test_a_network_of_one_s_own_equations_travels_in_its_link(
    page: Page, open_page: OpenPage
) -> None:
    open_studio(page)
    page.locator("[data-field='network.layers[0].cell']").select_option("<own>")
    page.get_by_role("button", name="one gate").click()
    page.get_by_role("button", name="Use these equations").click()
    page.locator('#equations [data-address^="layers.0.forward.z_g["]').first.wait_for()
    expect(page).to_have_url(re.compile(r"#1\."))
    other = open_studio(open_page(), page.url)
    other.locator('#equations [data-address^="layers.0.forward.z_g["]').first.wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark"), (768, "projector")])
def test_the_studio_is_accessible_and_fits(
    open_page: OpenPage, axe: Callable[[Page], None], language: str, width: int, theme: str
) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    open_studio(page, f"/studio?lang={language}&theme={theme}")
    page.locator("[data-field='network.layers[0].cell']").select_option("<own>")
    page.locator("#edit textarea").wait_for()
    assert fits(page)
    axe(page)
