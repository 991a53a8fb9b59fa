"""The open API: anybody reads what the site shows to everybody, and never more."""

import json
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from common import api as shared
from config.api import resources
from donations.giving.settle import settle
from donations.payments.facts import Facts
from events.models import Event
from fundraisers.models import Fundraiser, OldSlug
from fundraisers.slugs import look_of
from teams.models import Team
from tests.api.world import QUIET, SECRETS, Race, a_race_with_secrets
from tests.factories import a_page, a_payment, a_refund, an_event, paid
from tests.standings.boards import pages_of

pytestmark = pytest.mark.django_db

PUBLIC = [str(pattern.name) for pattern in resources if pattern.name not in ("api_me", "api_my_gifts")]


@pytest.fixture
def race() -> Race:
    return a_race_with_secrets()


@pytest.fixture
def event() -> Event:
    return an_event()


def address(name: str, page: str = "amina-warsame") -> str:
    """A resource of the API about a page or, for teams, about its team."""
    words = {"api_team": ["north-loop"], "api_board": ["runners"], "api_place": ["runners", page]}
    of_page = [page] if name in ("api_runner", "api_runner_gifts") else []
    return reverse(name, args=words.get(name, of_page))


def read(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(path if path.startswith(("/", "http")) else f"/api/v1/{path}", headers=headers)
    assert answer.status_code == status, (path, answer.content)
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def everything(client: Client) -> str:
    """All that the API says about this race, every list to its end."""
    said = [read(client, address(name)) for name in PUBLIC]
    said += [read(client, f"leaderboards/{board}") for board in ("teams", "average", "donors")]
    return json.dumps(said, ensure_ascii=False)


def test_the_event_tells_when_where_and_for_whom(client: Client, race: Race) -> None:
    event = read(client, "event")
    assert (event["slug"], event["timezone"], event["state"]) == ("not-in-our-city-5k", "America/Chicago", "scheduled")
    assert event["raised_cents"] == Event.objects.get().raised_cents
    assert [one["name"] for one in event["organizations"]] == ["Breaking Free", "Source", "The Link"]


def test_runners_and_teams_are_read_by_their_slugs(client: Client, race: Race) -> None:
    runner = read(client, "runners/amina-warsame")
    assert (runner["name"], runner["bib"], runner["gift_count"]) == ("Amina Warsame", race.amina.bib, 7)
    assert runner["url"].endswith("/r/amina-warsame")
    assert runner["team"]["slug"] == "north-loop"
    team = read(client, "teams/north-loop")
    assert (team["name"], team["member_count"]) == ("North Loop", 2)
    assert team["average_cents"] == team["raised_cents"] // 2


def test_nothing_that_is_hidden_is_in_any_answer(client: Client, race: Race) -> None:
    said = everything(client)
    assert {secret for secret in SECRETS if secret in said} == set()
    for shown in ("Somebody", "The neighbours", "Given", "Run!"):
        assert shown in said


def test_a_page_that_is_not_listed_is_in_no_list_and_read_by_its_address(client: Client, race: Race) -> None:
    assert QUIET not in everything(client)
    assert read(client, f"runners/{race.quiet.slug}")["name"] == QUIET
    assert read(client, f"runners/{race.quiet.slug}/gifts")["results"][0]["cents"] == 5_000
    assert read(client, f"gifts?runner={race.quiet.slug}")["results"] == []
    read(client, f"leaderboards/runners/{race.quiet.slug}", status=404)


@pytest.mark.parametrize("name", ["api_runner", "api_runner_gifts", "api_place"])
def test_a_hidden_page_is_not_found(client: Client, race: Race, name: str) -> None:
    assert read(client, address(name, race.hidden.slug), status=404)["detail"]


def test_a_hidden_team_is_not_found_and_not_named(client: Client, race: Race) -> None:
    hidden = Team.objects.get(is_hidden=True)
    read(client, f"teams/{hidden.slug}", status=404)
    read(client, f"leaderboards/teams/{hidden.slug}", status=404)
    assert read(client, "runners/otto-other")["team"] is None
    assert read(client, "runners/otto-other/gifts")["results"][0]["team"] is None


def test_an_amount_that_the_donor_hides_is_null(client: Client, race: Race) -> None:
    cents = [gift["cents"] for gift in read(client, "runners/amina-warsame/gifts")["results"]]
    assert cents.count(None) == 1


def test_a_gift_tells_its_day_and_no_number_of_ours(client: Client, race: Race) -> None:
    gift = read(client, "gifts")["results"][0]
    assert set(gift) == {"day", "name", "cents", "message", "dedication", "runner", "team"}
    assert len(gift["day"]) == len("2026-11-24")


def test_a_gift_and_its_refund_show_at_once(client: Client) -> None:
    payment = a_payment(a_page())
    read(client, "money")
    charge = paid(payment)
    assert read(client, "money")["received_cents"] == 5_000
    assert read(client, "leaderboards/runners")["results"][0]["score"] == 5_000
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 5_000)]))
    assert read(client, "money")["returned_cents"] == 5_000
    assert read(client, "gifts")["results"] == []


