"""The event's file: loaded twice it is the same rows, changed it updates them, broken it changes nothing."""

import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from donations.giving.models import Donation
from events.models import Beneficiary, Event, HomeVersion, PriceTier, Story, VolunteerPhase
from events.services import BadEventFile, load_event
from fundraisers.services import create_fundraiser
from teams.services import team_named
from tests.factories import EVENT_FILE, a_page, a_payment, paid
from tests.giving.legs import owed

pytestmark = pytest.mark.django_db
TEXT = EVENT_FILE.read_text("utf-8")
MODELS = (Event, Beneficiary, HomeVersion, Story, VolunteerPhase)
SMALL = """
[event]
slug = "duluth"
name = "Duluth 5K"
tagline = "One step."
starts_at = 2030-05-04T09:00:00
timezone = "America/Chicago"
venue = "Canal Park"
address = "1 Lake Avenue, Duluth, MN 55802"
city = "Duluth"
goal_cents = 100_000
presets_cents = []
default_goal_cents = 10_000
contact_email = "hello@example.org"
legal_name = "Duluth 5K"
legal_note = "This is not a tax receipt."
statement_descriptor = "DULUTH 5K"
call = "Come."
default_story = "I run."
"""


def a_file(folder: Path, text: str) -> Path:
    path = folder / "event.toml"
    path.write_text(text, "utf-8")
    return path


def with_lanes(count: int) -> str:
    return SMALL + "".join(
        f'[[beneficiaries]]\nslug = "org-{n}"\nname = "Org {n}"\nabout = "Helps."\nweight = {n + 1}\n'
        for n in range(count)
    )


def rows() -> dict[str, Any]:
    kept: dict[str, Any] = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}
    for row in kept["Event"]:
        row.pop("edits")
    return kept


def test_loaded_twice_it_is_the_same_rows() -> None:
    load_event(EVENT_FILE)
    before, tiers = rows(), list(PriceTier.objects.order_by("until", "cents").values("option", "cents", "until"))
    load_event(EVENT_FILE)
    assert rows() == before
    assert list(PriceTier.objects.order_by("until", "cents").values("option", "cents", "until")) == tiers


def test_the_campaigns_own_file_is_whole() -> None:
    event = load_event(EVENT_FILE)
    assert event.is_current
    assert [lane.name for lane in event.beneficiaries.all()] == ["Breaking Free", "Source", "The Link"]
    assert event.home
    assert len(event.home.content["facts"]) == 6
    for fact in event.home.content["facts"]:
        assert fact["figure"]
        assert fact["source"]
        assert any(part.isdigit() and len(part) == 4 for part in fact["year"].replace("-", " ").split()), fact["year"]
    assert {phase.phase for phase in event.volunteer_phases.all()} == {"before", "during", "after"}
    assert event.stories.exists()
    assert all(story.lead in story.text or story.lead in " ".join(story.text.split()) for story in event.stories.all())
    assert any(hotline["call"] == "1-888-373-7888" for hotline in event.hotlines)


def test_the_start_is_the_files_local_time_and_may_be_moved_to_its_return() -> None:
    event = load_event(EVENT_FILE)
    assert event.starts_at.astimezone(event.zone).isoformat() == "2017-12-09T09:00:00-06:00"
    coming = load_event(EVENT_FILE, coming=True)
    local = coming.starts_at.astimezone(coming.zone)
    assert (local.month, local.day, local.hour) == (12, 9, 9)
    assert local.year > 2017


def test_a_changed_file_updates_the_rows(tmp_path: Path) -> None:
    event = load_event(EVENT_FILE)
    changed = TEXT.replace('name = "Source"', 'name = "Source MN"').replace("goal_cents = 7_500_000", "goal_cents = 9")
    assert load_event(a_file(tmp_path, changed)).pk == event.pk
    event.refresh_from_db()
    assert event.goal_cents == 9
    assert [lane.name for lane in event.beneficiaries.all()] == ["Breaking Free", "Source MN", "The Link"]
    assert Event.objects.count() == 1


@pytest.mark.money
def test_an_update_leaves_the_money_alone(tmp_path: Path) -> None:
    page = a_page(load_event(EVENT_FILE))
    paid(a_payment(page))
    load_event(a_file(tmp_path, TEXT.replace("weight = 1", "weight = 2", 1)))
    page.event.refresh_from_db()
    assert (page.event.raised_cents, page.event.gift_count) == (5000, 1)
    paid(a_payment(page))
    assert sum(owed()) == 10_000


@pytest.mark.money
def test_organizations_may_change_places(tmp_path: Path) -> None:
    paid(a_payment(a_page(load_event(EVENT_FILE))))
    swapped = TEXT.replace("breaking-free", "x-x").replace('"the-link"', '"breaking-free"').replace("x-x", "the-link")
    event = load_event(a_file(tmp_path, swapped))
    assert [lane.slug for lane in event.beneficiaries.all()] == ["the-link", "source", "breaking-free"]


