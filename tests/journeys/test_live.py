"""Pages that are left open: they follow the books, ask cheaply, and can be told to stand still."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fundraisers.models import Fundraiser
from tests.factories import a_page
from tests.journeys.steps import settled_gift
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.browser, pytest.mark.money]


def statuses_of(page: Page, path: str) -> list[int]:
    """The status of each answer from `path` as it came over the wire; 304 shows nowhere else."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    asked: set[str] = set()
    statuses: list[int] = []

    def on_request(event: dict[str, Any]) -> None:
        if event["request"]["url"].endswith(path):
            asked.add(event["requestId"])

    def on_answer(event: dict[str, Any]) -> None:
        if event["requestId"] in asked:
            statuses.append(event["statusCode"])

    devtools.on("Network.requestWillBeSent", on_request)
    devtools.on("Network.responseReceivedExtraInfo", on_answer)
    return statuses


def wait_until(page: Page, statuses: list[int], count: int) -> None:
    for _ in range(100):
        if len(statuses) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{count} answers were expected: {statuses}")


def test_an_open_leaderboard_moves_within_twenty_seconds_and_asks_cheaply(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    other = a_page(amina.event, name="Ines Okafor")
    settled_gift(sandbox, site, amina.slug, "20")
    page.clock.install()
    statuses = statuses_of(page, "/leaderboard")
    page.goto(f"{site.url}/leaderboard")
    page.evaluate("window.sameDocument = true")
    expect(page.locator(".racer").first).to_contain_text("Amina Warsame")

    page.clock.run_for(16_000)
    wait_until(page, statuses, 2)
    assert statuses == [200, 304]
    settled_gift(sandbox, site, other.slug, "30")
    page.clock.run_for(16_000)
    expect(page.locator(".racer").first).to_contain_text("Ines Okafor")
    expect(page.locator(".racer").first).to_contain_text("$30")
    expect(page.locator(".racer")).to_have_count(2)
    assert statuses == [200, 304, 200]
    assert page.evaluate("window.sameDocument"), "the page was loaded anew"

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Updates are paused")).to_be_visible()
    page.clock.run_for(40_000)
    assert len(statuses) == 3
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(16_000)
    wait_until(page, statuses, 4)


def test_an_open_runners_page_and_the_home_page_move_too(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page = browser_page
    page.clock.install()
    page.goto(f"{site.url}/r/{amina.slug}")
    expect(page.locator("#raised .total")).to_have_text("$0")
    settled_gift(sandbox, site, amina.slug)
    page.clock.run_for(16_000)
    expect(page.locator("#raised .total")).to_have_text("$50")
    expect(page.locator("#gift-list .gift")).to_have_count(1)
    page.goto(site.url)
    settled_gift(sandbox, site, amina.slug)
    page.clock.run_for(16_000)
    expect(page.locator("#race .hero-total .total")).to_have_text("$100")
