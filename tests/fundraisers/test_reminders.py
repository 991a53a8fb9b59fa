"""The week before and the day after: once for each address, at the right time, to pages that are seen."""

from datetime import UTC, datetime, timedelta

import pytest

from common import clock
from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.reminders import due_kind, remind
from fundraisers.tasks import tend
from outreach.emails import text_of
from outreach.models import OutboxMail, Topic
from outreach.services import send_waiting, turn_off
from tests.factories import a_page, an_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Five days before the start."""
    event = an_event()
    go_to(monkeypatch, event.starts_at - timedelta(days=5))
    return event


def go_to(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def sent(kind: str = "week_before") -> list[str]:
    found = OutboxMail.objects.filter(key__startswith=f"{kind}:").order_by("to")
    return list(found.values_list("to", flat=True))


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-8, ""), (-7, "week_before"), (-1.1, "week_before"), (-0.9, ""), (0, ""), (0.1, ""), (1, "day_after"), (9, "")],
)
def test_when_which_mail_is_due(days: float, kind: str) -> None:
    event = an_event()
    event.starts_at = datetime(2026, 12, 12, 15, tzinfo=UTC)
    assert due_kind(event, event.starts_at + timedelta(days=days)) == kind


@pytest.mark.parametrize("state", ["postponed", "cancelled"])
def test_of_a_race_that_does_not_take_place_nobody_is_reminded(state: str, event: Event) -> None:
    a_page(event, email="amina@example.org")
    Event.objects.update(state=state)
    tend()
    assert sent() == []


def test_one_mail_for_an_address_however_many_pages_and_runs(event: Event) -> None:
    for name in ("Amina W.", "Sami W."):
        a_page(event, name=name, email="amina@example.org")
    a_page(event, name="Otto Other", email="other@example.org")
    a_page(event, name="No Mail")
    assert remind(event) == 2
    for _again in range(3):
        tend()
    assert sent() == ["amina@example.org", "other@example.org"]
    text = text_of(OutboxMail.objects.get(key__startswith="week_before", to="amina@example.org"))
    for words in ("Amina W., 101: $0 of $500", "Sami W., 102", "1 Twins Way", "/me"):
        assert words in text, words


def test_hidden_pages_get_none_and_a_page_hidden_later_makes_no_second_mail(event: Event) -> None:
    first = a_page(event, name="Amina W.", email="amina@example.org")
    second = a_page(event, name="Sami W.", email="amina@example.org")
    hidden = a_page(event, name="Otto Other", email="other@example.org")
    Fundraiser.objects.filter(pk=hidden.pk).update(is_hidden=True)
    tend()
    assert sent() == ["amina@example.org"]
    Fundraiser.objects.filter(pk=first.pk).update(is_hidden=True)
    tend()
    assert sent() == ["amina@example.org"]
    assert second.email


def test_a_page_that_comes_in_the_last_week_is_reminded_too(event: Event) -> None:
    tend()
    a_page(event, email="amina@example.org")
    tend()
    assert sent() == ["amina@example.org"]


def test_the_day_after_comes_the_other_one(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    a_page(event, email="amina@example.org")
    tend()
    go_to(monkeypatch, event.starts_at + timedelta(days=1, hours=2))
    for _again in range(2):
        tend()
    assert sent("day_after") == ["amina@example.org"]
    assert "Thank you for running" in text_of(OutboxMail.objects.get(key__startswith="day_after"))


def test_more_than_one_batch(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundraisers.reminders.AT_ONCE", 2)
    for number in range(5):
        a_page(event, name=f"Runner {number}", email=f"runner{number}@example.org")
    assert remind(event) == 5


def test_they_can_be_turned_off(event: Event) -> None:
    a_page(event, email="amina@example.org")
    turn_off(email="amina@example.org", topic=Topic.RACE, off=True)
    tend()
    send_waiting()
    assert OutboxMail.objects.get(key__startswith="week_before").status == "off"