def test_an_old_address_leads_on_to_the_new_one(client: Client, race: Race) -> None:
    OldSlug.objects.create(event=race.event, slug="amina-w", skeleton=look_of("amina-w"), fundraiser=race.amina)
    for name in ("api_runner", "api_runner_gifts", "api_place"):
        answer = client.get(address(name, "amina-w"))
        assert answer.status_code == 301
        read(client, answer["Location"].removeprefix("http://localhost:8000"))


@pytest.mark.parametrize("name", PUBLIC)
def test_what_did_not_change_is_304_and_kept_for_one_query(
    client: Client, race: Race, name: str, django_assert_num_queries: Any
) -> None:
    first = client.get(address(name))
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    with django_assert_num_queries(1):
        again = client.get(address(name), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Access-Control-Allow-Origin"] == "*"


def test_what_somebody_tries_out_is_not_kept(client: Client, event: Event) -> None:
    kept: set[str] = set()
    shelf = caches["pages"]
    keys = shelf._cache  # type: ignore[attr-defined]
    read(client, "runners")
    kept |= set(keys)
    for number in range(20):
        read(client, f"runners?q=word{number}")
        read(client, "runners?cursor=nonsense", status=404)
        read(client, f"runners/nobody-{number}", status=404)
    assert set(keys) == kept


def test_a_gift_of_an_hour_ago_costs_few_queries(
    client: Client, race: Race, django_assert_max_num_queries: Any
) -> None:
    for name in PUBLIC:
        caches["pages"].clear()
        with django_assert_max_num_queries(7):
            client.get(address(name))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ami", ["Amina Warsame"]),
        ("q=OTH+ot", ["Otto Other"]),
        ("q=a", []),
        ("q=quiet", []),
        ("team=north-loop", ["Amina Warsame"]),
        ("team=secret-steps", []),
        ("team=nobody&q=am", []),
    ],
)
def test_runners_are_filtered(client: Client, race: Race, query: str, found: list[str]) -> None:
    assert [row["name"] for row in read(client, f"runners?{query}")["results"]] == found


def test_gifts_and_teams_are_filtered(client: Client, race: Race) -> None:
    assert {row["runner"]["name"] for row in read(client, "gifts?runner=otto-other")["results"]} == {"Otto Other"}
    assert {row["runner"]["name"] for row in read(client, "gifts?team=north-loop")["results"]} == {"Amina Warsame"}
    assert read(client, "gifts?team=secret-steps")["results"] == []
    assert [row["name"] for row in read(client, "teams?q=nor")["results"]] == ["North Loop"]
    assert read(client, "teams?group=nobody")["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        "team=%00", "q=%00", "q=" + "x" * 41, "team=" + "x" * 81, "team=a/b", "team=%F0%9F%8F%83", "team=",
        "q=a1&q=a2", "page=2", "limit=10", "fields=email", "ordering=-email", "format=api", "team__event__id=1",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_with_a_sentence(client: Client, event: Event, query: str) -> None:
    assert read(client, f"runners?{query}", status=400)["detail"].endswith(".")


def test_a_list_is_read_to_its_end_and_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.SealedCursor, "page_size", 3)
    event = an_event()
    names = [page.name for page in pages_of(event, [0] * 8)]
    assert pages_through(client, "/api/v1/runners", "next") == names
    last = "/api/v1/runners"
    while following := read(client, last)["next"]:
        last = following
    assert read(client, read(client, last)["previous"])["results"][-1]["name"] == names[5]


def test_gifts_of_the_same_second_are_all_read_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.SealedCursor, "page_size", 2)
    page = a_page()
    for number in range(7):
        paid(a_payment(page, name=f"Donor {number}"))
    page.donations.update(received_at=page.created_at)
    assert pages_through(client, "/api/v1/gifts", "next") == [f"Donor {number}" for number in reversed(range(7))]


