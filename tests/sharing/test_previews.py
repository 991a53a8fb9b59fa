"""What machines read: messengers, search engines, calendars."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar

from events.models import Event
from events.services import public_edit
from fundraisers import palette
from fundraisers.cards import runner_card
from fundraisers.models import Fundraiser
from tests.factories import a_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Fundraiser:
    return a_page()


def change(page: Fundraiser, **values: object) -> None:
    Fundraiser.objects.filter(pk=page.pk).update(**values)
    public_edit(page.event_id)


def head(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode().partition("<body")[0]


def told(client: Client, path: str) -> dict[str, str]:
    """The page's Open Graph and Twitter tags."""
    pattern = r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">'
    return {name: unescape(value) for name, value in re.findall(pattern, head(client, path))}


def structured(client: Client, path: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head(client, path), re.DOTALL)
    assert len(found) == 1
    data = json.loads(found[0])
    assert isinstance(data, dict)
    return data


# --- Messengers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/r/amina-warsame", "/t/north-loop"])
def test_messengers_find_all_they_ask_for(path: str, page: Fundraiser, client: Client) -> None:
    tags = told(client, path)
    assert tags["og:url"] == f"http://localhost:8000{path}"
    assert f'<link rel="canonical" href="{tags["og:url"]}">' in head(client, path)
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["og:image:type"] == client.get(tags["og:image"])["Content-Type"] == "image/jpeg"
    assert tags["twitter:card"] == "summary_large_image"
    assert 0 < len(tags["og:title"]) <= 70
    assert 0 < len(tags["og:description"]) <= 200
    assert tags["og:image:alt"]


def test_a_card_in_words_says_what_is_on_it(page: Fundraiser, client: Client) -> None:
    assert told(client, "/r/amina-warsame")["og:image:alt"] == "Bib 101, Amina Warsame: $0 of $500"


def test_a_protected_page_tells_machines_no_name_and_no_amount(page: Fundraiser, client: Client) -> None:
    change(page, is_protected=True, is_listed=False, raised_cents=12_345)
    before_title, _title, after_title = head(client, "/r/amina-warsame").partition("</title>")
    assert "Amina" in before_title
    for word in ("Amina", "Warsame", "North Loop", "123", "$"):
        assert word not in after_title.replace("/r/amina-warsame", "")
    assert 'name="robots" content="noindex"' in after_title


# --- Search engines ----------------------------------------------------------------------------------------


def test_the_event_is_described(page: Fundraiser, client: Client) -> None:
    data = structured(client, "/")
    event = Event.objects.get()
    assert (data["@type"], data["name"]) == ("SportsEvent", "Not In Our City 5K")
    assert data["startDate"] == event.starts_at.astimezone(event.zone).isoformat()
    assert data["startDate"].endswith("-06:00")
    assert data["location"]["address"]["streetAddress"] == "1 Twins Way, Minneapolis, MN 55403"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    action = data["potentialAction"]
    assert (action["@type"], action["target"]) == ("DonateAction", "http://localhost:8000/give")
    assert {(one["@type"], one["name"]) for one in action["recipient"]} == {
        ("NGO", "Breaking Free"),
        ("NGO", "Source"),
        ("NGO", "The Link"),
    }


def test_a_race_that_was_called_off_is_described_so(page: Fundraiser, client: Client) -> None:
    Event.objects.update(state=Event.State.POSTPONED)
    public_edit(page.event_id)
    assert structured(client, "/")["eventStatus"] == "https://schema.org/EventPostponed"
    assert "Postponed" in told(client, "/")["og:description"]


@pytest.mark.parametrize(
    "values", [{"is_listed": False}, {"is_listed": False, "is_protected": True}], ids=["unlisted", "protected"]
)
def test_a_page_that_is_not_to_be_found_names_nobody(
    values: dict[str, object], page: Fundraiser, client: Client
) -> None:
    assert structured(client, "/r/amina-warsame")["name"] == page.heading
    change(page, **values)
    assert "Amina" not in json.dumps(structured(client, "/r/amina-warsame")).replace("/r/amina-warsame", "")


def test_nothing_that_was_written_ends_the_block_of_data(page: Fundraiser, client: Client) -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    change(page, title=evil)
    assert structured(client, "/r/amina-warsame")["name"] == evil
    assert "<script>alert" not in client.get("/r/amina-warsame").content.decode()


