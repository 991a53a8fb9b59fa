"""Every page of the newsletter in a browser, in four states; and the way from the form to the list and off it again."""

from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from outreach import services
from outreach.emails import off_url, text_of
from outreach.models import OutboxMail, Topic
from outreach.news import letters
from outreach.news.models import Letter, Subscriber
from tests.journeys.steps import carry_session, says
from tests.journeys.test_every_page import looking, world
from tests.matrix.world import World
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

__all__ = ["world"]
pytestmark = pytest.mark.browser


def test_pages_of_the_newsletter(browser: Browser, site: Site, world: World) -> None:
    numbers = world.mailing
    with looking(browser, site) as look:
        for path in ("/news", "/news/sign-up", "/news/sent"):
            look.at(path)
        look.at("/news/sign-up")
        look.page.get_by_role("button", name="Send me the mail").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/news/sign-up with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        for name in ("news_confirm", "news_off"):
            look.at(world.address("donor", name))
            look.page.locator("main form button").click()
            look.page.get_by_role("status").wait_for()
            look.here(f"{name}, pressed")
        look.at(f"/news/confirm/{uuid4()}", status=404)
        carry_session(look.page, site, world.people["organizer"])
        for path in ("", "/subscribers", "/subscribers?q=nobody", "/import", "/off", "/letters/new"):
            look.at(f"/desk/newsletter{path}")
        for name in ("desk_subscriber", "desk_address_file", "desk_letter", "desk_letter_edit", "desk_letter_send"):
            look.at(world.address("organizer", name))
        services.turn_off(email="reads@example.org", topic=Topic.NEWS, off=False)
        letter = Letter.objects.get(pk=str(numbers["desk_letter"]))
        letters.send_off(letter=letter, gets=1, edition=1)
        look.at(world.address("organizer", "desk_letter"))


def test_onto_the_list_and_off_it_again(browser: Browser, site: Site, world: World) -> None:
    with fresh_page(browser) as page:
        page.goto(f"{site.url}/news")
        page.get_by_role("link", name="Get the news").click()
        page.get_by_label("Your e-mail address").fill("rosa@example.org")
        page.get_by_role("button", name="Send me the mail").click()
        says(page, "Look into your mailbox")
        mail = OutboxMail.objects.get(to="rosa@example.org", template="email/news_confirm")
        link = next(word for word in text_of(mail).split() if "/news/confirm/" in word)
        page.goto(site.url + link[link.index("/news/") :])
        page.get_by_role("button", name="Yes, send me the news").click()
        says(page, "You are on the list")
        assert Subscriber.objects.get(email="rosa@example.org").confirmed_at
        off = off_url(mail)
        page.goto(site.url + off[off.index("/news/") :])
        page.get_by_role("button", name="Send me no more news").click()
        says(page, "No more news")
