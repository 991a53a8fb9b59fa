"""Home, stories, help and their desk: axe finds nothing, nothing sticks out, nothing was refused."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from events.models import Story
from outreach.stories import set_state
from tests.journeys.steps import carry_session
from tests.journeys.test_every_page import looking
from tests.matrix.world import World, a_world
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def world(site: Site) -> World:
    return a_world()


def errors_of(look: Any, button: str, name: str) -> None:
    """What the page says when its form is sent as it is; the console's word of the 422 is no fault."""
    look.page.get_by_role("button", name=button).click()
    look.page.get_by_role("alert").wait_for()
    look.here(name)
    look.wrong = [found for found in look.wrong if "status of 422" not in found]


def test_stories(browser: Browser, site: Site, world: World) -> None:
    own = world.address("donor", "story_own")
    with looking(browser, site) as look:
        for path in ("/stories/kaiya", "/stories/told", own, "/stories/tell"):
            look.at(path)
        errors_of(look, "Send it", "/stories/tell with errors")
        look.at(own)
        look.page.get_by_role("button", name="Withdraw my story").click()
        look.page.get_by_text("It is withdrawn").wait_for()
        look.here("a story that was withdrawn")
        Story.objects.all().delete()
        look.at("/stories")


def test_the_home_page_and_the_stories_at_the_desk(browser: Browser, site: Site, world: World) -> None:
    story = Story.objects.get(slug="told-first")
    with looking(browser, site) as look:
        carry_session(look.page, site, world.people["organizer"])
        for path in ("", "/preview/2", "/history", "/sections/0", "/facts/0", "/sections/new", "/facts/new"):
            look.at(f"/desk/home{path}")
        errors_of(look, "Keep it", "/desk/home/facts/new with errors")
        for path in ("", "?state=declined", f"/{story.pk}"):
            look.at(f"/desk/stories{path}")
        set_state(story=story, state="published")
        look.at(f"/desk/stories/{story.pk}")
        errors_of(look, "Send it", "a mail without words")
