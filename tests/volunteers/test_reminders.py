"""The mail on the day before: from nine in the morning by the event's clock, once, to who is on the shift."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from common import clock
from events.models import Event
from outreach.emails import text_of
from outreach.models import OutboxMail
from outreach.volunteers import emails
from outreach.volunteers.models import Placement, Shift
from outreach.volunteers.reminders import due_at
from outreach.volunteers.services import leave
from outreach.volunteers.shifts import cancel_shift
from outreach.volunteers.tasks import remind_volunteers
from tests.accounts.people import make_staff
from tests.factories import a_race
from tests.volunteers.team import a_shift, on


@pytest.fixture
def event(db: None) -> Event:
    return a_race()


def go_to(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def reminded() -> list[str]:
    remind_volunteers()
    return sorted(OutboxMail.objects.filter(key__contains=":reminder:").values_list("to", flat=True))


def test_once_from_nine_on_the_day_before(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    shift = a_shift(event)
    on(shift, "Maya", "Ben")
    due = due_at(shift)
    assert (due.hour, due.date()) == (9, shift.local_start.date() - timedelta(days=1))
    go_to(monkeypatch, due - timedelta(minutes=1))
    assert reminded() == []
    go_to(monkeypatch, due)
    assert [*reminded(), *reminded()] == ["ben@example.org", "maya@example.org"] * 2
    mail = OutboxMail.objects.filter(key__contains=":reminder:")[0]
    assert "Gate 29" in text_of(mail)
    assert not mail.topic, "they asked for the shift"


@pytest.mark.parametrize("day", [datetime(2027, 3, 14), datetime(2027, 11, 7)])  # noqa: DTZ001 - a local day
def test_nine_is_nine_on_the_day_the_clocks_change(day: datetime, event: Event) -> None:
    starts = day.replace(tzinfo=event.zone) + timedelta(days=1, hours=8)
    shift = a_shift(event, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert due_at(shift).astimezone(event.zone).hour == 9
    assert due_at(shift).date() == day.date()


def test_who_has_begun_left_or_was_cancelled_is_not_reminded(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, left, cancelled = a_shift(event), a_shift(event), a_shift(event)
    on(begun, "Maya")
    [gone] = on(left, "Ben")
    on(cancelled, "Ida")
    leave(volunteer=gone, shift=left)
    cancel_shift(shift=cancelled, seen=1, text="", by=make_staff())
    Event.objects.update(state="postponed")
    go_to(monkeypatch, begun.starts_at - timedelta(hours=1))
    assert reminded() == [], "the race does not stand"
    Event.objects.update(state="scheduled")
    go_to(monkeypatch, begun.starts_at)
    assert reminded() == []


def test_who_comes_after_nine_has_just_read_it_all(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    shift = a_shift(event)
    on(shift, "Maya")
    Placement.objects.update(created_at=due_at(shift) + timedelta(hours=1))
    go_to(monkeypatch, due_at(shift) + timedelta(hours=2))
    assert reminded() == []


def test_a_shift_that_moved_to_another_day_is_reminded_of_again(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    shift = a_shift(event)
    on(shift, "Maya")
    go_to(monkeypatch, due_at(shift))
    assert len(reminded()) == 1
    later = timedelta(days=7)
    Shift.objects.update(starts_at=shift.starts_at + later, ends_at=shift.ends_at + later, edition=1)
    assert len(reminded()) == 1
    go_to(monkeypatch, due_at(Shift.objects.get()))
    assert len(reminded()) == 2


def test_a_row_that_cannot_be_mailed_does_not_stop_the_others(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    shift = a_shift(event)
    on(shift, "Maya", "Ben", "Ida")
    go_to(monkeypatch, due_at(shift))
    bad, make = Placement.objects.get(volunteer__name="Ben").pk, emails.day_before

    def make_or_fail(place: Placement) -> OutboxMail:
        if place.pk == bad:
            raise ValueError("a bad row")
        return make(place)

    with patch.object(emails, "day_before", make_or_fail):
        assert reminded() == ["ida@example.org", "maya@example.org"]
    assert len(reminded()) == 3
