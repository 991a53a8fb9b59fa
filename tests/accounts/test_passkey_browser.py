"""A passkey from adding it to signing in with it alone, in Chromium with a virtual authenticator."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from tests.accounts.people import make_staff
from tests.tools.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.accounts.doors")]

# A laptop with a fingerprint reader, and a finger on it.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def staff(site: Site) -> User:
    return make_staff(Role.TREASURER, factor=False)


@pytest.fixture
def page(browser_page: Page) -> Page:
    devtools = browser_page.context.new_cdp_session(browser_page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return browser_page


def sign_in_by_code(page: Page, email: str) -> None:
    """By keyboard alone, as far as forms go."""
    page.get_by_label("E-mail address").fill(email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/confirm/*")
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", str(mail.outbox[-1].body))
    assert code
    page.get_by_label("Code").fill(code.group())
    page.keyboard.press("Enter")


def confirm_with_passkey(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def test_staff_add_a_passkey_and_sign_in_with_it_alone(page: Page, site: Site, staff: User) -> None:
    page.goto(f"{site.url}/doors/books")
    sign_in_by_code(page, staff.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more key")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    confirm_with_passkey(page)
    assert "A passkey was added to your account." in str(mail.outbox[-1].body)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("body")).to_have_text(f"books 1 for {staff.email}")

    page.goto(f"{site.url}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{site.url}/doors/pay")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("body")).to_have_text("paid")


def test_a_passkey_follows_the_code_where_both_are_used(page: Page, site: Site, staff: User) -> None:
    page.goto(f"{site.url}/doors/books")
    sign_in_by_code(page, staff.email)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    confirm_with_passkey(page)
    page.context.clear_cookies()
    page.goto(f"{site.url}/doors/pay")
    sign_in_by_code(page, staff.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.locator("body")).to_have_text("paid")


def test_a_person_without_a_passkey_reads_that_nothing_happened(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("no passkey was used")
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_code_signs_in_without_javascript(page_without_javascript: Page, site: Site, staff: User) -> None:
    page = page_without_javascript
    page.goto(f"{site.url}/accounts/login/?next=/doors/me")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in_by_code(page, staff.email)
    expect(page.locator("body")).to_have_text("hello")
