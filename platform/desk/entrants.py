"""Who takes part: lists of the desk and of race day."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.models import Role, User
from accounts.queries import has_role
from events.models import EntryOption, Event
from registration.models import Participant, PromoCode, Registration, WaitListEntry
from registration.queries import PLACED

Status = Participant.Status
# Who may read what is private of people: minors, ages, whom to call in an emergency.
PRIVATE = (Role.ORGANIZER, Role.COORDINATOR)


@dataclass(slots=True)
class Tally:
    """The places of an option, by what became of them."""

    option: EntryOption
    confirmed: int = 0
    held: int = 0
    offered: int = 0
    waiting: int = 0
    arrived: int = 0

    @property
    def left(self) -> int | None:
        """None without a limit; below zero when it was paid after its place was given back."""
        capacity = self.option.capacity
        return None if capacity is None else capacity - self.confirmed - self.held - self.offered


def sees_private(user: User) -> bool:
    return has_role(user, *PRIVATE)


def tallies_of(event: Event) -> list[Tally]:
    """The options of an event in their order, with their places.

    Nearly everybody is confirmed: they are what is left when the few whose sign-up is not finished are taken off.
    """
    active = Q(participants__status=Status.ACTIVE)
    options = event.options.annotate(
        active=Count("participants", filter=active),
        here=Count("participants", filter=active & Q(participants__arrived_at__isnull=False)),
    )
    rows = {option.pk: Tally(option, confirmed=option.active, arrived=option.here) for option in options}
    # A place that is being handed on still counts with whoever hands it on.
    held = Q(registration__status=Registration.Status.HELD, registration__takes_over=None)
    unfinished = Participant.objects.filter(option__in=rows, status=Status.ACTIVE).exclude(
        registration__status=Registration.Status.CONFIRMED
    )
    counts = unfinished.order_by().values_list("option").annotate(Count("pk"), held=Count("pk", filter=held))
    for option, count, being_paid in counts:
        rows[option].confirmed -= count
        rows[option].held = being_paid
    waits = WaitListEntry.objects.filter(option__in=rows).order_by().values_list("option", "status")
    for option, status, count in waits.annotate(Count("pk")):
        if status == WaitListEntry.Status.OFFERED:
            rows[option].offered = count
        elif status == WaitListEntry.Status.WAITING:
            rows[option].waiting = count
    return list(rows.values())


WAITS = (WaitListEntry.Status.OFFERED, WaitListEntry.Status.WAITING, WaitListEntry.Status.OVER)
# What the list of registrations can be narrowed to.
STATES: dict[str, Q] = {
    "active": Q(status=Status.ACTIVE, registration__status=Registration.Status.CONFIRMED),
    "held": Q(status=Status.ACTIVE, registration__status=Registration.Status.HELD),
    "cancelled": Q(status=Status.CANCELLED),
    "deferred": Q(status=Status.DEFERRED),
    "transferred": Q(status=Status.TRANSFERRED),
}


def entrants_matching(
    event: Event, query: str, option: int | None = None, state: str = "", *, private: bool = True
) -> "QuerySet[Participant]":
    """People whose places are or were paid, newest first. `query` is part of a name or an e-mail address, a bib or
    the number of a registration. Who may not read of minors does not find them by their full names either.
    """
    found = Participant.objects.filter(registration__event=event, registration__status__in=PLACED)
    found = found.exclude(status=Status.REMOVED).order_by("-pk")
    if option:
        found = found.filter(option=option)
    if state in STATES:
        found = found.filter(STATES[state])
    if query:
        named = Q(name__icontains=query) if private else Q(name__icontains=query, age__gte=18)
        wanted = named | Q(page_name__icontains=query) | Q(email__icontains=query)
        wanted |= Q(registration__email__icontains=query) | Q(registration__name__icontains=query)
        if number := number_in(query):
            wanted |= Q(page__bib=number) | Q(registration=number)
        found = found.filter(wanted)
    return found


def with_details(page: Any) -> "QuerySet[Participant]":
    """The rows of one page of such a list. Sorting a hundred thousand with all they hang on takes a second."""
    rows = Participant.objects.filter(pk__in=page.object_list.values("pk"))
    return rows.select_related("registration", "option", "page").order_by("-pk")


def number_in(query: str) -> int | None:
    """The bib or number that somebody typed."""
    return int(query) if query.isascii() and query.isdigit() and len(query) < 9 else None


def starters(event: Event) -> "QuerySet[Participant]":
    """Who takes part, for the check-in."""
    found = Participant.objects.filter(STATES["active"], registration__event=event)
    return found.select_related("registration", "option", "page", "waiver")


def starters_matching(event: Event, query: str) -> "QuerySet[Participant]":
    """Who is looked for at the check-in: by bib, or by part of the name or of the name of who registered them."""
    found = starters(event).order_by("name", "pk")
    if number := number_in(query):
        return found.filter(page__bib=number)
    return found.filter(
        Q(name__icontains=query) | Q(page_name__icontains=query) | Q(registration__name__icontains=query)
    )


def codes_with_uses(event: Event) -> "QuerySet[PromoCode]":
    """Codes, with how many people each has made something cheaper for."""
    used = Q(
        registrations__status__in=PLACED,
        registrations__participants__discount_cents__gt=0,
        registrations__participants__status__in=[status for status in Status if status != Status.CANCELLED],
    )
    codes = event.promo_codes.filter(promised_to=None)
    return codes.annotate(used=Count("registrations__participants", filter=used)).order_by("code")


def waiting_people(event: Event) -> "QuerySet[WaitListEntry]":
    """Who waits for what, in order: those with an offer, those who wait, those whose offer ended without a place."""
    rank = Case(*[When(status=status, then=Value(place)) for place, status in enumerate(WAITS)])
    found = WaitListEntry.objects.filter(option__event=event, status__in=WAITS).select_related("option")
    return found.order_by("option__place", rank, "pk")
