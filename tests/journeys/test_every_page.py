"""Every page, narrow and wide, by day and by night: axe finds nothing, nothing sticks out, nothing was refused."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page

from accounts.models import StaffAct
from common import clock
from donations.payments.models import Payment
from events.models import Event
from outreach.models import OutboxMail
from outreach.tokens import token_of
from registration.models import Registration, WaitListEntry
from registration.services import hold
from tests.accounts.people import make_staff
from tests.factories import a_cart, a_page, a_payment, a_race, an_event, paid
from tests.journeys.steps import carry_session, says
from tests.matrix.world import World, a_world
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 320, "height": 800}, {"width": 1280, "height": 900}
# Where `make shots` wants a picture of everything there is to look at; axe then has its day off.
SHOTS = os.environ.get("SHOTS")
SIZES = [NARROW, {"width": 768, "height": 1024}, {"width": 1440, "height": 900}] if SHOTS else [NARROW, WIDE]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
# By night only the colours are others: the rules that read them run again, the others would say the same.
COLOURS = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = """async (rules) => (await axe.run(rules)).violations.map((found) =>
  `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).slice(0, 5).join(", ")}`
  + ` (${(found.nodes[0].any[0] || {message: ""}).message})`)"""
SHAPE = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  headlines: document.querySelectorAll("h1").length,
  suns: [...document.querySelectorAll(".btn-sun")].filter((button) => button.checkVisibility()).length,
  lang: document.documentElement.lang,
})"""


class Look:
    """Looks at pages and keeps what is wrong with them."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.wrong: list[str] = []
        page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that answers 404 on purpose makes the browser say so.
        if message.type in ("error", "warning") and "the server responded with a status of 404" not in message.text:
            self.wrong.append(f"{self.page.url}: the console says {message.text}")

    def at(self, path: str, status: int = 200) -> None:
        """Goes there and looks."""
        answer = self.page.goto(self.site.url + path)
        if answer and answer.status != status:
            self.wrong.append(f"{path}: {answer.status} instead of {status}")
            return
        self.here(path)

    def here(self, name: str) -> None:
        """Looks at what is open, in all four states of one loading: the style sheets make the difference."""
        self.page.evaluate(AXE_SCRIPT)
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for size in SIZES:
                self.page.set_viewport_size(size)  # type: ignore[arg-type]
                where = f"{name} at {size['width']} px, {scheme}"
                if SHOTS:
                    self._shoot(f"{'home' if name == '/' else name} {size['width']} {scheme}")
                    continue
                self.wrong += [f"{where}: {found}" for found in self.page.evaluate(AXE, rules)]
                self.wrong += [f"{where}: {found}" for found in self._shape()]

    def _shoot(self, name: str) -> None:
        """A picture of the whole page, in a folder for each of these tests."""
        test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].partition(" ")[0]
        file = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") + ".png"
        self.page.screenshot(path=Path(SHOTS or "", test, file), full_page=True)

    def _shape(self) -> Iterator[str]:
        shape = self.page.evaluate(SHAPE)
        if shape["wide"] > 0:
            yield f"sticks out by {shape['wide']} px"
        if shape["headlines"] != 1:
            yield f"{shape['headlines']} h1"
        if shape["suns"] > 1:
            yield f"{shape['suns']} sun-coloured actions"
        if not shape["lang"]:
            yield "no language"


@contextmanager
def looking(browser: Browser, site: Site) -> Iterator[Look]:
    with fresh_page(browser, reduced_motion="reduce") as page:
        look = Look(page, site)
        yield look
        assert not look.wrong, "\n".join(look.wrong)


@pytest.fixture
def world(site: Site) -> World:
    return a_world()


def thanks_in(status: str, world: World) -> str:
    """A donor's page whose payment has this status at Stripe."""
    payment = a_payment(world.page)
    Payment.objects.filter(pk=payment.pk).update(status=status)
    return f"/thanks/{payment.token}"


def test_public_pages(browser: Browser, site: Site, world: World) -> None:
    paths: Iterable[str] = ("/", "/leaderboard", "/money", "/stories", "/help", "/privacy", f"/r/{world.page.slug}")
    with looking(browser, site) as look:
        for path in paths:
            look.at(path)
        look.at("/r/nobody", status=404)


def test_public_pages_at_the_start_of_the_race(browser: Browser, site: Site) -> None:
    event = an_event()
    with looking(browser, site) as look:
        look.at("/leaderboard")
        page = a_page(event, name="Maximiliana-Konstantina Featherstonehaugh-Wolfeschlegelstein", team="")
        for path in ("/", "/leaderboard", f"/r/{page.slug}"):
            look.at(path)


def test_boards_and_the_open_api(browser: Browser, site: Site, world: World) -> None:
    with looking(browser, site) as look:
        for path in (
            "/teams",
            "/average",
            "/donors",
            "/day",
            "/search",
            "/search?q=am",
            "/search?q=x",
            "/search?q=nobody",
        ):
            look.at(f"/leaderboard{path}")
        look.at("/api")
        carry_session(look.page, site, world.people["runner"], mfa_seconds_ago=None)
        look.at("/me/token")
        look.page.get_by_role("button", name="Make a token").click()
        look.here("a new token")


