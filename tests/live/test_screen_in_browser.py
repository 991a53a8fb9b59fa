"""The big screen in a real browser: it follows, turns, stands without network, and is the same after a day."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db.models import F
from playwright.sync_api import Browser, Error, Page, expect

from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from screens.models import Screen
from screens.services import add_screen, revoke_screen
from tests.accounts.people import make_staff
from tests.factories import a_page, a_payment, an_event, paid
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.money]
WIDE, TALL, SQUARE, LONG = (1920, 1080), (1080, 1920), (1024, 768), (3440, 1080)
STEP, TURN = 4_000, 12_000


@pytest.fixture
def address(site: Site) -> str:
    event = an_event()
    for number, name in enumerate(("Amina Warsame", "Tou Vang", "Maximiliana Featherstonehaugh-Wolfeschlegelstein")):
        for _gift in range(3 - number):
            paid(a_payment(a_page(event, name=name) if _gift == 0 else Fundraiser.objects.get(name=name)))
    token = add_screen(name="Stage", place="", invites="give", shows_thanks=True, by=make_staff())[1]
    return f"{site.url}/live/{token}"


@pytest.fixture
def screen(browser: Browser, address: str) -> Iterator[Page]:
    """A screen that stands. It loses the network, which is no fault of a script, so it watches for none."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    expect(page.get_by_text("as of")).to_be_visible()
    yield page
    context.close()


def renamed(name: str) -> None:
    Event.objects.update(name=name, edits=F("edits") + 1)


def is_away(page: Page, address: str) -> bool:
    try:
        page.goto(address)
    except Error:
        return True
    return False


# --- Network ---------------------------------------------------------------------------------------------------------


def test_without_network_it_shows_what_it_had_and_says_of_when(screen: Page, address: str, site: Site) -> None:
    screen.context.set_offline(True)
    screen.reload()
    expect(screen.locator("#sum")).to_contain_text("$300")
    expect(screen.get_by_text("No network. As of")).to_be_visible()
    assert screen.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 20, 51)", "no style sheet"
    assert is_away(screen.context.new_page(), f"{site.url}/money"), "more than the screen was kept"
    screen.context.set_offline(False)
    renamed("The race goes on")
    expect(screen.locator(".brand")).to_have_text("The race goes on", timeout=40_000)
    expect(screen.get_by_text("No network")).to_have_count(0)


def test_no_cookie_and_no_storage(screen: Page) -> None:
    assert screen.context.cookies() == []
    assert screen.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_screen_that_is_switched_off_goes_dark_and_keeps_nothing(screen: Page, address: str) -> None:
    revoke_screen(screen=Screen.objects.get())
    expect(screen.get_by_text("This screen was switched off.")).to_be_visible()
    expect(screen.get_by_text("Amina")).to_have_count(0)
    screen.wait_for_timeout(300)
    screen.context.set_offline(True)
    assert is_away(screen, address)


def test_a_page_that_is_hidden_is_gone_within_five_seconds(browser: Browser, address: str) -> None:
    with fresh_page(browser, viewport={"width": 1920, "height": 1080}) as page:
        page.goto(address)
        expect(page.get_by_text("Amina Warsame").first).to_be_visible()
        set_hidden(fundraiser=Fundraiser.objects.get(name="Amina Warsame"), hidden=True)
        # The panels are there at once, seen or not.
        expect(page.locator("main")).not_to_contain_text("Amina", timeout=5_000)


# --- A day -----------------------------------------------------------------------------------------------------------


def test_hundreds_of_refreshes_leave_nothing_behind(browser: Browser, address: str) -> None:
    with fresh_page(browser, viewport={"width": 1920, "height": 1080}, reduced_motion="reduce") as page:
        page.clock.install()
        asked: list[str] = []
        page.goto(address)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")

        def refreshed(first: int, last: int) -> None:
            for number in range(first, last):
                renamed(f"Race {number}")
                page.clock.run_for(STEP)
                expect(page).to_have_title(f"Race {number}, live")

        def weighed() -> dict[str, float]:
            devtools.send("HeapProfiler.collectGarbage")
            found: Any = devtools.send("Performance.getMetrics")["metrics"]
            return {one["name"]: one["value"] for one in found}

        refreshed(0, 25)
        before = weighed()
        refreshed(25, 225)
        after = weighed()
        assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 256 * 1024
        assert after["Nodes"] - before["Nodes"] < 100
        assert after["JSEventListeners"] == before["JSEventListeners"]
        assert after["Documents"] - before["Documents"] < 3
        # Timers that pile up would ask more often than once in four seconds.
        page.on("request", lambda request: asked.append(request.url))
        for _step in range(10):
            page.clock.run_for(STEP)
            page.wait_for_timeout(50)
        assert 1 <= len(asked) <= 11


