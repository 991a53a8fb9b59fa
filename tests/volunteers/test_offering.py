"""Offering to help: three fields, one mail, a private link, and the shifts behind it."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from common import clock
from events.models import Event
from outreach.emails import text_of
from outreach.models import OutboxMail
from outreach.volunteers.models import Line, Placement, Volunteer
from outreach.volunteers.services import leave
from outreach.volunteers.shifts import cancel_shift
from people.exports import export_of
from people.services import forget
from tests.accounts.people import make_staff
from tests.factories import a_race
from tests.volunteers.team import a_shift, a_volunteer, link_of, on, press, see, send

State = Volunteer.State


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


def test_the_page_says_what_is_needed_before_during_and_after_and_sets_no_cookie(event: Event) -> None:
    a_shift(event, places=1)
    a_shift(event, "Clear up", hours_from_start=2, phase="after")
    a_shift(event, "Yesterday's", hours_from_start=-24 * 80)
    answer = Client().get("/volunteer")
    text = answer.content.decode()
    assert not answer.cookies
    assert "<form" not in text
    for said in ("Join our rockstar volunteer team", "Before the race", "On race day", "After the race", "Bib pick-up"):
        assert said in text
    assert "Spread the word" in text
    assert re.search(r"Hand out bibs\..*Gate 29.*1</b> place left", text, re.DOTALL)
    assert "Yesterday" not in text


def test_a_page_without_shifts_still_asks_for_help(event: Event) -> None:
    event.volunteer_phases.all().delete()
    assert "We are still working out what is needed" in see("/volunteer")


def test_hours_are_those_of_the_event_on_both_sides_of_a_change_of_clocks(event: Event) -> None:
    event.timezone = "America/Chicago"
    event.starts_at = clock.now().replace(year=clock.now().year + 1, month=11, day=30, hour=15, minute=0)
    event.save()
    a_shift(
        event, "In summer time", starts_at=event.starts_at.replace(month=10, day=15, hour=14), ends_at=event.starts_at
    )
    a_shift(event, "In winter time", hours_from_start=0)
    text = see("/volunteer")
    assert re.search(
        r"9:00 AM to [A-Z][a-z]+, November 30, 9:00 AM</span></div>\s*<div[^>]*>\s*<h3>In summer time", text
    )
    assert re.search(r"9:00 AM to 12:00 PM</span></div>\s*<div[^>]*>\s*<h3>In winter time", text)


def test_three_fields_make_an_offer_and_one_mail_with_the_private_link(event: Event) -> None:
    answer = send(email="Maya@Example.org")
    assert answer.headers["Location"] == "/volunteer/sent"
    person = Volunteer.objects.get()
    assert (person.email, person.state, person.wish) == ("maya@example.org", State.NEW, "Water")
    mail = OutboxMail.objects.get()
    assert mail.to == "maya@example.org"
    assert f"/volunteer/{person.token}" in text_of(mail)
    assert not mail.topic
    assert "Look into your mailbox" in see("/volunteer/sent")


@pytest.mark.parametrize("more", [{"name": ""}, {"email": "maya"}, {"wish": " "}, {"website": "spam"}, {"drawn": ""}])
def test_what_is_missing_or_odd_is_said_and_the_words_are_kept(event: Event, more: dict[str, str]) -> None:
    answer = send(**more)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert ("Maya Olson" in text) == ("name" not in more)
    assert not Volunteer.objects.exists()


def test_too_many_offers_of_one_network_are_asked_to_come_later(event: Event) -> None:
    for number in range(30):
        assert send(email=f"a{number}@example.org").status_code == 302
    answer = send(email="late@example.org")
    assert answer.status_code == 429
    assert "What you wrote is kept here" in answer.content.decode()


def test_the_form_is_never_kept(event: Event) -> None:
    for path in ("/volunteer/offer", "/volunteer/sent", link_of(a_volunteer(event))):
        assert "no-store" in Client().get(path).headers["Cache-Control"]


def test_who_comes_from_a_shift_needs_no_words_and_takes_it_behind_the_link(event: Event) -> None:
    shift = a_shift(event, places=1)
    assert "Bib pick-up" in see(f"/volunteer/offer?shift={shift.pk}")
    assert send(wish="", shift=str(shift.pk)).status_code == 302
    person = Volunteer.objects.get()
    assert not Placement.objects.exists(), "whoever types an address need not be its owner"
    assert "Bib pick-up" in text_of(OutboxMail.objects.get())
    assert "You asked for this one" in see(link_of(person))


@pytest.mark.parametrize("number", ["x", "0", "999999999999999999999", "²", ""])
def test_a_shift_that_is_none_leads_to_the_plain_form(event: Event, number: str) -> None:
    assert "What would you like to help with?" in see(f"/volunteer/offer?shift={number}")


def test_offering_twice_keeps_one_person_and_tells_nobody_else(event: Event) -> None:
    person = a_volunteer(event)
    answer = send(name="Somebody Else", wish="Parking")
    assert answer.status_code == 302
    person.refresh_from_db()
    assert Volunteer.objects.get() == person
    assert (person.name, person.wish) == ("Maya Olson", "Parking")
    send()
    assert OutboxMail.objects.count() == 2, "again once an hour"
    assert Line.objects.filter(kind="offer").count() == 3


def test_who_was_thanked_and_offers_again_is_new_again(event: Event) -> None:
    person = a_volunteer(event)
    Volunteer.objects.update(state=State.THANKED)
    send()
    person.refresh_from_db()
    assert person.state == State.NEW
    assert person.lines.first().became == State.NEW  # type: ignore[union-attr]


# --- Behind the private link ----------------------------------------------------------------------------------


def test_a_shift_is_taken_given_back_and_the_public_page_knows_at_once(event: Event) -> None:
    shift, person = a_shift(event, places=2), a_volunteer(event)
    assert "2</b> places left" in see("/volunteer")
    assert "Gate 29" in see(f"{link_of(person)}/take/{shift.pk}")
    assert "You are in. We have sent you the details." in press(f"{link_of(person)}/take/{shift.pk}")
    assert "1</b> place left" in see("/volunteer")
    person.refresh_from_db()
    assert person.state == State.PLACED
    assert "Bib pick-up" in text_of(OutboxMail.objects.get(key__contains=":placed:"))
    assert "is given back" in press(f"{link_of(person)}/give-back/{shift.pk}")
    assert "2</b> places left" in see("/volunteer")
    person.refresh_from_db()
    assert person.state == State.CONTACTED
    assert "Nothing was changed" in press(f"{link_of(person)}/give-back/{shift.pk}")


def test_pressing_twice_takes_one_place(event: Event) -> None:
    shift, person = a_shift(event), a_volunteer(event)
    for _press in range(2):
        press(f"{link_of(person)}/take/{shift.pk}")
    assert Placement.objects.count() == 1
    assert OutboxMail.objects.filter(key__contains=":placed:").count() == 1


def test_a_minimum_age_is_confirmed_first(event: Event) -> None:
    shift, person = a_shift(event, min_age=16), a_volunteer(event)
    path = f"{link_of(person)}/take/{shift.pk}"
    assert "I will be 16 or older on that day" in see(path)
    assert "Say that you are old enough" in press(path)
    assert not Placement.objects.exists()
    assert "You are in." in press(path, age="on")


def test_nobody_is_on_two_shifts_at_once_without_knowing(event: Event) -> None:
    first, second = a_shift(event), a_shift(event, "Water", hours_from_start=-1)
    touching = a_shift(event, "Cheer", hours_from_start=0)
    [person] = on(first, "Maya")
    path = f"{link_of(person)}/take/{second.pk}"
    assert "I know that Bib pick-up is at the same time" in see(path)
    assert "Say that you know of the other shift" in press(path)
    assert "I know that" not in see(f"{link_of(person)}/take/{touching.pk}"), "one ends as the other begins"
    assert "You are in." in press(path, overlap="on")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "cancelled"}, "no shift can be taken now"),
        ({"starts_at": clock.now() - timedelta(days=3)}, "is over, or has begun"),
    ],
)
def test_what_cannot_be_taken_says_why(event: Event, change: dict[str, object], said: str) -> None:
    shift, person = a_shift(event), a_volunteer(event)
    if "state" in change:
        Event.objects.update(**change)
        assert "does not stand as planned" in see("/volunteer")
    else:
        shift.starts_at = change["starts_at"]  # type: ignore[assignment]
        shift.save()
    assert said in press(f"{link_of(person)}/take/{shift.pk}")
    assert not Placement.objects.exists()


def test_a_shift_that_has_begun_is_not_given_back(event: Event) -> None:
    shift = a_shift(event)
    [person] = on(shift, "Maya")
    shift.starts_at = clock.now() - timedelta(minutes=1)
    shift.save()
    assert "Has begun, or is over" in see(link_of(person))
    assert "it has begun" in press(f"{link_of(person)}/give-back/{shift.pk}")
    assert Placement.objects.filter(ended_at=None).count() == 1


def test_the_calendar_file_has_every_shift_with_its_zone_and_says_what_was_cancelled(event: Event) -> None:
    first, second = a_shift(event), a_shift(event, "Water", hours_from_start=2)
    [person] = on(first, "Maya")
    on(second, "Maya")
    cancel_shift(shift=second, seen=1, text="", by=make_staff())
    answer = Client().get(f"{link_of(person)}/shifts.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    made = Calendar.from_ical(answer.content)
    entries = {str(entry["summary"]).split(",")[0]: entry for entry in made.walk("VEVENT")}
    assert entries["Bib pick-up"].decoded("dtstart") == first.starts_at
    assert str(entries["Bib pick-up"]["dtstart"].params["TZID"]) == event.timezone
    assert [str(entries[name]["status"]) for name in ("Bib pick-up", "Water")] == ["CONFIRMED", "CANCELLED"]
    assert str(entries["Water"]["sequence"]) == "1"
    assert made.walk("VTIMEZONE")


def test_an_empty_calendar_is_a_calendar(event: Event) -> None:
    assert Calendar.from_ical(Client().get(f"{link_of(a_volunteer(event))}/shifts.ics").content)


def test_a_link_that_was_guessed_opens_nothing(event: Event) -> None:
    a_volunteer(event)
    for path in ("", "/shifts.ics", "/forget"):
        see(f"/volunteer/8d5f0c1e-5d0a-4ad3-9f0e-0f5c1f6f3a55{path}", status=404)


def test_looking_takes_and_forgets_nothing(event: Event) -> None:
    shift, person = a_shift(event), a_volunteer(event)
    for path in (f"/take/{shift.pk}", "/forget", ""):
        see(link_of(person) + path)
    assert Volunteer.objects.exists()
    assert not Placement.objects.exists()


def test_forgotten_is_gone_with_notes_mails_and_places(event: Event) -> None:
    shift = a_shift(event, places=1)
    [person] = on(shift, "Maya")
    other = a_volunteer(event, "Ben")
    see(f"{link_of(person)}/forget")
    assert "You are forgotten" in press(f"{link_of(person)}/forget")
    assert list(Volunteer.objects.all()) == [other]
    assert not Placement.objects.exists()
    assert not OutboxMail.objects.filter(to="maya@example.org").exists()
    assert OutboxMail.objects.filter(to="ben@example.org").exists()
    assert "1</b> place left" in see("/volunteer")
    see(link_of(person), status=404)


def test_an_address_is_handed_out_and_forgotten_in_one_call(event: Event) -> None:
    shift = a_shift(event)
    [person] = on(shift, "Maya")
    leave(volunteer=person, shift=shift)
    on(a_shift(event, "Water"), "Maya")
    told = json.dumps(export_of("Maya@example.org"))
    assert told.count('"Name": "Maya"') == 1
    assert "Water" in told
    assert told.count('"Kind"') >= person.lines.count()
    forget(email="MAYA@example.org")
    assert export_of("maya@example.org")["kept"] == []
    assert not Volunteer.objects.exists()


def test_mails_have_both_parts_and_no_holes(event: Event, settings: Settings) -> None:
    on(a_shift(event, about="<b>Bibs</b> & pins"), "Maya")
    for mail in OutboxMail.objects.all():
        text = text_of(mail)
        assert not re.search(r"\n\n\n", text)
        assert "None" not in text
        assert "&amp;" not in text
