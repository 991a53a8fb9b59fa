"""A public page is drawn once for each version of what it shows, and is never shown old."""

import re

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest, get_script_name
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from donations.giving.settle import settle
from donations.payments.facts import Facts
from events.services import load_event
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from tests.factories import EVENT_FILE, a_page, a_payment, a_refund, paid

pytestmark = pytest.mark.money


@pytest.fixture
def page(db: None) -> Fundraiser:
    return a_page()


def test_a_kept_page_costs_one_query(page: Fundraiser, client: Client, django_assert_num_queries: object) -> None:
    client.get("/r/amina-warsame")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert client.get("/r/amina-warsame").status_code == 200


def test_a_page_drawn_anew_costs_few(page: Fundraiser, client: Client, django_assert_max_num_queries: object) -> None:
    paid(a_payment(page))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/r/amina-warsame")


def test_a_gift_and_its_refund_show_at_once(page: Fundraiser, client: Client) -> None:
    assert "$50" not in client.get("/leaderboard").content.decode()
    payment = a_payment(page)
    charge = paid(payment)
    assert "$50" in client.get("/leaderboard").content.decode()
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 5000)]))
    assert "$50" not in client.get("/leaderboard").content.decode()


def test_a_hidden_page_is_gone_at_once_and_comes_back(page: Fundraiser, client: Client) -> None:
    assert client.get("/r/amina-warsame").status_code == 200
    set_hidden(fundraiser=page, hidden=True)
    assert client.get("/r/amina-warsame").status_code == 404
    assert "Amina" not in client.get("/").content.decode()
    set_hidden(fundraiser=page, hidden=False)
    assert client.get("/r/amina-warsame").status_code == 200


def test_an_edited_event_file_shows_at_once(page: Fundraiser, client: Client, tmp_path: object) -> None:
    assert "Twins Way" in client.get("/").content.decode()
    moved = tmp_path / "event.toml"  # type: ignore[operator]
    moved.write_text(EVENT_FILE.read_text().replace("1 Twins Way", "2 Twins Way"))
    load_event(moved, coming=True)
    assert "2 Twins Way" in client.get("/").content.decode()


def test_nothing_changed_is_304(page: Fundraiser, client: Client) -> None:
    first = client.get("/leaderboard")
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    again = client.get("/leaderboard", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["page=1&x=<script>", "page=abc", "page=-1", "page=999999999999", "utm_source=x"])
def test_a_strange_query_changes_nothing(page: Fundraiser, client: Client, query: str) -> None:
    plain = client.get("/r/amina-warsame").content.replace(b"?page=1", b"")
    assert client.get(f"/r/amina-warsame?{query}").content.replace(b"?page=1", b"") == plain


def test_no_header_names_the_prefix_of_the_links_on_a_kept_page() -> None:
    # gunicorn takes SCRIPT_NAME from a request of its proxy, and reverse() would put it before every link.
    environ = RequestFactory().get("/leaderboard", SCRIPT_NAME="//").environ
    assert get_script_name(environ) == ""
    assert WSGIRequest(environ).path == "/leaderboard"


def test_many_pages_do_not_push_out_what_the_limits_of_sign_in_counted(page: Fundraiser, client: Client) -> None:
    cache.set("counted", 5)
    for number in range(2100):
        client.get(f"/teams?page={number}")
    assert cache.get("counted") == 5


def test_only_a_list_is_kept_by_the_number_of_its_page(page: Fundraiser, client: Client) -> None:
    client.get("/")
    for number in range(1, 4):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/?page={number}")
        assert len(asked) == 1, "its version, and nothing is drawn"


def test_a_gift_tells_its_day_and_not_its_second(page: Fundraiser, client: Client) -> None:
    paid(a_payment(page, shown="anonymous"))
    times = re.findall(r'<time datetime="([^"]*)"', client.get("/r/amina-warsame").content.decode())
    assert times
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", time) for time in times)


def test_the_address_of_a_page_that_is_not_listed_cannot_be_guessed(page: Fundraiser, client: Client) -> None:
    quiet = a_page(page.event, "Rosa Quiet", is_listed=False)
    assert re.fullmatch(r"rosa-quiet-[0-9a-f]{10}", quiet.slug)
    assert client.get("/r/rosa-quiet").status_code == 404
    assert client.get(quiet.get_absolute_url()).status_code == 200