# --- How it is read --------------------------------------------------------------------------------------------------

SHAPE = """() => {
  const high = innerHeight, wide = innerWidth;
  const named = (one) => one.className || one.tagName;
  const shown = [...document.querySelectorAll(".total, .panel .who, .panel .cents, h2, b, .goal, .legend li, img")]
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().left < wide);
  const out = ({right, bottom}) => right > wide + 1 || bottom > high + 1;
  const matters = shown.filter((one) => one.matches(".total, .who, .cents, h2, b"));
  const total = document.querySelector(".total");
  return {
    out: shown.filter((one) => out(one.getBoundingClientRect())).map(named),
    small: matters.filter((one) => parseFloat(getComputedStyle(one).fontSize) < high * 0.0499).map(named),
    total: total.scrollWidth - total.clientWidth,
    rows: shown.filter((one) => one.matches(".who")).length,
  };
}"""
CONTRAST = """async () => (await axe.run({
  runOnly: ["color-contrast-enhanced", "color-contrast"],
  rules: {"color-contrast-enhanced": {enabled: true}},
})).violations.map((one) => one.nodes.map((node) => node.html))"""


@pytest.mark.parametrize("size", [WIDE, TALL, SQUARE, LONG])
def test_what_matters_can_be_read_from_afar(size: tuple[int, int], browser: Browser, address: str) -> None:
    kept = Event.objects.get().raised_cents
    Event.objects.update(raised_cents=123_456_789, edits=F("edits") + 1)
    with fresh_page(browser, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce") as page:
        page.clock.install()
        page.goto(address)
        expect(page.get_by_text("as of")).to_be_visible()
        page.evaluate("document.fonts.ready")
        for _panel in range(3):
            shape = page.evaluate(SHAPE)
            assert shape["out"] == []
            assert shape["total"] <= 0, "the total sticks out of its place"
            assert shape["rows"] >= 1
            if size in (WIDE, TALL):
                assert shape["small"] == [], "smaller than a twentieth of the height"
            page.clock.run_for(TURN)
    Event.objects.update(raised_cents=kept)


def test_its_contrast_is_seven_to_one(browser: Browser, address: str) -> None:
    with fresh_page(browser, viewport={"width": 1920, "height": 1080}, reduced_motion="reduce") as page:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(CONTRAST) == []


def shown_panel(page: Page) -> str:
    return str(page.locator(".panel:visible h2").inner_text())


def test_its_panels_turn_and_can_be_held(browser: Browser, address: str) -> None:
    with fresh_page(browser, viewport={"width": 1920, "height": 1080}) as page:
        page.clock.install()
        page.goto(address)
        assert shown_panel(page) == "Out in front"
        page.clock.run_for(TURN)
        assert shown_panel(page) == "Teams"
        page.mouse.move(500, 500)
        page.get_by_role("button", name="Hold this panel").click()
        page.clock.run_for(5 * TURN)
        assert shown_panel(page) == "Teams"
        page.mouse.move(600, 600)
        page.get_by_role("button", name="Turn the panels").click()
        page.clock.run_for(TURN)
        assert shown_panel(page) == "Just given"


@pytest.mark.parametrize("wish", ["device", "address", "button"])
def test_nothing_moves_for_who_wants_no_motion(wish: str, browser: Browser, address: str) -> None:
    motion = "reduce" if wish == "device" else "no-preference"
    with fresh_page(browser, viewport={"width": 1920, "height": 1080}, reduced_motion=motion) as page:
        page.goto(address + ("#still" if wish == "address" else ""))
        if wish == "button":
            page.get_by_role("button", name="Motion off").click()
            assert page.url.endswith("#still")
        expect(page.get_by_role("button", name="Motion on")).to_be_visible()
        page.evaluate("document.querySelectorAll('.panel').forEach((one) => { one.hidden = !one.hidden; })")
        assert page.evaluate("document.getAnimations().length") == 0


def test_it_stands_without_javascript(browser: Browser, address: str) -> None:
    with fresh_page(browser, java_script_enabled=False) as page:
        page.goto(address)
        expect(page.locator(".panel:visible")).to_have_count(1)
        expect(page.locator("#sum")).to_contain_text("$300")
