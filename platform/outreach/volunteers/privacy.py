"""What is kept of who offers to help."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Kept, Part, Purpose, Room, of_address
from outreach.volunteers.models import Line, Placement, Volunteer
from outreach.volunteers.services import forget

VOLUNTEERS_KEPT = timedelta(days=365)

HELP = Purpose(
    Part.WRITE,
    gettext_lazy(
        "When you offer to help: name, e-mail address, what you would like to do, your shifts, and what we wrote"
    ),
    gettext_lazy("To find a place for you, and to write to you about it."),
    gettext_lazy("A year after the race."),
    gettext_lazy("You, volunteer coordinators and organizers"),
)


def _of(email: str) -> "QuerySet[Volunteer]":
    return of_address(Volunteer.objects.all(), email, "email")


def _end(people: Sequence[Any]) -> None:
    for person in people:
        forget(volunteer=person)


def _old(now: datetime) -> "QuerySet[Volunteer]":
    return Volunteer.objects.filter(event__starts_at__lt=now - VOLUNTEERS_KEPT)


ROOM = Room(
    kept=(
        Kept(
            HELP,
            Volunteer,
            ("name", "email", "wish"),
            _of,
            _end,
            names=("name", "email"),
            also_told=("state", "created_at"),
        ),
        Kept(
            HELP,
            Placement,
            (),
            lambda email: Placement.objects.filter(volunteer__in=_of(email).values("pk")),
            also_told=("shift", "created_at", "ended_at"),
        ),
        Kept(
            HELP,
            Line,
            ("text", "subject"),
            lambda email: Line.objects.filter(volunteer__in=_of(email).values("pk")),
            also_told=("kind", "at", "shift"),
        ),
    ),
    not_personal="Shift.name Shift.about Shift.meeting_point",
    endings=(Ending(gettext_lazy("volunteers"), _old, _end),),
)
