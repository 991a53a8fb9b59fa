"""The leaderboard in five ways, the search in it, and a page's own place."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from common import clock
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.payments.facts import Facts
from fundraisers.models import Fundraiser
from fundraisers.services import set_hidden
from teams.models import Team
from tests.factories import a_page, a_payment, a_refund, an_event, paid
from tests.standings.boards import pages_of

pytestmark = pytest.mark.django_db


def html(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(client: Client, path: str) -> list[tuple[str, str, str]]:
    """Rank, name and figure of every row."""
    found = re.findall(
        r'Place </span>(\d+)</span>\s*<span class="racer-name"><a href="[^"]+">([^<]+)</a>.*?racer-sum num">([^<]+)<',
        html(client, path),
        re.DOTALL,
    )
    return [(rank, name.replace("&#x27;", "'"), figure.strip()) for rank, name, figure in found]


def test_runners_teams_averages_gifts_and_the_last_day_each_have_a_board(client: Client) -> None:
    event = an_event()
    amina, kwame = a_page(event), a_page(event, name="Kwame Mensah")
    rosa = a_page(event, name="Rosa Delgado", team="Mill City")
    paid(a_payment(amina, cents=10_000))
    paid(a_payment(kwame, cents=2_000))
    paid(a_payment(kwame, cents=1_000))
    paid(a_payment(rosa, cents=9_000))
    Donation.objects.filter(fundraiser=amina).update(received_at=clock.now() - timedelta(hours=25))
    assert rows(client, "/leaderboard") == [
        ("1", "Amina Warsame", "$100"),
        ("2", "Rosa Delgado", "$90"),
        ("3", "Kwame Mensah", "$30"),
    ]
    assert rows(client, "/leaderboard/teams") == [("1", "North Loop", "$130"), ("2", "Mill City", "$90")]
    assert rows(client, "/leaderboard/average") == [("1", "Mill City", "$90"), ("2", "North Loop", "$65")]
    assert rows(client, "/leaderboard/donors")[0] == ("1", "Kwame Mensah", "2 gifts")
    assert rows(client, "/leaderboard/day") == [("1", "Rosa Delgado", "$90"), ("2", "Kwame Mensah", "$30")]


def test_what_went_back_is_off_the_last_day_too(client: Client) -> None:
    page = a_page()
    payment = a_payment(page, cents=5_000)
    charge = paid(payment)
    paid(a_payment(page, cents=1_000))
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 5_000)]))
    assert rows(client, "/leaderboard/day") == [("1", "Amina Warsame", "$10")]


@pytest.mark.parametrize("slug", ["", "/teams", "/average", "/donors", "/day"])
def test_a_board_with_nobody_on_it_says_so(client: Client, slug: str) -> None:
    an_event()
    assert "takes the lead" in html(client, f"/leaderboard{slug}")


def test_there_is_no_other_board(client: Client) -> None:
    an_event()
    assert client.get("/leaderboard/nobody").status_code == 404
    assert client.get("/leaderboard/runners").status_code == 404


def test_a_hidden_team_is_on_no_board_and_is_not_named_beside_its_runners(client: Client) -> None:
    page = a_page(team="Secret Steps")
    paid(a_payment(page))
    Team.objects.update(is_hidden=True, moved=10**6)
    caches["pages"].clear()
    for path in ("/leaderboard", "/leaderboard/teams", "/leaderboard/average", "/leaderboard/search?q=secret"):
        assert "Secret Steps" not in html(client, path)


def test_the_second_page_goes_on_where_the_first_ended_and_the_end_of_the_thousand_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.leaders.PLACES_A_PAGE", 2)
    monkeypatch.setattr("pages.leaders.MOST_PAGES", 2)
    event = an_event()
    pages_of(event, [500, 400, 400, 300, 200])
    assert [row[0] for row in rows(client, "/leaderboard")] == ["1", "2"]
    assert [row[0] for row in rows(client, "/leaderboard?page=2")] == ["2", "4"]
    assert "page=3" not in html(client, "/leaderboard?page=2")
    assert "The race goes on" in html(client, "/leaderboard?page=2")
    assert "The race goes on" not in html(client, "/leaderboard")
    assert rows(client, "/leaderboard?page=999") == rows(client, "/leaderboard?page=2")


def test_a_page_of_nothing_is_not_found(client: Client) -> None:
    a_page()
    assert client.get("/leaderboard?page=2").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("am", "Amina Warsame"),
        ("WARS", "Amina Warsame"),
        ("wars am", "Amina Warsame"),
        ("luc", "Jean-Luc O'Brien"),
        ("o'br", "Jean-Luc O'Brien"),
        ("brien", "Jean-Luc O'Brien"),
        ("özl", "Özlem Åberg"),
        ("ÖZLEM", "Özlem Åberg"),
        ("north lo", "North Loop"),
    ],
)
def test_search_finds_by_the_beginnings_of_words(client: Client, words: str, found: str) -> None:
    check_search(client, words, found)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("words", "found"), [("wars am", "Amina Warsame"), ("luc", "Jean-Luc"), ("özl", "Özlem Åberg")]
)
def test_search_finds_by_the_beginnings_of_words_on_postgres(client: Client, words: str, found: str) -> None:
    check_search(client, words, found)


def check_search(client: Client, words: str, found: str) -> None:
    event = an_event()
    names = ("Amina Warsame", "Jean-Luc O'Brien", "Özlem Åberg")
    for name in names:
        a_page(event, name=name, team="North Loop")
    answer = client.get("/leaderboard/search", {"q": words}).content.decode().replace("&#x27;", "'")
    assert found in answer
    assert sum(name in answer for name in names) == 1 or found == "North Loop"


def test_search_finds_a_bib_and_no_middle_of_a_word(client: Client) -> None:
    page = a_page()
    assert "Amina Warsame" in html(client, f"/leaderboard/search?q={page.bib}")
    assert "Nobody here is called “mina”" in html(client, "/leaderboard/search?q=mina")


def test_search_never_finds_who_is_hidden_or_not_listed(client: Client) -> None:
    event = an_event()
    hidden, quiet = a_page(event, name="Hidden Hanna"), a_page(event, name="Quiet Quinn", is_listed=False)
    set_hidden(fundraiser=hidden, hidden=True)
    for words in ("hanna", "quinn", str(hidden.bib), str(quiet.bib)):
        assert "Nobody here is called" in html(client, f"/leaderboard/search?q={words}")


def test_search_shows_a_few_and_says_that_there_are_more(client: Client) -> None:
    pages_of(an_event(), [100] * 21)
    answer = html(client, "/leaderboard/search?q=runner")
    assert answer.count('class="racer"') == 20
    assert "There are more." in answer


@pytest.mark.parametrize(
    "words", ["", "a", "%00%00", "x" * 41, "%F0%28%8C%28", "' OR 1=1", "a:* | b", "%25%25", "__", "&amp;", "((("]
)
def test_strange_words_are_answered_with_a_sentence(client: Client, words: str) -> None:
    an_event()
    answer = html(client, f"/leaderboard/search?q={words}")
    assert "Nobody here is called" in answer or "There is a problem" in answer


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["' OR 1=1", "a:* | b", "%25%25", "1e5 -2", "don't", "((("])
def test_strange_words_are_answered_with_a_sentence_on_postgres(client: Client, words: str) -> None:
    an_event()
    assert "Nobody here is called" in html(client, f"/leaderboard/search?q={words}")


def test_words_of_strangers_are_not_kept_and_leave_the_kept_board_alone(
    client: Client, django_assert_num_queries: object
) -> None:
    a_page()
    client.get("/leaderboard")
    for number in range(30):
        client.get(f"/leaderboard/search?q=word{number}")
        client.get(f"/leaderboard?q=word{number}")
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.get("/leaderboard?q=yet-another")


def test_search_sets_no_cookie_and_answers_304(client: Client) -> None:
    a_page()
    first = client.get("/leaderboard/search?q=am")
    assert not first.cookies
    again = client.get("/leaderboard/search?q=am", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_page_tells_its_place_and_who_is_next_to_it(client: Client) -> None:
    event = an_event()
    pages = pages_of(event, [900, 500, 500, 100])
    place = html(client, f"/r/{pages[1].slug}").split('id="place"')[1].split("</div>")[0]
    assert "Place 2 of 4 runners" in place
    assert re.findall(r'class="num">([^<]*)<', place) == ["1", "$9", "2", "$5", "2", "$5"]
    assert [page.name in place for page in pages] == [True, True, True, False]


def test_a_page_that_is_not_listed_has_no_place_and_is_nobodys_neighbour(client: Client) -> None:
    event = an_event()
    quiet = a_page(event, name="Quiet Quinn", is_listed=False)
    loud = a_page(event)
    assert "Place " not in html(client, quiet.get_absolute_url())
    assert "Quinn" not in html(client, loud.get_absolute_url())
    assert Fundraiser.objects.count() == 2


def test_a_runners_page_drawn_anew_costs_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    page = a_page()
    paid(a_payment(page))
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        client.get(page.get_absolute_url())


def test_every_board_is_kept_under_the_version_like_any_page(client: Client, settings: Settings) -> None:
    page = a_page()
    for slug in ("", "/teams", "/average", "/donors", "/day"):
        before = html(client, f"/leaderboard{slug}")
        paid(a_payment(page, cents=777))
        assert html(client, f"/leaderboard{slug}") != before
