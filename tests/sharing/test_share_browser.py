"""The share sheet in a browser: open it looks right everywhere, and its buttons do what they say."""

import pytest
from playwright.sync_api import Browser, Page, expect

from fundraisers.models import Fundraiser
from tests.factories import a_page
from tests.journeys.test_every_page import looking
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def page_of_amina(site: Site) -> Fundraiser:
    return a_page()


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('#share, #share details').forEach((fold) => { fold.open = true; })")


def test_the_open_sheet_has_no_fault_at_any_size(browser: Browser, site: Site, page_of_amina: Fundraiser) -> None:
    with looking(browser, site) as look:
        look.page.goto(f"{site.url}/r/amina-warsame")
        open_all(look.page)
        look.here("the share sheet")


def test_the_address_and_the_words_are_copied(browser_page: Page, site: Site, page_of_amina: Fundraiser) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(f"{site.url}/r/amina-warsame")
    open_all(browser_page)
    browser_page.get_by_role("button", name="Copy the address").click()
    expect(browser_page.get_by_role("button", name="Copied")).to_be_visible()
    address = f"{site.url}/r/amina-warsame?from=copy"
    assert browser_page.evaluate("navigator.clipboard.readText()") == address
    browser_page.get_by_role("button", name="Copy", exact=True).first.click()
    words = browser_page.evaluate("navigator.clipboard.readText()")
    assert words.startswith("Hi! I am taking part in the Not In Our City 5K")
    assert words.endswith(f"\n\n{address}")


def test_without_script_there_is_no_button_that_does_nothing(
    page_without_javascript: Page, site: Site, page_of_amina: Fundraiser
) -> None:
    page_without_javascript.goto(f"{site.url}/r/amina-warsame")
    page_without_javascript.get_by_text("Share this page").click()
    sheet = page_without_javascript.locator("#share")
    expect(sheet.get_by_role("link", name="WhatsApp").first).to_be_visible()
    expect(sheet.get_by_role("button")).to_have_count(0)


def test_an_app_gets_the_page_where_the_browser_can_hand_it_over(
    browser_page: Page, site: Site, page_of_amina: Fundraiser
) -> None:
    browser_page.add_init_script(
        "window.handed = []; navigator.share = (what) => { window.handed.push(what); return Promise.reject(); }"
    )
    browser_page.goto(f"{site.url}/r/amina-warsame")
    open_all(browser_page)
    browser_page.get_by_role("button", name="Share with an app").click()
    handed = browser_page.evaluate("window.handed")
    assert [what["url"] for what in handed] == [f"{site.url}/r/amina-warsame?from=copy"]