def addresses(client: Client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"].startswith("application/xml")
    found = ET.fromstring(answer.content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")  # noqa: S314 - ours
    return [(one.text or "").removeprefix("http://localhost:8000") for one in found]


def test_the_sitemap_holds_what_may_be_found_and_nothing_else(page: Fundraiser, client: Client) -> None:
    hidden, unlisted, protected = (a_page(page.event, name) for name in ("Hid Den", "Un Listed", "Pro Tected"))
    change(hidden, is_hidden=True)
    change(unlisted, is_listed=False)
    change(protected, is_listed=False, is_protected=True)
    found = addresses(client)
    assert {"/", "/leaderboard", "/money", "/teams", "/t/north-loop", "/r/amina-warsame"} <= set(found)
    assert [one for one in found if one.startswith("/r/")] == ["/r/amina-warsame"]
    assert {client.get(one).status_code for one in found} == {200}


def test_a_page_that_was_hidden_leaves_the_sitemap_at_once(page: Fundraiser, client: Client) -> None:
    tag = client.get("/sitemap.xml")["ETag"]
    change(page, is_hidden=True)
    answer = client.get("/sitemap.xml", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert b"amina" not in answer.content


def test_robots_are_kept_from_what_is_private_and_find_the_sitemap(page: Fundraiser, client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/desk", "/me", "/accounts/", "/thanks/", "/outbox", "/checkout/"):
        assert f"\nDisallow: {path}\n" in text
    assert text.rstrip().endswith("Sitemap: http://localhost:8000/sitemap.xml")
    # An unlisted page says noindex itself: a robot that may not read it would never know.
    assert "Disallow: /r/\n" not in text


# --- Calendars ---------------------------------------------------------------------------------------------


def test_the_calendar_file_is_what_calendars_expect(page: Fundraiser, client: Client) -> None:
    answer = client.get("/event.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    calendar = Calendar.from_ical(answer.content)
    event, stored = calendar.events[0], Event.objects.get()
    assert event.start == stored.starts_at
    assert event["DTSTART"].params["TZID"] == stored.timezone
    assert [zone["TZID"] for zone in calendar.timezones] == [stored.timezone]
    assert (event["UID"], event["STATUS"]) == ("not-in-our-city-5k@localhost", "CONFIRMED")
    assert event.DTSTAMP


def test_a_moved_race_moves_in_calendars_that_have_it(page: Fundraiser, client: Client) -> None:
    before = Calendar.from_ical(client.get("/event.ics").content).events[0]
    event = Event.objects.get()
    event.starts_at += timedelta(days=7)
    event.save()
    public_edit(event.pk)
    after = Calendar.from_ical(client.get("/event.ics").content).events[0]
    assert after["UID"] == before["UID"]
    assert after.start - before.start == timedelta(days=7)
    assert after.sequence > before.sequence


# --- What is drawn elsewhere -------------------------------------------------------------------------------


def test_cards_and_sheets_have_the_colours_of_the_style_sheet(repository: Path) -> None:
    css = (repository / "frontend" / "static" / "css" / "tokens.css").read_text()
    day, night = css.split(".on-night {")[:2]
    for block, lanes, ink, ink_2 in (
        (day, palette.LANES, palette.INK, palette.INK_2),
        (night, palette.NIGHT_LANES, palette.NIGHT_INK, palette.NIGHT_INK_2),
    ):
        value = dict(re.findall(r"--([\w-]+): (#\w+);", block.partition("}\n\n@media")[0]))
        assert tuple(value[f"lane{place}"] for place in range(1, 10)) == lanes
        assert (long(value["ink"]), long(value["ink-2"])) == (ink, ink_2)
    assert f"--night: {palette.NIGHT};" in css


def long(colour: str) -> str:
    return "#" + "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour


def test_a_card_of_any_name_can_be_drawn(page: Fundraiser) -> None:
    lanes = list(page.event.beneficiaries.all())
    for name in ("W" * 80, "\u0623\u0645\u064a\u0646\u0629", "\U0001f3c3", "Nguye\u0302\u0303n \u0141ukasz", "i" * 80):
        page.name, page.bib, page.raised_cents = name, 2_000_000_000, 999_999_999_999
        assert runner_card(page, page.event, lanes).jpeg()
    assert palette.drawable("Nguye\u0302\u0303n \U0001f3c3 \u0141ukasz") == "Nguy\u1ec5n \u0141ukasz"
