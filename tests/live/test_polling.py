"""A page that is left open: what asking costs, what is touched, and what it says when nobody answers."""

import socket
from urllib.parse import urlsplit

import pytest
from django.db.models import F
from playwright.sync_api import Browser, Page, expect

from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from tests.factories import a_page
from tests.journeys.steps import says
from tests.journeys.test_live import statuses_of, wait_until
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser
STEP = 16_000


@pytest.fixture
def amina(site: Site) -> Fundraiser:
    return a_page()


def answered(site: Site, path: str, tag: str = "") -> tuple[str, int]:
    """The first line of an answer, and how many bytes came over the wire, headers and all."""
    host = urlsplit(site.url)
    asked = [f"GET {path} HTTP/1.0", f"Host: {host.netloc}", "Accept-Encoding: gzip"]
    with socket.create_connection((host.hostname or "", host.port or 80)) as wire:
        wire.sendall("\r\n".join([*asked, *([f"If-None-Match: {tag}"] if tag else []), "", ""]).encode())
        came = b"".join(iter(lambda: wire.recv(65536), b""))
    head = came.split(b"\r\n\r\n")[0].decode()
    tags = [line.split(": ", 1)[1] for line in head.splitlines() if line.lower().startswith("etag")]
    return (tags[0] if tags else head.splitlines()[0]), len(came)


@pytest.mark.parametrize("path", ["/", "/leaderboard", "/r/amina-warsame"])
def test_asking_again_costs_less_than_a_kilobyte(path: str, site: Site, amina: Fundraiser) -> None:
    tag, whole = answered(site, path)
    _same, again = answered(site, path, tag)
    assert again < 1024 < whole


def test_nothing_is_touched_while_nothing_changed(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    page.clock.install()
    statuses = statuses_of(page, "/leaderboard")
    page.goto(f"{site.url}/leaderboard")
    page.clock.run_for(STEP)
    wait_until(page, statuses, 2)
    page.wait_for_timeout(200)
    page.evaluate("document.querySelector('#board').mine = true")
    page.clock.run_for(STEP)
    wait_until(page, statuses, 3)
    page.wait_for_timeout(200)
    assert statuses == [200, 304, 304]
    assert page.evaluate("document.querySelector('#board').mine"), "the same was drawn again"


def test_who_reads_inside_keeps_the_place_and_the_marked_words(
    browser_page: Page, site: Site, amina: Fundraiser
) -> None:
    page = browser_page
    page.clock.install()
    page.goto(f"{site.url}/leaderboard")
    page.get_by_role("link", name="Amina Warsame").focus()
    Event.objects.update(edits=F("edits") + 1)
    Fundraiser.objects.update(name="Amina W.")
    page.clock.run_for(2 * STEP)
    assert page.evaluate("document.activeElement.textContent") == "Amina Warsame"
    page.evaluate("document.activeElement.blur(); getSelection().selectAllChildren(document.querySelector('.racer a'))")
    page.clock.run_for(2 * STEP)
    assert page.evaluate("String(getSelection())") == "Amina Warsame"
    page.evaluate("getSelection().removeAllRanges()")
    page.clock.run_for(STEP)
    expect(page.get_by_role("link", name="Amina W.", exact=True)).to_be_visible()


def test_without_network_it_says_of_when_it_is_asks_more_rarely_and_comes_back(
    browser: Browser, site: Site, amina: Fundraiser
) -> None:
    # The browser itself says on the console that there is no network: nobody's fault.
    with fresh_page(browser) as page:
        page.clock.install()
        page.goto(f"{site.url}/leaderboard")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.context.set_offline(True)
        page.clock.run_for(STEP)
        expect(page.get_by_role("status")).to_contain_text("No network: as of ")
        for _step in range(20):
            page.clock.run_for(15_000)
            page.wait_for_timeout(20)
        assert len(asked) < 10, "it knocks as often as before"
        page.context.set_offline(False)
        expect(page.get_by_role("status")).to_have_text("Updates by itself")


def test_a_page_that_is_hidden_leaves_the_window_too(browser: Browser, site: Site, amina: Fundraiser) -> None:
    with fresh_page(browser) as page:
        page.clock.install()
        page.goto(site.url + amina.get_absolute_url())
        set_hidden(fundraiser=amina, hidden=True)
        page.clock.run_for(STEP)
        says(page, "This lane ends here")


def test_a_tab_that_nobody_sees_asks_nothing(browser_page: Page, site: Site, amina: Fundraiser) -> None:
    page = browser_page
    page.clock.install()
    statuses = statuses_of(page, "/leaderboard")
    page.goto(f"{site.url}/leaderboard")
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", {configurable: true, get: () => window.away});
          window.away = true;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.clock.run_for(10 * STEP)
    page.wait_for_timeout(200)
    assert statuses == [200]
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(page, statuses, 2)
