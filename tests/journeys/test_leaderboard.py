"""Somebody looks for a friend in the race, and finds the page and its place."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import a_page, a_payment, an_event, paid
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser


def test_a_friend_is_found_without_scripts(site: Site, page_without_javascript: Page) -> None:
    event, page = an_event(), page_without_javascript
    paid(a_payment(a_page(event, name="Kwame Mensah"), cents=9_000))
    paid(a_payment(a_page(event), cents=5_000))
    page.goto(f"{site.url}/leaderboard")
    page.get_by_role("link", name="Per runner").click()
    expect(page.get_by_role("link", name="Per runner")).to_have_attribute("aria-current", "page")
    page.get_by_label("Name or bib number").fill("wars")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Amina Warsame").click()
    place = page.locator("#place")
    expect(place).to_contain_text("Place 2 of 2 runners")
    place.get_by_role("link", name="Kwame Mensah").click()
    expect(page.locator("#place")).to_contain_text("Place 1 of 2 runners")
