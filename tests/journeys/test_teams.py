"""In a browser: start a team, pass its link on, join by it, and see the gift count."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fundraisers.models import Fundraiser
from teams.models import Team
from tests.factories import a_page, an_event
from tests.journeys.steps import carry_session, says, settled_gift
from tests.teams.cast import a_runner
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.browser, pytest.mark.money]


def test_start_a_team_and_let_a_friend_in_by_its_link(
    page_without_javascript: Page, new_page: Callable[..., Page], site: Site, sandbox: StripeSandbox
) -> None:
    event = an_event()
    amina, tou = a_runner(event, name="Amina Warsame"), a_runner(event, name="Tou Vang")
    mine = page_without_javascript
    carry_session(mine, site, amina.user, mfa_seconds_ago=None)
    mine.goto(f"{site.url}/me")
    mine.get_by_role("link", name="Start a team").click()
    mine.get_by_label("Name of the team").fill("Kettlebells")
    mine.get_by_label("Whom a captain invites").check()
    mine.get_by_role("button", name="Start the team").click()
    says(mine, "Kettlebells")
    mine.get_by_role("link", name="Invite runners").click()
    mine.get_by_role("button", name="Make a link").click()
    link = mine.get_by_text(re.compile(r"/t/kettlebells/join/")).inner_text()

    theirs = new_page()
    theirs.goto(link)
    says(theirs, "Join Kettlebells")
    carry_session(theirs, site, tou.user, mfa_seconds_ago=None)
    theirs.reload()
    expect(theirs.get_by_text("New gifts count for Kettlebells, too.")).to_be_visible()
    theirs.get_by_role("button", name="Join the team").click()
    expect(theirs.get_by_role("status")).to_have_text(re.compile("Tou runs with Kettlebells now."))
    settled_gift(sandbox, site, tou.page.slug, "20.00")
    theirs.goto(f"{site.url}/t/kettlebells")
    expect(theirs.locator("#raised .total")).to_have_text("$20")
    assert Team.objects.get().member_count == 2

    mine.goto(f"{site.url}/me/teams/kettlebells")
    mine.get_by_role("link", name="Take off Tou Vang").click()
    expect(mine.get_by_text("$20.00 that Tou was given for the team so far stays counted for it.")).to_be_visible()
    mine.get_by_role("button", name="Take Tou off").click()
    expect(mine.get_by_role("status")).to_have_text(re.compile("Tou is off the team."))
    theirs.reload()
    expect(theirs.locator("#raised .total")).to_have_text("$20")


def test_a_gift_to_the_team_itself(browser_page: Page, site: Site, sandbox: StripeSandbox) -> None:
    page = a_page(an_event(), team="North Loop")
    browser_page.goto(f"{site.url}/r/{page.slug}")
    browser_page.get_by_role("link", name="North Loop").click()
    browser_page.get_by_role("link", name="Give to North Loop").click()
    says(browser_page, "Give to North Loop")
    assert Fundraiser.objects.get().raised_cents == 0