def pages_through(client: Client, path: str | None, way: str) -> list[str]:
    names: list[str] = []
    while path:
        answer = read(client, path)
        names += [row["name"] for row in answer["results"]]
        path = answer[way]
    return names


def test_a_board_is_read_in_pages_and_ends_after_a_thousand(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundraisers.api.ROWS_A_PAGE", 2)
    monkeypatch.setattr("fundraisers.api.MOST_PLACES", 4)
    pages_of(an_event(), [500, 400, 400, 300, 200, 100])
    first = read(client, "leaderboards/runners")
    second = read(client, first["next"])
    assert [row["rank"] for row in first["results"] + second["results"]] == [1, 2, 2, 4]
    assert second["next"] is None
    assert read(client, second["previous"]) == first


def test_a_place_tells_its_neighbours(client: Client) -> None:
    pages = pages_of(an_event(), [900, 500, 500, 100, 50])
    place = read(client, f"leaderboards/runners/{pages[2].slug}")
    assert (place["size"], place["place"]["rank"]) == (5, 2)
    assert [row["rank"] for row in place["ahead"]] == [1, 2]
    assert [row["rank"] for row in place["behind"]] == [4, 5]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "%00", "cD00ODY%3D", "A" * 400, "%F0%9F%8F%83", "GG8VQ3jGXCnUdxKNEnaR61Wn_RTx", "-1", "9" * 300],
)
def test_a_cursor_that_we_have_not_made_leads_nowhere(client: Client, event: Event, cursor: str) -> None:
    for path in ("runners", "gifts", "teams", "leaderboards/runners", "leaderboards/day"):
        assert read(client, f"{path}?cursor={cursor}", status=404)["detail"].endswith(".")


def test_a_cursor_fits_its_own_list_only_and_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.SealedCursor, "page_size", 1)
    page = a_page()
    paid(a_payment(page))
    paid(a_payment(page))
    cursor = read(client, "gifts")["next"].partition("cursor=")[2]
    read(client, f"gifts?cursor={cursor}")
    read(client, f"runners?cursor={cursor}", status=404)
    read(client, f"runners/{page.slug}/gifts?cursor={cursor}", status=404)
    assert read(client, "gifts")["next"].partition("cursor=")[2] == cursor


def test_links_are_those_of_the_site_whatever_the_request_calls_it(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    pages_of(an_event(), [0] * 51)
    answer = client.get("/api/v1/runners", headers={"host": "evil.example"})
    assert b"evil.example" not in answer.content
    assert json.loads(answer.content)["next"].startswith("http://localhost:8000/api/v1/runners?cursor=")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("name", ["api_event", "api_runner", "api_gifts", "api_me", "api_lost"])
def test_nothing_is_written(event: Event, method: str, name: str) -> None:
    # Without a token of a form: it would be wrong to ask for one where nothing can be written.
    client = Client(enforce_csrf_checks=True)
    before = (Fundraiser.objects.count(), Event.objects.get().edits)
    answer = getattr(client, method)(address(name))
    assert answer.status_code == (401 if name == "api_me" else 405)
    assert (Fundraiser.objects.count(), Event.objects.get().edits) == before


def test_any_site_may_read_what_is_public_and_none_what_is_not(client: Client, event: Event) -> None:
    asked = client.options("/api/v1/runners", headers={"origin": "https://club.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    for path in ("runners", "runners/nobody", "runners?x=1", "schema", "schema.yaml"):
        assert client.get(f"/api/v1/{path}")["Access-Control-Allow-Origin"] == "*"
    for path in ("me", "me/gifts"):
        for answer in (client.get(f"/api/v1/{path}"), client.options(f"/api/v1/{path}")):
            assert "Access-Control-Allow-Origin" not in answer


def test_who_asks_for_a_page_gets_json_too(client: Client, event: Event) -> None:
    read(client, "runners", accept="text/html")
    assert client.get("/api/v1/runners?format=api").status_code == 400


@pytest.mark.parametrize(
    "path", ["", "nobody", "runners/", "runners/a b", "runners/%0A", "leaderboards/nope", "teams/x/y"]
)
def test_another_address_is_a_sentence_in_json_too(client: Client, event: Event, path: str) -> None:
    assert read(client, f"/api/v1/{path}", status=404)["detail"]


def test_without_an_event_there_is_a_sentence(client: Client) -> None:
    for name in ("api_event", "api_runners", "api_gifts", "api_money", "api_day"):
        assert read(client, address(name), status=404)["detail"]
