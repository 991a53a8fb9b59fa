"""A household signs up, pays once and is in: on a phone, without JavaScript, for free, and by a place handed on."""

import re

import pytest
from playwright.sync_api import Page, expect

from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from registration.codes import create_promo_code
from registration.models import Participant, Registration
from tests.factories import a_race, a_registration
from tests.journeys.steps import pay, says, work
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.browser, pytest.mark.money]


@pytest.fixture
def event(site: Site) -> Event:
    return a_race()


def fill_in(page: Page, name: str, age: str, option: str = "5K run", email: str = "", shirt: str = "M") -> None:
    """One person's form; the emergency contact of the first one is known in the next."""
    page.get_by_role("radio", name=re.compile(f"^{option}")).check()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Age on race day").fill(age)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Shirt size").select_option(shirt)
    if not page.get_by_label("Their phone").input_value():
        page.get_by_label("Their name").fill("Hodan Warsame")
        page.get_by_label("Their phone").fill("612-555-0100")
    page.get_by_role("button", name="Continue").click()
    says(page, "Your registration")


def two_people(page: Page, site: Site, sandbox: StripeSandbox) -> None:
    """From the front page to two bibs."""
    page.goto(site.url)
    page.get_by_role("main").get_by_role("link", name="Register for the 5K").click()
    page.get_by_role("link", name="Register now").click()
    fill_in(page, "Amina Warsame", "34", email="amina@example.org")
    page.get_by_role("link", name="Add a person").click()
    fill_in(page, "Mia Warsame", "9", option="Kids' run", shirt="Youth S")
    page.get_by_label(re.compile("^Amina Warsame signs, also as parent or guardian of Mia")).fill("Amina Warsame")
    page.get_by_role("button", name="Sign, and pay $40.00").click()
    says(page, "Pay $40.00")
    pay(page)
    work(sandbox)
    assert list(Participant.objects.values_list("name", "guardian", "registration__status")) == [
        ("Amina Warsame", "", "confirmed"),
        ("Mia Warsame", "Amina Warsame", "confirmed"),
    ]
    mia = Fundraiser.objects.get(participant__name="Mia Warsame")
    assert (mia.name, mia.is_listed) == ("Mia", False)
    page.goto(f"{site.url}/registration/{Registration.objects.get().token}")
    says(page, "You are in")
    expect(page.locator(".bib")).to_have_count(2)
    assert OutboxMail.objects.filter(template="email/registration_confirmed", status="sent").count() == 1


def test_a_parent_and_a_child_in_one_payment_on_a_phone(
    phone_page: Page, site: Site, sandbox: StripeSandbox, event: Event
) -> None:
    two_people(phone_page, site, sandbox)


def test_the_same_without_javascript(
    page_without_javascript: Page, site: Site, sandbox: StripeSandbox, event: Event
) -> None:
    two_people(page_without_javascript, site, sandbox)


def test_a_free_entry_never_sees_stripe(browser_page: Page, site: Site, sandbox: StripeSandbox, event: Event) -> None:
    create_promo_code(event=event, code="FREE", percent_off=100)
    page = browser_page
    page.goto(f"{site.url}/register/start")
    fill_in(page, "Amina Warsame", "34", email="amina@example.org")
    page.get_by_role("link", name="Enter a promo code").click()
    page.get_by_label("The code").fill("free")
    page.get_by_role("button", name="Use it").click()
    page.get_by_label("Amina Warsame signs").fill("Amina Warsame")
    page.get_by_role("button", name="Sign and register").click()
    says(page, "You are in")
    assert Fundraiser.objects.get().name == "Amina Warsame"


def test_the_bib_is_written_while_the_name_is_typed(browser_page: Page, site: Site, event: Event) -> None:
    page = browser_page
    page.goto(f"{site.url}/register/start")
    name = page.locator("[data-bib-name]")
    expect(name).to_have_text("Your name")
    page.get_by_label("Full name").fill("Amina Warsame")
    expect(name).to_have_text("Amina Warsame")
    page.get_by_text("Another name, or a protected page").click()
    page.get_by_label("Protect this page").check()
    expect(name).to_have_text("Amina")
    page.get_by_label("Name on the page").fill("Night Owl")
    expect(name).to_have_text("Night Owl")


def test_a_place_is_handed_on_by_mail(browser_page: Page, site: Site, sandbox: StripeSandbox, event: Event) -> None:
    done, page = a_registration(event), browser_page
    page.goto(f"{site.url}/registration/{done.token}")
    page.get_by_role("link", name=re.compile("^Hand the place on")).click()
    expect(page.locator(".said")).to_contain_text("Nothing is paid and nothing goes back.")
    page.get_by_label("Name of the new person").fill("Ben Olson")
    page.get_by_label("E-mail of the new person").fill("ben@example.org")
    page.get_by_role("button", name="Send the link").click()
    says(page, "You are in")
    page.goto(OutboxMail.objects.get(to="ben@example.org").context["own_url"])
    says(page, "Who takes part?")
    page.get_by_label("Age on race day").fill("41")
    page.get_by_label("Shirt size").select_option("L")
    page.get_by_label("Their name").fill("Ana Olson")
    page.get_by_label("Their phone").fill("612-555-0199")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Ben Olson signs").fill("Ben Olson")
    page.get_by_role("button", name="Sign and register").click()
    says(page, "You are in")
    assert list(Participant.objects.order_by("pk").values_list("name", "status")) == [
        ("Amina Warsame", "transferred"),
        ("Ben Olson", "active"),
    ]
