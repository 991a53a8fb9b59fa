"""What is kept about people who sign up for the run, or wait for a place."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.privacy import Ending, Kept, Part, Purpose, Room, blank, of_address
from registration.models import ADULT, Participant, Registration, WaitListEntry

EMERGENCY_KEPT = timedelta(days=30)
CHILDREN_KEPT = timedelta(days=90)
WAITED = timedelta(days=30)
Status = Registration.Status

ENTRY = Purpose(
    Part.RUN,
    gettext_lazy("Your entry: name, e-mail address, age on race day, shirt size, and who signed which waiver when"),
    gettext_lazy("For the start list, your bib and your shirt, and to show who agreed to what."),
    gettext_lazy("Until you ask us to delete it. A sign-up that nobody finished goes after 7 days."),
    gettext_lazy("You, organizers, and who checks people in on race day"),
)
EMERGENCY = Purpose(
    Part.RUN,
    gettext_lazy("Whom we call in an emergency, and their phone number"),
    gettext_lazy("For race day, and for nothing else."),
    gettext_lazy("30 days after the race."),
    gettext_lazy("Organizers, and who checks people in on race day"),
)
CHILD = Purpose(
    Part.RUN,
    gettext_lazy("Of children: name, age, shirt size, and who is their parent or guardian. No address of their own"),
    gettext_lazy("For the start list. The parent or guardian signs up, agrees, and gets the mail."),
    gettext_lazy("90 days after the race, the child's page included. Earlier when the parent or guardian asks."),
    gettext_lazy("As for other entries; a child's page says a first name only and is on no list"),
)
WAIT = Purpose(
    Part.RUN,
    gettext_lazy("Your place on the wait list: name and e-mail address"),
    gettext_lazy("To write to you when a place is free."),
    gettext_lazy("30 days after the race."),
    gettext_lazy("You, and organizers"),
)

_NOBODY: dict[str, Any] = {"emergency_name": "-", "emergency_phone": "-"}
_NUMBERED = Q(name=Concat(Value("Entry "), Cast("pk", CharField())))
_nameless = blank(
    **_NOBODY,
    name=lambda row: f"Entry {row.pk}",
    page_name=lambda row: f"Entry {row.pk}",
    email="",
    guardian="",
    shirt_size="",
    signed_by="",
    team="",
)


def people_of(email: str) -> "QuerySet[Participant]":
    """Who signed up with this address, and whom its owner signed up who have none of their own: mostly children."""
    theirs = of_address(Participant.objects.all(), email, "email")
    household = of_address(Participant.objects.filter(email=""), email, "registration__email")
    return Participant.objects.filter(Q(pk__in=theirs.values("pk")) | Q(pk__in=household.values("pk")))


def registrations_of(email: str) -> "QuerySet[Registration]":
    return of_address(Registration.objects.all(), email, "email")


def _hindrances(email: str) -> list[str]:
    found = []
    day_after = clock.now() - timedelta(days=1)
    entered = Q(registration__status=Status.CONFIRMED, registration__event__starts_at__gt=day_after)
    if people_of(email).filter(entered, status=Participant.Status.ACTIVE).exists():
        found.append(_("There is an entry for a race that is to come. Cancel it first, or wait for the day after."))
    if registrations_of(email).filter(status=Status.HELD).exists():
        found.append(_("A sign-up is just being paid. Wait until it is paid or has run out, at most two hours."))
    offered = WaitListEntry.objects.filter(status=WaitListEntry.Status.OFFERED)
    if of_address(offered, email, "email").exists():
        found.append(_("A place on the wait list is offered. Take it or leave it first."))
    return found


def _forget_waiting(entries: Sequence[Any]) -> None:
    blank(name="-", email="", token=lambda _row: uuid4())(entries)
    still = WaitListEntry.objects.filter(pk__in=[entry.pk for entry in entries], status=WaitListEntry.Status.WAITING)
    still.update(status=WaitListEntry.Status.LEFT)


def _emergencies(now: datetime) -> "QuerySet[Participant]":
    after = Participant.objects.filter(registration__event__starts_at__lt=now - EMERGENCY_KEPT)
    return after.exclude(**_NOBODY)


def _children(now: datetime) -> "QuerySet[Participant]":
    after = Participant.objects.filter(age__lt=ADULT, registration__event__starts_at__lt=now - CHILDREN_KEPT)
    return after.exclude(_NUMBERED, guardian="", signed_by="").exclude(name="-")


def _waited(now: datetime) -> "QuerySet[WaitListEntry]":
    return WaitListEntry.objects.filter(option__event__starts_at__lt=now - WAITED).exclude(email="")


ROOM = Room(
    kept=(
        Kept(
            ENTRY,
            Registration,
            ("name", "email"),
            registrations_of,
            blank(name="-", email="", token=lambda _row: uuid4()),
            names=("name", "email"),
            also_told=("status", "created_at", "confirmed_at"),
        ),
        Kept(
            ENTRY,
            Participant,
            ("name", "email", "shirt_size", "signed_by", "page_name", "team"),
            people_of,
            _nameless,
            names=("name", "email", "signed_by", "page_name"),
            also_told=("age", "status", "photo_consent", "signed_at", "arrived_at"),
        ),
        Kept(EMERGENCY, Participant, ("emergency_name", "emergency_phone"), people_of),
        Kept(CHILD, Participant, ("guardian",), people_of),
        Kept(
            WAIT,
            WaitListEntry,
            ("name", "email"),
            lambda email: of_address(WaitListEntry.objects.all(), email, "email"),
            _forget_waiting,
            names=("name", "email"),
            also_told=("status", "created_at"),
        ),
    ),
    not_personal="PromoCode.code ParticipantChange.was ParticipantChange.became",
    endings=(
        Ending(gettext_lazy("emergency contacts"), _emergencies, blank(**_NOBODY)),
        Ending(gettext_lazy("entries of children"), _children, _nameless),
        Ending(gettext_lazy("names on the wait list"), _waited, _forget_waiting),
    ),
    hindrances=_hindrances,
)
