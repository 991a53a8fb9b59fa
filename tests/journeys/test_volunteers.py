"""Helping, in a browser without scripts: from the public page to a shift; and how every page of it looks."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role
from outreach.volunteers.models import Placement, Volunteer
from tests.accounts.people import make_staff
from tests.factories import a_race
from tests.journeys.steps import carry_session, says
from tests.journeys.test_every_page import looking
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site
from tests.volunteers.team import a_shift, a_volunteer, link_of, on

pytestmark = pytest.mark.browser


def test_from_the_public_page_to_a_shift_without_scripts(browser: Browser, site: Site) -> None:
    shift = a_shift(a_race())
    with fresh_page(browser, java_script_enabled=False) as page:
        page.goto(f"{site.url}/volunteer")
        page.get_by_role("link", name="I can help").click()
        fill_in(page)
        says(page, "Look into your mailbox")
        person = Volunteer.objects.get()
        page.goto(site.url + link_of(person))
        page.get_by_role("link", name="Take this shift").click()
        page.get_by_role("button", name="Take this shift").click()
        expect(page.get_by_text("You are in.")).to_be_visible()
        assert Placement.objects.get(ended_at=None).shift == shift
        page.get_by_role("button", name="Give it back").click()
        expect(page.get_by_text("is given back")).to_be_visible()


def fill_in(page: Page) -> None:
    page.get_by_label("Your name").fill("Maya Olson")
    page.get_by_label("E-mail").fill("maya@example.org")
    page.get_by_role("button", name="Send").click()


def test_public_and_private_pages(browser: Browser, site: Site) -> None:
    event = a_race()
    with looking(browser, site) as look:
        look.at("/volunteer")
        shift, full = a_shift(event, min_age=16), a_shift(event, "Water station", hours_from_start=-1, places=1)
        [person] = on(full, "Maximiliana-Konstantina Featherstonehaugh-Wolfeschlegelstein")
        asking = a_volunteer(event, "Ben Lund", shift=shift)
        for path in ("/volunteer", f"/volunteer/offer?shift={shift.pk}", "/volunteer/sent", "/volunteer/forgotten"):
            look.at(path)
        look.at("/volunteer/offer")
        look.page.get_by_role("button", name="Send").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/volunteer/offer with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        for path in (link_of(person), f"{link_of(person)}/take/{shift.pk}", f"{link_of(person)}/forget"):
            look.at(path)
        look.at(link_of(asking))


def test_pages_of_the_coordinator(browser: Browser, site: Site) -> None:
    event = a_race()
    with looking(browser, site) as look:
        carry_session(look.page, site, make_staff(Role.COORDINATOR))
        for path in ("/volunteers", "/shifts", "/shifts/new"):
            look.at(f"/desk{path}")
        shift = a_shift(event, min_age=16)
        [person] = on(shift, "Maximiliana-Konstantina Featherstonehaugh-Wolfeschlegelstein")
        a_volunteer(event, "Ben Lund", shift=shift)
        for path in ("/volunteers", "/volunteers?q=nobody", "/volunteers/thank", f"/volunteers/{person.pk}"):
            look.at(f"/desk{path}")
        for path in ("/shifts", f"/shifts/{shift.pk}", f"/shifts/{shift.pk}/cancel", "/shifts/print", "/shifts/needs"):
            look.at(f"/desk{path}")
        look.at(f"/desk/volunteers/{person.pk}/message")
        look.page.get_by_label("Subject").fill("Saturday?")
        look.page.get_by_label("Message").fill("Can you come at 6:30?")
        look.page.get_by_role("button", name="See how it reads").click()
        look.page.get_by_text("Nothing has been sent yet").wait_for()
        look.here("a mail before it is sent")
        look.at(f"/desk/shifts/{shift.pk}")
        look.page.get_by_label("Where to meet").fill("Gate 34")
        look.page.get_by_role("button", name="Keep this").click()
        says(look.page, "Change the shift: what it does")
        look.here("a shift before it is changed")
