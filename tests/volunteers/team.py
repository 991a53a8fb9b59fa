"""Shifts and people who help, and what they see and press."""

from datetime import timedelta
from typing import Any

from django.test import Client

from common import clock
from common.stamps import stamp
from events.models import Event
from outreach.volunteers.models import Shift, Volunteer
from outreach.volunteers.services import offer, take


def a_shift(
    event: Event, name: str = "Bib pick-up", hours_from_start: float = -3, hours: float = 3, **more: Any
) -> Shift:
    """A shift so many hours from the start of the race, on the minute as the desk makes them."""
    starts = (event.starts_at + timedelta(hours=hours_from_start)).replace(second=0, microsecond=0)
    fields = {"phase": "during", "meeting_point": "Gate 29", "places": 3, "about": "Hand out bibs."} | more
    fields = {"starts_at": starts, "ends_at": starts + timedelta(hours=hours)} | fields
    return Shift.objects.create(event=event, name=name, **fields)


def a_volunteer(event: Event, name: str = "Maya Olson", **more: Any) -> Volunteer:
    email = f"{name.partition(' ')[0].lower()}@example.org"
    fields: dict[str, Any] = {"email": email, "wish": "Anything in the morning", "shift": None} | more
    return offer(event=event, name=name, **fields)


def on(shift: Shift, *names: str) -> list[Volunteer]:
    """People of these names, placed on the shift."""
    people = [a_volunteer(shift.event, name) for name in names]
    for person in people:
        take(volunteer=person, shift=shift, knows_overlap=True)
    return people


def words(**more: str) -> dict[str, str]:
    """What the page of the offer sends."""
    return {"name": "Maya Olson", "email": "maya@example.org", "wish": "Water", "drawn": stamp()} | more


def send(**more: str) -> Any:
    return Client().post("/volunteer/offer", words(**more))


def see(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def link_of(person: Volunteer) -> str:
    return f"/volunteer/{person.token}"


def press(path: str, **data: str) -> str:
    """A press and the page that it leads to."""
    return Client().post(path, data, follow=True).content.decode()


def soon(**more: float) -> Any:
    return clock.now() + timedelta(**more)