def test_pages_of_giving(browser: Browser, site: Site, world: World) -> None:
    with looking(browser, site) as look:
        for path in (f"/r/{world.page.slug}/give", "/give", "/give/fees"):
            look.at(path)
        look.page.get_by_role("button", name="Continue to payment").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/give/fees with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        look.at(f"/thanks/{world.payment.token}")
        look.at(thanks_in("processing", world))
        look.at(thanks_in("failed", world))
        look.at(thanks_in("new", world))
        look.at(f"/thanks/{uuid4()}", status=404)


def test_pages_of_privacy(browser: Browser, site: Site, world: World) -> None:
    with looking(browser, site) as look:
        look.at("/privacy/data")
        look.page.get_by_role("button", name="Send me the link").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/privacy/data with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        look.at("/privacy/data/sent")
        look.at("/privacy/data/gone")
        # One runs in a race to come and cannot be forgotten yet, one has an account alone, one is nobody.
        for email in ("amina@example.org", "other@example.org", "nobody@example.org"):
            own = f"/privacy/data/{token_of('data_token', email)}"
            look.at(own)
            look.at(f"{own}/delete")
        carry_session(look.page, site, world.people["organizer"])
        look.at("/desk/people")
        for email in ("amina@example.org", "other@example.org", "nobody@example.org"):
            look.at(f"/desk/people/{token_of('desk_person', email)}")


def test_pages_of_signing_up(browser: Browser, site: Site, world: World) -> None:
    own = {name: world.address("donor", name) for name in world.places}
    offered = WaitListEntry.objects.get()
    with looking(browser, site) as look:
        for path in ("/register", "/register/start", "/register/wait/kids", "/waiver", "/waiver/1"):
            look.at(path)
        look.at("/register/start")
        look.page.get_by_role("button", name="Continue").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/register/start with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        for name in ("cart", "person", "edit", "code", "gift"):
            look.at(own[f"register_{name}"])
        look.at(own["waiting"])
        WaitListEntry.objects.update(status="offered", offer_ends_at=clock.now() + timedelta(hours=1))
        look.at(own["waiting"])
        look.at(f"/register/start?offer={offered.token}")
        WaitListEntry.objects.update(status="over")
        look.at(own["waiting"])
        look.at(own["registration"])
        for what in ("details", "transfer", "defer", "cancel"):
            look.at(own[f"registration_{what}"])
        look.at(own["registration"].replace("/registration/", "/register/"))
        cart = Registration.objects.get(token=str(world.places["register_cart"][0]))
        hold(registration=cart, until=clock.now())
        look.at(own["register_cart"])


def test_pages_of_signing_up_when_nothing_can_be_had(browser: Browser, site: Site) -> None:
    event = a_race()
    with looking(browser, site) as look:
        event.options.update(capacity=0)
        look.at("/register")
        Event.objects.update(state="cancelled", state_note="The venue is **flooded**.")
        look.at("/register")
        done = a_cart(event)
        Registration.objects.update(status="confirmed")
        look.at(f"/registration/{done.token}")


def test_pages_of_sign_in(browser: Browser, site: Site, world: World) -> None:
    newcomer = make_staff(factor=False, email="new@example.org")
    with looking(browser, site) as look:
        look.at("/accounts/login/")
        look.page.get_by_label("E-mail address").fill("new@example.org")
        look.page.get_by_role("button", name="Send me a code").click()
        says(look.page, "Enter your code")
        look.here("the code")
        carry_session(look.page, site, newcomer, mfa_seconds_ago=None)
        for path in ("/me", "/accounts/second-factor/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"):
            look.at(path)
        carry_session(look.page, site, world.people["runner"], mfa_seconds_ago=None)
        look.at("/me")
        carry_session(look.page, site, world.people["organizer"])
        for path in ("/accounts/2fa/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/webauthn/add/"):
            look.at(path)
        look.at("/outbox")
        look.at(f"/outbox/{world.mail.pk}")
        look.at("/accounts/logout/")


def test_pages_of_teams(browser: Browser, site: Site, world: World) -> None:
    team = world.page.team
    assert team
    with looking(browser, site) as look:
        for path in ("/teams", f"/t/{team.slug}", "/g/mill-city-law", f"/t/{team.slug}/give", "/t/frogtown"):
            look.at(path)
        look.at("/t/frogtown/join")
        look.at("/t/nobody", status=404)
        carry_session(look.page, site, world.people["runner"], mfa_seconds_ago=None)
        for path in ("/t/frogtown/join", f"/t/{team.slug}/join", f"/t/{team.slug}/leave", "/me/teams/new"):
            look.at(path)
        for part in ("", "/edit", "/photo", "/invite", "/captains", f"/members/{world.page.bib}/remove"):
            look.at(f"/me/teams/{team.slug}{part}")
        look.at(f"/me/teams/{team.slug}/invite")
        look.page.get_by_role("button", name="Send the invitations").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/invite with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        carry_session(look.page, site, world.people["other"], mfa_seconds_ago=None)
        look.at("/t/frogtown/join")
        carry_session(look.page, site, world.people["organizer"])
        for path in ("/teams", "/teams?q=nobody", f"/teams/{team.pk}", "/teams/groups"):
            look.at(f"/desk{path}")
        look.at(f"/desk/gifts/{world.donation.pk}/move")
        look.at(f"/desk/runners/{world.page.pk}/gifts")