@pytest.mark.money
def test_an_organization_that_is_left_out_keeps_its_money_and_gets_no_more(tmp_path: Path) -> None:
    load_event(a_file(tmp_path, with_lanes(3)))
    page = a_page(Event.objects.get())
    paid(a_payment(page, cents=6000))
    assert owed() == [1000, 2000, 3000]
    event = load_event(a_file(tmp_path, with_lanes(3).replace("org-0", "org-9").replace("Org 0", "Org 9")))
    paid(a_payment(page, cents=6000))
    assert dict(zip(Beneficiary.objects.values_list("slug", flat=True), owed(), strict=True)) == {
        "org-0": 1000,
        "org-9": 1000,
        "org-1": 4000,
        "org-2": 6000,
    }
    lanes = {lane.slug: lane.weight for lane in event.beneficiaries.all()}
    assert lanes == {"org-9": 1, "org-1": 2, "org-2": 3, "org-0": 0}


def test_another_event_becomes_the_current_one(tmp_path: Path) -> None:
    first = load_event(EVENT_FILE)
    second = load_event(a_file(tmp_path, with_lanes(1)))
    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)


BROKEN = {
    "not toml": TEXT + "\n= 5",
    "no event": "[other]\nx = 1",
    "empty": "",
    "no slug": TEXT.replace('slug = "not-in-our-city-5k"\n', ""),
    "no name": TEXT.replace('name = "Not In Our City 5K"\n', "", 1),
    "no tagline": TEXT.replace('tagline = "One step forward. Not in our city."\n', ""),
    "misspelt": TEXT.replace("tagline =", "taglin ="),
    "unknown key": TEXT.replace("[event]", "[event]\nsponsor = 5"),
    "no such zone": TEXT.replace("America/Chicago", "America/Gotham"),
    "no such time": TEXT.replace("2017-12-09T09:00:00", '"soon"'),
    "a date only": TEXT.replace("2017-12-09T09:00:00", "2017-12-09"),
    "goal in words": TEXT.replace("goal_cents = 7_500_000", 'goal_cents = "lots"'),
    "goal below nothing": TEXT.replace("goal_cents = 7_500_000", "goal_cents = -1"),
    "presets in words": TEXT.replace("[2_500, 5_000, 10_000]", '"50"'),
    "presets of nothing": TEXT.replace("[2_500, 5_000, 10_000]", "[0, -5]"),
    "a name without end": TEXT.replace("Target Field concourse", "x" * 5000),
    "no organizations": TEXT.replace("[[beneficiaries]]", "[[others]]"),
    "weights of nothing": TEXT.replace("weight = 1", "weight = 0"),
    "a weight below nothing": TEXT.replace("weight = 1", "weight = -1", 1),
    "the same slug twice": TEXT.replace('slug = "source"', 'slug = "breaking-free"'),
    "a fact without source": TEXT.replace("source = ", "# source = ", 1),
    "a fact without year": TEXT.replace("\nyear = ", "\n# year = ", 1),
    "a price below nothing": TEXT.replace("cents = 3_000", "cents = -3_000"),
    "no such phase": TEXT.replace('phase = "before"', 'phase = "whenever"'),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_changes_nothing_and_says_why(broken: str, tmp_path: Path) -> None:
    assert BROKEN[broken] != TEXT
    load_event(EVENT_FILE)
    before = rows()
    with pytest.raises(BadEventFile) as refused:
        load_event(a_file(tmp_path, BROKEN[broken]))
    assert len(str(refused.value)) > 20
    assert rows() == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'[event]\nname = "\xe9"'])
def test_a_file_that_is_no_text_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "event.toml"
    path.write_bytes(content)
    with pytest.raises(BadEventFile):
        load_event(path)


def test_the_command_says_who_the_event_is_for_or_why_not(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_event", str(EVENT_FILE), stdout=out)
    assert out.getvalue() == ("Not In Our City 5K, Saturday, December 9, 2017. For Breaking Free, Source, The Link.\n")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_event", str(tmp_path / "none.toml"))


@pytest.mark.money
@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_organizations_share_a_gift(count: int, tmp_path: Path) -> None:
    event = load_event(a_file(tmp_path, with_lanes(count)))
    page = a_page(event)
    payment = a_payment(page, cents=10_007)
    paid(payment)
    assert sum(owed()) == 10_007
    assert len(owed()) == count
    assert len(Donation.objects.get().weights) == count
    for path in ("/", "/give", page.get_absolute_url(), "/money", "/leaderboard", f"/thanks/{payment.token}"):
        answer = Client().get(path)
        assert answer.status_code == 200, path
    assert f"Org {count - 1}" in Client().get("/money").content.decode()


def test_the_file_is_the_campaigns_words() -> None:
    data = tomllib.loads(TEXT)
    assert "100% of proceeds" in data["event"]["call"]


def test_teams_whose_names_make_the_same_address_are_different_teams() -> None:
    event = load_event(EVENT_FILE)
    names = ["Hope", "Крылья", "希望", "Крылья 5", "希望 5", "Hope!", "hope"]
    teams = [team_named(event=event, name=name) for name in names]
    assert len({team.pk for team in teams}) == 5, "Hope, Hope! and hope are one to a reader"
    assert len({team.slug for team in teams}) == 5
    assert team_named(event=event, name="希望") == teams[2]


def test_runners_whose_names_make_the_same_address_have_pages_of_their_own() -> None:
    event = load_event(EVENT_FILE)
    names = ["Amina", "Amina 102", "Amina", "Amina", "希望", "希望", "Give", "admin", "a" * 80, "a" * 80]
    pages = [create_fundraiser(event=event, name=name) for name in names]
    assert len({page.slug for page in pages}) == len(names)
    assert {"give", "admin"}.isdisjoint(page.slug for page in pages)
