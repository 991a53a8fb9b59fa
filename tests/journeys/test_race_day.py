"""Race day at the table: somebody is looked up and tapped, and the list opens where there is no network."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from accounts.models import Role
from registration.models import Participant
from tests.accounts.people import make_staff
from tests.factories import a_race
from tests.journeys.steps import carry_session, says
from tests.registration_desk.households import a_household, a_race_at
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser
LIST = "/desk/checkin/offline"


@pytest.fixture
def table(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone at the table, signed in. It loses the network, which is no fault of a script, so it watches for none."""
    event = a_race_at(a_race(), 0)
    a_household(event, "Zoë Okafor", "Ole Olson")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    carry_session(page, site, make_staff(Role.COORDINATOR))
    yield page
    context.close()


def keep_the_list(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    expect(page.get_by_text("Kept on this device.")).to_be_visible()


def is_away(page: Page, address: str) -> bool:
    try:
        page.goto(address)
    except Error:
        return True
    return False


def test_somebody_is_there_with_one_tap(table: Page, site: Site) -> None:
    table.goto(f"{site.url}/desk/checkin")
    table.get_by_label("Bib or name").fill("zo")
    table.get_by_label("Bib or name").press("Enter")
    table.get_by_role("button", name="Arrived Zoë Okafor").tap()
    says(table, re.compile("1 of 2"))
    assert Participant.objects.get(name="Zoë Okafor").arrived_at
    table.get_by_role("button", name="Undo Zoë Okafor").tap()
    says(table, re.compile("0 of 2"))


def test_the_list_opens_without_network_and_nothing_else_does(table: Page, site: Site) -> None:
    keep_the_list(table, site)
    table.context.set_offline(True)
    table.goto(site.url + LIST)
    expect(table.get_by_text("No network: this is the list that was kept.")).to_be_visible()
    expect(table.get_by_text("As of ")).to_be_visible()
    table.get_by_label("Bib or name").fill("zoe")
    expect(table.locator("#starters > li:visible")).to_have_text(re.compile("Zoë Okafor"))
    table.get_by_label("Bib or name").fill("4711")
    expect(table.get_by_text("Nobody is like that.")).to_be_visible()
    for path in ("/desk/registrations", "/desk/books", "/money"):
        assert is_away(table, site.url + path)


def test_a_device_forgets_the_list_when_asked(table: Page, site: Site) -> None:
    keep_the_list(table, site)
    table.get_by_role("button", name="Forget the list on this device").tap()
    expect(table.get_by_text("Nothing is kept on this device any more.")).to_be_visible()
    table.context.set_offline(True)
    assert is_away(table, site.url + LIST)


def test_who_may_not_open_it_any_more_loses_what_was_kept(table: Page, site: Site) -> None:
    keep_the_list(table, site)
    table.context.clear_cookies()
    table.goto(site.url + LIST)
    says(table, "Sign in")
    table.context.set_offline(True)
    assert is_away(table, site.url + LIST)
