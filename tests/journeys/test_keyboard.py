"""The gift path with the keyboard alone, and what a person sees of where she is."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from fundraisers.models import Fundraiser
from registration.models import Participant
from tests.factories import a_race
from tests.journeys.steps import says, work
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = [pytest.mark.browser, pytest.mark.money]
MOST_PRESSES, MOST_TO_REGISTER = 25, 60

# What has the focus, and whether a person can see it: a ring on it, around it or on the label's text beside it.
FOCUS = """() => {
  const at = document.activeElement;
  const ring = (element) => {
    const style = element && getComputedStyle(element);
    return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = at.getBoundingClientRect();
  const seen = [at, at.nextElementSibling, at.parentElement].find(ring);
  return {
    name: (at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText || "").trim(),
    tag: at.tagName,
    ring: Boolean(seen),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@dataclass
class Keyboard:
    page: Page
    presses: int = 0

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def tab(self, shift: bool = False) -> str:
        """Goes on by one; the focus must be seen. Returns what it is on."""
        self.press("Shift+Tab" if shift else "Tab")
        focus = self.page.evaluate(FOCUS)
        assert focus["tag"] != "BODY", "the focus is nowhere"
        assert focus["ring"], f"nobody sees the focus on {focus}"
        assert focus["inView"], f"the focus is out of sight on {focus}"
        return str(focus["name"])

    def tab_to(self, name: str) -> None:
        passed = []
        while name not in (at := self.tab()):
            passed.append(at)
            assert len(passed) < 40, f"{name} was not reached: {passed}"

    def skip_to_content(self) -> None:
        assert self.tab() == "Skip to the content"
        self.press("Enter")
        # On a busy machine the jump comes after the next keys, and takes the focus away in the middle of a word.
        self.page.wait_for_function("document.activeElement.id === 'main'")

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        assert self.page.evaluate("document.activeElement.value") == words


def test_a_gift_by_keyboard_alone_takes_few_presses_and_shows_every_step(
    browser_page: Page, site: Site, sandbox: StripeSandbox, amina: Fundraiser
) -> None:
    page, keys = browser_page, Keyboard(browser_page)
    page.goto(f"{site.url}/r/{amina.slug}")
    keys.skip_to_content()
    keys.tab_to("Give to Amina's run")
    keys.press("Enter")
    says(page, "Give to Amina's run")
    keys.skip_to_content()
    keys.tab_to("Any amount")
    keys.type("50.00")
    keys.tab_to("Your name")
    keys.type("Rosa Delgado")
    keys.tab_to("E-mail")
    keys.type("rosa@example.org")
    keys.tab_to("Continue to payment")
    keys.press("Enter")
    says(page, "Pay $50.00")
    assert keys.presses <= MOST_PRESSES, f"{keys.presses} presses before Stripe's page"

    keys.tab_to("Card number")
    keys.type("4242424242424242")
    keys.tab_to("Expiry date")
    keys.type("12 / 34")
    keys.tab_to("CVC")
    keys.type("123")
    keys.tab_to("Name on card")
    keys.type("Rosa Delgado")
    keys.press("Enter")
    says(page, "Thank you")
    work(sandbox)
    amina.refresh_from_db()
    assert amina.raised_cents == 5000


def test_a_registration_by_keyboard_alone_takes_few_presses_and_shows_every_step(
    browser_page: Page, site: Site, sandbox: StripeSandbox
) -> None:
    a_race()
    page, keys = browser_page, Keyboard(browser_page)
    page.goto(f"{site.url}/register")
    keys.skip_to_content()
    keys.tab_to("Register now")
    keys.press("Enter")
    says(page, "Who takes part?")
    keys.skip_to_content()
    keys.tab_to("5K run")
    keys.press("Space")
    for label, words in (("Full name", "Amina Warsame"), ("Age on race day", "34")):
        keys.tab_to(label)
        keys.type(words)
    keys.tab_to("Shirt size")
    keys.press("m")
    for label, words in (
        ("E-mail", "amina@example.org"),
        ("Their name", "Hodan Warsame"),
        ("Their phone", "612-555-0100"),
    ):
        keys.tab_to(label)
        keys.type(words)
    keys.tab_to("Continue")
    keys.press("Enter")
    says(page, "Your registration")
    # The browser carries the jump to the content along.
    keys.tab_to("Amina Warsame signs")
    keys.type("Amina Warsame")
    keys.press("Enter")
    says(page, "Pay $30.00")
    assert keys.presses <= MOST_TO_REGISTER, f"{keys.presses} presses before Stripe's page"
    assert Participant.objects.get().shirt_size == "M"


def test_every_stop_of_the_form_is_seen_and_leads_back_the_same_way(
    browser_page: Page, site: Site, amina: Fundraiser
) -> None:
    page, keys = browser_page, Keyboard(browser_page)
    page.goto(f"{site.url}/r/{amina.slug}/give")
    keys.skip_to_content()
    stops = [keys.tab()]
    while "Continue to payment" not in stops[-1]:
        stops.append(keys.tab())
        assert len(stops) < 20, stops
    back = [keys.tab(shift=True) for _ in stops[1:]]
    # Radio buttons are one stop; which of them depends on the side one comes from, as nothing is chosen.
    assert [stop for stop in back[::-1] if "$" not in stop] == [stop for stop in stops[:-1] if "$" not in stop]
