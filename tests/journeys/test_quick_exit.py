"""Leaving quickly: by button, by the first link and by Shift three times, to a page of everyday."""

import pytest
from playwright.sync_api import Page, Route, expect

from events.models import Event
from tests.factories import an_event
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser
WEATHER = "https://www.weather.gov/"
COVER = """() => {
  const heading = document.querySelector("h1");
  document.querySelector("[data-exit] [data-leave]").click();
  const seen = {
    hidden: !heading.checkVisibility(),
    said: document.querySelector("[role=alert]").textContent,
    title: document.title,
  };
  window.dispatchEvent(new Event("pageshow"));
  return {...seen, back: heading.checkVisibility(), covered: !!document.querySelector("[role=alert]")};
}"""
PAGES = ("/help", "/stories", "/stories/kaiya", "/stories/tell", "/stories/told")


@pytest.fixture(autouse=True)
def event(site: Site) -> Event:
    return an_event()


def with_weather(page: Page, answered: bool = True) -> list[dict[str, str]]:
    """The world outside: the weather, or a network that does not answer. Returns the headers it was asked with."""
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers)
        if answered:
            route.fulfill(content_type="text/html", body="<title>Weather</title><h1>Sunny</h1>")
        else:
            route.abort()

    page.route(f"{WEATHER}**", answer)
    return asked


def arrived(page: Page) -> None:
    page.wait_for_url(WEATHER)
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_the_button_leaves_and_tells_nobody_from_where(browser_page: Page, site: Site, path: str) -> None:
    asked = with_weather(browser_page)
    browser_page.goto(f"{site.url}{path}")
    browser_page.get_by_role("link", name="Emergency: Exit this page").click()
    arrived(browser_page)
    assert "referer" not in asked[0]


def test_back_does_not_lead_to_the_page_that_was_left(browser_page: Page, site: Site) -> None:
    with_weather(browser_page)
    browser_page.goto(f"{site.url}/money")
    browser_page.goto(f"{site.url}/help")
    browser_page.get_by_role("link", name="Emergency: Exit this page").click()
    arrived(browser_page)
    browser_page.go_back()
    browser_page.wait_for_url(f"{site.url}/money")


def test_the_first_link_by_the_keyboard_leaves(browser_page: Page, site: Site) -> None:
    with_weather(browser_page)
    browser_page.goto(f"{site.url}/help")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Exit this page quickly")).to_be_focused()
    browser_page.keyboard.press("Enter")
    arrived(browser_page)


def test_shift_three_times_leaves_and_says_how_often_it_takes(browser_page: Page, site: Site) -> None:
    with_weather(browser_page)
    browser_page.goto(f"{site.url}/help")
    told = browser_page.locator("[data-exit] [role=status]")
    browser_page.keyboard.press("Shift")
    expect(told).to_have_text("Shift, press 2 more times to exit.")
    browser_page.keyboard.press("Shift")
    expect(told).to_have_text("Shift, press 1 more time to exit.")
    expect(browser_page.locator(".exit-light-on")).to_have_count(2)
    browser_page.keyboard.press("Shift")
    arrived(browser_page)


def test_shift_for_capitals_another_key_and_too_slow_a_hand_do_not_leave(browser_page: Page, site: Site) -> None:
    browser_page.clock.install()
    browser_page.goto(f"{site.url}/stories/tell")
    told = browser_page.locator("[data-exit] [role=status]")
    browser_page.get_by_label("Your story").focus()
    for _ in range(3):
        browser_page.keyboard.press("Shift+A")
    expect(told).to_have_text("")
    for key in ("Shift", "Shift", "a"):
        browser_page.keyboard.press(key)
    expect(told).to_have_text("Exit this page expired.")
    browser_page.keyboard.press("Shift")
    browser_page.keyboard.press("Shift")
    browser_page.clock.run_for(5_100)
    expect(told).to_have_text("Exit this page expired.")
    browser_page.clock.run_for(5_100)
    expect(told).to_have_text("")
    assert browser_page.url == f"{site.url}/stories/tell"


def test_the_page_is_hidden_at_once_while_the_next_one_is_slow(browser_page: Page, site: Site) -> None:
    with_weather(browser_page, answered=False)
    browser_page.goto(f"{site.url}/help")
    seen = browser_page.evaluate(COVER)
    assert seen == {
        "hidden": True,
        "said": "Loading.",
        "title": "Loading.",
        # Who comes back by the browser's memory finds the page, and no cover over it.
        "back": True,
        "covered": False,
    }


def test_it_works_without_a_script_and_stays_in_sight(page_without_javascript: Page, site: Site) -> None:
    with_weather(page_without_javascript)
    page_without_javascript.goto(f"{site.url}/help")
    link = page_without_javascript.get_by_role("link", name="Emergency: Exit this page")
    assert link.get_attribute("rel") == "nofollow noopener noreferrer"
    page_without_javascript.mouse.wheel(0, 2_000)
    expect(link).to_be_in_viewport()
    link.click()
    arrived(page_without_javascript)


def test_it_leads_where_the_event_says_and_stands_on_no_other_page(browser_page: Page, site: Site) -> None:
    Event.objects.update(exit_url="https://www.example.org/recipes", edits=10**6)
    browser_page.goto(f"{site.url}/help")
    for link in browser_page.locator("[data-leave]").all():
        assert link.get_attribute("href") == "https://www.example.org/recipes"
    for path in ("/", "/money", "/give"):
        browser_page.goto(f"{site.url}{path}")
        expect(browser_page.locator("[data-leave]")).to_have_count(0)
