"""Race day: somebody is looked up and there with one tap; the list is printed, exported, kept, and that is logged."""

import csv
import io
from threading import Thread

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, StaffAct
from events.models import Event
from fundraisers.models import Fundraiser
from registration.at_desk import mark_arrived
from registration.models import Participant
from tests.desk.cast import at_desk, text_of
from tests.factories import a_race
from tests.registration_desk.households import a_household, a_race_at, held, person_in
from tests.tools.fixtures.databases import CommittedDatabase

CHECKIN = "/desk/checkin"


def race() -> Event:
    return a_race_at(a_race(), 0)


@pytest.fixture
def event(db: None) -> Event:
    return race()


@pytest.fixture
def desk(event: Event) -> Client:
    return at_desk(Role.COORDINATOR)


def tap(desk: Client, person: Participant, arrived: str = "1", **more: str) -> str:
    answer = desk.post(f"{CHECKIN}/{person.pk}/arrived", {"arrived": arrived} | more, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def is_there(person: Participant) -> bool:
    person.refresh_from_db()
    return person.arrived_at is not None


def test_nobody_is_shown_before_somebody_is_looked_for(event: Event, desk: Client) -> None:
    a_household(event)
    page = text_of(desk, CHECKIN)
    assert "Amina" not in page
    assert "0 of 1" in page


def test_somebody_is_found_by_bib_and_by_name(event: Event, desk: Client) -> None:
    a_household(event)
    ole = person_in(a_household(event, "Ole Olson"), "Ole Olson")
    for query in ("olson", str(Fundraiser.objects.get(participant=ole).bib)):
        page = text_of(desk, CHECKIN, q=query)
        assert "Ole Olson" in page
        assert "Amina" not in page
    assert "Nobody who takes part is like" in text_of(desk, CHECKIN, q="9999")


def test_who_does_not_take_part_is_not_found(event: Event, desk: Client) -> None:
    held(event, "Not Paid")
    gone = person_in(a_household(event, "Gone"), "Gone")
    Participant.objects.filter(pk=gone.pk).update(status="cancelled")
    for query in ("paid", "gone"):
        assert "Nobody who takes part is like" in text_of(desk, CHECKIN, q=query)
    assert desk.post(f"{CHECKIN}/{gone.pk}/arrived", {"arrived": "1"}).status_code == 404


def test_one_tap_and_they_are_there_and_one_more_takes_it_back(event: Event, desk: Client) -> None:
    person = person_in(a_household(event))
    page = tap(desk, person)
    assert "Amina Warsame is there." in page
    assert "1 of 1" in page
    assert is_there(person)
    assert "Undo" in page
    assert "Amina Warsame is not there." in tap(desk, person, "0", q="amina")
    assert not is_there(person)
    acts = StaffAct.objects.order_by("pk").values_list("verb", "target")
    assert list(acts) == [
        ("noted an arrival", f"participant {person.pk}"),
        ("took an arrival back", f"participant {person.pk}"),
    ]


def test_two_who_tap_are_one_arrival(event: Event, desk: Client) -> None:
    person = person_in(a_household(event))
    tap(desk, person)
    first = Participant.objects.get(pk=person.pk).arrived_at
    assert "Somebody at the desk was faster." in tap(at_desk(Role.ORGANIZER, email="second@example.org"), person)
    assert Participant.objects.get(pk=person.pk).arrived_at == first
    assert StaffAct.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_twenty_who_tap_at_once_are_one_arrival(committed_db: CommittedDatabase) -> None:
    person = person_in(a_household(race()))
    changed: list[bool] = []

    def press() -> None:
        changed.append(mark_arrived(participant=person, arrived=True))
        connections.close_all()

    threads = [Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False] * 19 + [True]


@pytest.mark.parametrize("words", [{}, {"arrived": ""}, {"arrived": "yes"}])
def test_a_form_that_does_not_say_which_does_nothing(event: Event, desk: Client, words: dict[str, str]) -> None:
    person = person_in(a_household(event))
    assert desk.post(f"{CHECKIN}/{person.pk}/arrived", words).status_code == 400
    assert not is_there(person)


@pytest.mark.parametrize("way", ["print", "print?by=bib", "list.csv", "offline"])
def test_who_takes_the_list_is_written_down_once(event: Event, desk: Client, way: str) -> None:
    a_household(event)
    for _time in range(2):
        answer = desk.get(f"{CHECKIN}/{way}")
        assert answer.status_code == 200
        b"".join(answer) if answer.streaming else answer.content
    assert list(StaffAct.objects.values_list("verb", flat=True)) == ["opened the check-in list"]


def test_the_list_on_paper_is_by_name_or_by_bib(event: Event, desk: Client) -> None:
    a_household(event, "Zora First", "Adam Second")
    for way, names in (("print", ["Adam", "Zora"]), ("print?by=bib", ["Zora", "Adam"])):
        page = text_of(desk, f"{CHECKIN}/{way}")
        assert sorted(names, key=page.index) == names
        assert "612-555-0100" in page


def test_the_list_that_is_kept_on_a_device_holds_no_emergency_contact(event: Event, desk: Client) -> None:
    a_household(event)
    page = text_of(desk, f"{CHECKIN}/offline")
    assert "Amina Warsame" in page
    assert "As of" in page
    assert "612-555-0100" not in page
    worker = desk.get(f"{CHECKIN}/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert f'"{CHECKIN}/offline"' in worker.content.decode()


def test_looking_somebody_up_costs_few_queries(
    event: Event, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        a_household(event, *[f"Runner {number}-{one}" for one in range(9)])
    with django_assert_max_num_queries(12):
        assert "There are more." in text_of(desk, CHECKIN, q="runner")
    with django_assert_max_num_queries(12):
        text_of(desk, f"{CHECKIN}/print")


# --- The spreadsheet ----------------------------------------------------------------------------------------


def exported(desk: Client) -> list[dict[str, str]]:
    answer = desk.get(f"{CHECKIN}/list.csv")
    assert answer["Content-Disposition"].endswith('.csv"')
    text = b"".join(answer).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    " =1+1",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_people_wrote_is_never_a_formula(event: Event, desk: Client, formula: str) -> None:
    a_household(event)
    Participant.objects.update(name=formula, emergency_name=formula)
    [row] = exported(desk)
    for column in ("Name", "In an emergency"):
        assert row[column] == f"'{formula}"


def test_numbers_stay_numbers_and_words_stay_words(event: Event, desk: Client) -> None:
    person = person_in(a_household(event, "Amina Warsame"))
    Participant.objects.update(name='Amina, "Ami" Warsame')
    [row] = exported(desk)
    assert row["Bib"] == str(Fundraiser.objects.get().bib)
    assert (row["Age"], row["Waiver"], row["Registration"]) == ("34", "1", str(person.registration_id))
    assert row["Name"] == 'Amina, "Ami" Warsame'
    assert row["Their phone"] == "612-555-0100"
