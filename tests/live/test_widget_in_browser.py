"""A widget is seen on a page of another origin and opens our page beside it; any other page of ours is refused."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from pages.widgets import SIZES, about, frame
from tests.factories import a_page, a_payment, paid
from tests.tools.fixtures.browser import fresh_page
from tests.tools.fixtures.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.money]


@pytest.fixture
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    """Somebody else's site, of another origin: its one page holds what `html` says."""

    class Page(BaseHTTPRequestHandler):
        html = ""

        def do_GET(self) -> None:
            body = f"<!doctype html><title>A parish</title><h1>A parish</h1>{self.html}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def put(elsewhere: ThreadingHTTPServer, html: str) -> str:
    elsewhere.RequestHandlerClass.html = html  # type: ignore[attr-defined]
    return f"http://127.0.0.1:{elsewhere.server_port}/"


def test_a_widget_is_seen_on_another_site_and_opens_our_page_beside_it(
    browser_page: Page, site: Site, elsewhere: ThreadingHTTPServer
) -> None:
    page = a_page()
    paid(a_payment(page))
    browser_page.goto(put(elsewhere, frame(about(page.event, "r", page.slug), "thermometer").html))
    inside = browser_page.frame_locator("iframe")
    expect(inside.get_by_text("Amina Warsame")).to_be_visible()
    expect(inside.get_by_text("$50", exact=True)).to_be_visible()
    box = inside.locator("rect.lane").first.bounding_box()
    assert box
    assert box["height"] == 12, "drawn without its style sheet"
    with browser_page.expect_popup() as opened:
        inside.get_by_role("link", name="Give").click()
    expect(opened.value.get_by_label("Your name")).to_be_visible()
    assert browser_page.url.startswith("http://127.0.0.1")
    assert browser_page.context.cookies("http://127.0.0.1") == []


@pytest.mark.parametrize("path", ["/", "/r/amina-warsame", "/give", "/widgets", "/accounts/login/"])
def test_any_other_page_is_refused_there(
    path: str, browser: Browser, site: Site, elsewhere: ThreadingHTTPServer
) -> None:
    a_page()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(put(elsewhere, f'<iframe src="{site.url}{path}"></iframe>'))
        page.wait_for_timeout(500)
        assert page.frames[1].url.startswith("chrome-error:")
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [200, 400])
def test_it_fits_its_frame_by_day_and_by_night(width: int, scheme: str, browser: Browser, site: Site) -> None:
    page = a_page()
    paid(a_payment(page, cents=123_456))
    with fresh_page(browser, color_scheme=scheme) as seen:
        for kind in SIZES:
            shown = frame(about(page.event), kind, width)
            seen.set_viewport_size({"width": shown.width, "height": shown.height})
            seen.goto(site.url + shown.path)
            seen.evaluate("document.fonts.ready")
            over = seen.evaluate(
                "(({scrollWidth: w, clientWidth: a, scrollHeight: h, clientHeight: b}) => [w - a, h - b])"
                "(document.documentElement)"
            )
            assert max(over) <= 0, f"{kind} at {width} px sticks out by {over}"
            seen.evaluate(AXE_SCRIPT)
            found = seen.evaluate(
                """async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], preload: false,
                  rules: {"target-size": {enabled: true}}})).violations.map((one) => one.id)"""
            )
            assert found == [], f"{kind} at {width} px, {scheme}"
