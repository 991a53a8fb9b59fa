"""Staff: through the door, and what they do at the desk."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from accounts.models import Role
from accounts.services import create_person
from fundraisers.models import Fundraiser
from tests.accounts.people import make_staff
from tests.journeys.conftest import NewPage
from tests.journeys.steps import carry_session, give, pay, says, settled_gift, sign_in_by_code, work
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.browser


def code_now(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up_an_app(page: Page) -> str:
    """Adds an authenticator app; returns its secret."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("main code").inner_text()
    page.get_by_label("Six digits").fill(code_now(secret))
    page.get_by_role("button", name="Set up the app").click()
    return secret


def test_a_runner_signs_in_by_the_code_from_the_outbox_and_finds_her_page(
    browser_page: Page, site: Site, amina: Fundraiser
) -> None:
    page = browser_page
    amina.owner = create_person(email="amina@example.org", name="Amina Warsame")
    amina.save(update_fields=["owner"])
    page.goto(site.url)
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    sign_in_by_code(page, site, "amina@example.org")
    says(page, "Hello, Amina Warsame")
    page.get_by_role("main").get_by_role("link", name="See the page").click()
    says(page, amina.heading)
    page.goto(f"{site.url}/me")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{site.url}/me")
    says(page, "Sign in")


@pytest.mark.money
def test_an_organizer_sets_up_a_second_factor_makes_a_page_and_finds_its_gift_in_the_books(
    browser_page: Page, new_page: NewPage, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    enter_the_desk_for_the_first_time(page, site)
    make_a_page(page, "Ines Okafor")
    donor = new_page()
    donor.goto(f"{site.url}/r/ines-okafor/give")
    give(donor, amount="75")
    pay(donor)
    says(donor, "Thank you")
    work(sandbox)
    find_the_gift(page, donor="Rosa Delgado", runner="Ines Okafor")
    open_page(page, "Money", "Books")
    says(page, "Books")
    sums = page.locator("tfoot td.num").all_inner_texts()
    assert sums[0] == sums[1] == "$75.00"


def enter_the_desk_for_the_first_time(page: Page, site: Site) -> None:
    staff = make_staff(Role.ORGANIZER, factor=False)
    page.goto(f"{site.url}/desk")
    sign_in_by_code(page, site, staff.email)
    says(page, "One more key")
    page.goto(f"{site.url}/desk/gifts")
    says(page, "One more key")
    secret = set_up_an_app(page)
    if "Confirm that it is you" in page.locator("h1").inner_text():
        # Codes count once: the one of the next half minute is taken as well.
        page.get_by_label(re.compile("code|digits", re.IGNORECASE)).fill(code_now(secret, later=1))
        page.locator("main form button").first.click()
    says(page, "Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    says(page, "Gifts")


def open_page(page: Page, group: str, name: str) -> None:
    """Opens a group of the desk's navigation where it is closed, and follows a link in it."""
    desk = page.get_by_role("navigation", name="Desk")
    link = desk.get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        desk.locator("summary").filter(has_text=group).filter(visible=True).click()
    link.click()


def make_a_page(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Today").click()
    page.get_by_role("link", name="Make a runner's page").click()
    page.get_by_label("Name on the page").fill(name)
    page.get_by_label("E-mail of the runner").fill("ines@example.org")
    page.get_by_role("button", name="Make the page").click()
    expect(page.get_by_role("status")).to_contain_text("The page of bib 102 is there.")


def find_the_gift(page: Page, donor: str, runner: str) -> None:
    open_page(page, "Money", "Gifts")
    page.get_by_label("Name, e-mail or message").fill(donor.split(maxsplit=1)[0].lower())
    page.locator("form").filter(has=page.get_by_label("Name, e-mail or message")).get_by_role("button").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(runner)
    page.get_by_role("link", name=donor).click()
    says(page, f"$75.00 from {donor}")


def test_a_person_without_a_role_learns_nothing_of_the_desk(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    carry_session(page, site, create_person(email="otto@example.org", name="Otto Other"), mfa_seconds_ago=None)
    answer = page.goto(f"{site.url}/desk")
    assert answer
    assert answer.status == 404


@pytest.mark.money
def test_a_hidden_page_is_forgotten_by_every_address(
    browser_page: Page, new_page: NewPage, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page, visitor = browser_page, new_page()
    settled_gift(sandbox, site, amina.slug)
    for path in ("", "/leaderboard"):
        visitor.goto(site.url + path)
        expect(visitor.locator("main")).to_contain_text("Amina Warsame")

    carry_session(page, site, make_staff(Role.MODERATOR))
    page.goto(f"{site.url}/desk/runners")
    page.get_by_role("button", name="Hide Amina Warsame").click()
    expect(page.get_by_role("status")).to_contain_text("The page of bib 101 is hidden.")

    for path in (f"/r/{amina.slug}", f"/r/{amina.slug}/give"):
        answer = visitor.goto(site.url + path)
        assert answer
        assert answer.status == 404
        assert "Amina" not in visitor.content()
    for path in ("", "/leaderboard", "/money"):
        visitor.goto(site.url + path)
        assert "Amina" not in visitor.content(), f"{path or '/'} still knows her"

    page.get_by_role("button", name="Show again Amina Warsame").click()
    expect(page.get_by_role("status")).to_contain_text("can be seen again")
    visitor.goto(f"{site.url}/r/{amina.slug}")
    says(visitor, amina.heading)