def test_pages_of_the_desk(browser: Browser, site: Site, world: World) -> None:
    for number in range(3):
        paid(a_payment(a_page(world.page.event, name=f"Runner {number}")))
    OutboxMail.objects.filter(key__startswith="gift").update(error="550 5.1.1 no such user here")
    StaffAct.objects.create(user=world.people["organizer"], verb="Mail sent again", target="receipt:1", reason="Asked.")
    with looking(browser, site) as look:
        carry_session(look.page, site, world.people["organizer"])
        for path in ("", "/gifts", "/gifts?q=nobody", "/books", "/books/entries", "/runners", "/runners/new", "/mails"):
            look.at(f"/desk{path}")
        look.at(f"/desk/gifts/{world.donation.pk}")
        look.at(f"/desk/mails/{world.mail.pk}")
        look.at(f"/desk/books/alarms/{world.alarm.pk}/close")
        look.at("/desk/style")
        look.at("/desk/style?on=night")
        carry_session(look.page, site, world.people["treasurer"])
        look.at(f"/desk/books/items/{world.item.pk}/place")


def test_pages_of_payments(browser: Browser, site: Site, world: World) -> None:
    with looking(browser, site) as look:
        look.at("/money/fees")
        carry_session(look.page, site, world.people["charity"])
        look.at("/charity")
        look.at(world.address("charity", "charity_statement"))
        look.at(world.address("charity", "charity_payment"))
        look.page.get_by_role("button", name="Say so").click()
        look.page.get_by_role("alert").wait_for()
        look.here("a payment with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        look.page.get_by_label("We received it").check()
        look.page.get_by_role("button", name="Say so").click()
        look.page.get_by_role("status").wait_for()
        look.here("a payment that was confirmed")
        look.at("/charity")
        carry_session(look.page, site, world.people["treasurer"])
        for path in ("/closing", "/closing/allocate", "/sponsors", "/disbursements", "/disbursements/hold-back"):
            look.at(f"/desk{path}")
        for name in ("desk_evidence", "desk_statement_of", "desk_sponsor", "desk_batch", "desk_propose", "desk_payee"):
            look.at(world.address("treasurer", name))
        carry_session(look.page, site, world.people["approver"])
        look.at("/desk/closing")


def test_pages_of_registrations_at_the_desk(browser: Browser, site: Site, world: World) -> None:
    number, person = world.entries["desk_registration"], world.entries["desk_arrive"]
    with looking(browser, site) as look:
        carry_session(look.page, site, world.people["organizer"])
        for path in ("/registrations", "/registrations?q=nobody", "/wait-list", "/promo-codes", "/checkin"):
            look.at(f"/desk{path}")
        for path in (f"/registrations/{number}", f"/registrations/people/{person}/correct", "/checkin?q=delgado"):
            look.at(f"/desk{path}")
        look.at(f"/desk/registrations/people/{person}/cancel")
        for path in ("/checkin/print", "/checkin/print?by=bib", "/checkin/offline"):
            look.at(f"/desk{path}")
        for path in ("/event/state", "/event/state?to=postponed", "/event/state?to=cancelled"):
            look.at(f"/desk{path}")
        look.page.get_by_role("button", name="See what it does").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/event/state with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        look.page.get_by_label("All stay, as gifts").check()
        look.page.get_by_label("What people are told").fill("The venue is **flooded**.")
        look.page.get_by_role("button", name="See what it does").click()
        says(look.page, "Cancel the race: what it does")
        look.here("the dry run")
        look.page.get_by_role("button", name="Cancel the race for").click()
        says(look.page, "The race is cancelled")
        look.here("/event/state")
        for path in ("/", f"/r/{world.page.slug}"):
            look.at(path)


def test_pages_of_the_screen_and_the_widgets(browser: Browser, site: Site, world: World) -> None:
    with looking(browser, site) as look:
        for path in ("/widgets", f"/widgets/r/{world.page.slug}", "/widgets/t/north-loop"):
            look.at(path)
        look.at(world.address("anonymous", "screen"))
        carry_session(look.page, site, world.people["organizer"])
        look.at("/desk/screens")
        look.page.get_by_role("button", name="Make the screen").click()
        look.page.get_by_role("alert").wait_for()
        look.here("/desk/screens with errors")
        look.wrong = [found for found in look.wrong if "status of 422" not in found]
        look.page.get_by_label("What you call it").fill("Finish line")
        look.page.get_by_role("button", name="Make the screen").click()
        look.page.get_by_role("status").wait_for()
        look.here("a new screen")
