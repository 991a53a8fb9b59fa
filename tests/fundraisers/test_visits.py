"""Visits are counted by day and by way: people only, without a cookie, and never at the cost of the page."""

from collections import Counter
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from common.tally import Tally
from fundraisers import visits
from fundraisers.models import Fundraiser, Visits
from fundraisers.services import change_address, set_hidden
from tests.factories import a_page
from tests.fundraisers.people import an_owned_page, owner_of, told

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


@pytest.fixture(autouse=True)
def written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "tally", Tally(visits.keep, seconds=0))


def look(page: Fundraiser, query: str = "", agent: str = BROWSER, **headers: str) -> Any:
    return Client().get(f"/r/{page.slug}{query}", headers={"User-Agent": agent, **headers})


def counted() -> dict[str, int]:
    return dict(Visits.objects.values_list("source", "count"))


@pytest.mark.parametrize(
    ("query", "referrer", "way"),
    [
        ("?from=qr", "", "qr"),
        ("?from=sheet", "", "sheet"),
        ("?from=whatsapp", "https://www.facebook.com/", "whatsapp"),
        ("?from=evil", "", "direct"),
        ("?from=direct", "https://www.google.com/", "search"),
        ("", "", "direct"),
        ("", "https://www.google.co.uk/search?q=amina", "search"),
        ("", "https://duckduckgo.com/", "search"),
        ("", "https://l.facebook.com/l.php?u=x", "social"),
        ("", "https://t.co/abc", "social"),
        ("", "http://testserver/leaderboard", "site"),
        ("", "https://church.example.org/news", "other"),
        ("", "https://[broken", "other"),
        ("", "about:blank", "direct"),
    ],
)
def test_a_visit_is_counted_by_its_way(query: str, referrer: str, way: str) -> None:
    look(a_page(), query, Referer=referrer)
    assert counted() == {way: 1}


def test_visits_add_up_and_a_copy_that_is_still_good_is_one_too() -> None:
    page = a_page()
    first = look(page)
    assert look(page, **{"If-None-Match": first["ETag"]}).status_code == 304
    look(page)
    assert counted() == {"direct": 3}


def test_a_page_that_asks_for_its_own_news_is_no_visit() -> None:
    look(a_page(), **{"HX-Request": "true"})
    assert counted() == {}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; Crawler)",
    ],
)
def test_machines_are_not_counted(agent: str) -> None:
    look(a_page(), agent=agent)
    assert counted() == {}


def test_only_looking_at_a_page_that_is_there_counts() -> None:
    page = a_page()
    Client().head(f"/r/{page.slug}", headers={"User-Agent": BROWSER})
    Client().post(f"/r/{page.slug}", headers={"User-Agent": BROWSER})
    Client().get("/r/nobody", headers={"User-Agent": BROWSER})
    set_hidden(fundraiser=page, hidden=True)
    look(page)
    assert counted() == {}


def test_an_old_address_counts_where_it_leads_and_once() -> None:
    page = an_owned_page()
    change_address(fundraiser=page, slug="amina-runs")
    Client().get("/r/amina-warsame?from=qr", headers={"User-Agent": BROWSER}, follow=True)
    assert counted() == {"qr": 1}


def test_nothing_of_a_person_is_kept_and_no_cookie_is_set() -> None:
    answer = look(a_page(), Referer="https://church.example.org/secret?person=7")
    assert not answer.cookies
    row = Visits.objects.values().get()
    assert set(row) == {"id", "fundraiser_id", "day", "source", "count"}
    assert row["source"] == "other"


def test_the_page_is_there_when_the_counts_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    page = a_page()
    refusing = True

    def keep(counts: Counter[tuple[str, str]]) -> None:
        if refusing:
            raise DatabaseError("away")
        visits.keep(counts)

    monkeypatch.setattr(visits, "tally", Tally(keep, seconds=0))
    assert look(page).status_code == 200
    assert counted() == {}
    refusing = False
    look(page)
    assert counted() == {"direct": 2}, "what could not be kept was not forgotten"


def test_between_two_writes_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    page = a_page()
    monkeypatch.setattr(visits, "tally", Tally(visits.keep, seconds=30))
    look(page)
    with django_assert_num_queries(1):  # type: ignore[operator]
        look(page)
    assert counted() == {"direct": 1}


def test_the_owner_sees_how_many_and_by_which_way() -> None:
    page = an_owned_page()
    for _person in range(3):
        look(page, "?from=qr")
    look(page)
    shown = told(owner_of(page).get(f"/me/pages/{page.bib}"))
    assert shown.index("QR code") < shown.index("Typed in, or not told")
    assert '<dd class="num">4</dd>' in shown
