"""Registrations behind their private links, and what can be had: options, prices and places."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from common import clock
from events.models import EntryOption, Event, Waiver
from events.queries import price_at
from registration.models import Participant, Registration, WaitListEntry

Status = Registration.Status
# What can still be changed and paid. A released one was not paid: what was written is kept.
OPEN = (Status.CART, Status.RELEASED)
# Whose places count as taken. A held place is given back by `release` alone: until then it can still be paid.
PLACED = (Status.HELD, Status.CONFIRMED)


# --- Private links ------------------------------------------------------------------------------------------


def registration_of_link(token: UUID) -> Registration:
    """The guard of a registration's private link: whoever has it may see and change it; 404 for everybody else."""
    return get_object_or_404(Registration.objects.select_related("event", "promo_code", "takes_over"), token=token)


def person_of(registration: Registration, pk: int) -> Participant:
    """A participant of this registration; 404 for anybody else's."""
    people = registration.participants.exclude(status=Participant.Status.REMOVED)
    people = people.select_related("option", "registration__event")
    return get_object_or_404(people, pk=pk)


def confirmed_person(token: UUID, pk: int) -> Participant:
    """Somebody who takes part and is on the registration of this link; 404 for everybody else."""
    person = person_of(registration_of_link(token), pk)
    if person.registration.status != Status.CONFIRMED or person.status != Participant.Status.ACTIVE:
        raise Http404
    return person


def entry_of_link(token: UUID) -> WaitListEntry:
    """The guard of a link of the wait list."""
    return get_object_or_404(WaitListEntry.objects.select_related("option__event", "registration"), token=token)


def running_offer(token: UUID) -> WaitListEntry | None:
    """The offer behind a link of the wait list, while it runs."""
    running = WaitListEntry.objects.filter(status=WaitListEntry.Status.OFFERED, offer_ends_at__gte=clock.now())
    return running.select_related("option").filter(token=token).first()


def ahead_of(entry: WaitListEntry) -> int:
    """How many wait for the same and came earlier."""
    return WaitListEntry.objects.filter(
        option=entry.option_id, status=WaitListEntry.Status.WAITING, pk__lt=entry.pk
    ).count()


def people_of(registration: Registration) -> "QuerySet[Participant]":
    """Who takes part, or is going to."""
    return registration.participants.filter(status=Participant.Status.ACTIVE).select_related("option")


def known_of(registration: Registration, others: "Sequence[Participant]") -> dict[str, Any]:
    """What the next person's form need not ask again: the household's emergency contact and team, nobody's own data.

    The first one is most likely whoever the cart was made for.
    """
    if others:
        return {name: getattr(others[0], name) for name in ("emergency_name", "emergency_phone", "team")}
    if registration.takes_over:
        return {"option": registration.takes_over.option_id, "name": registration.name, "email": registration.email}
    return {"name": registration.name, "email": registration.email}


# --- When ---------------------------------------------------------------------------------------------------


def closes_at(event: Event) -> datetime:
    return event.starts_at - timedelta(hours=event.entry_close_hours)


def refunds_until(event: Event) -> datetime | None:
    """Until when an entry fee goes back; None: it never does. Who postponed the race may have given longer."""
    rule = None if event.refund_days is None else event.starts_at - timedelta(days=event.refund_days)
    return max(filter(None, (rule, event.refunds_until)), default=None)


def moves_until(event: Event) -> datetime:
    """Until when a place can be handed on or deferred."""
    return event.starts_at - timedelta(days=event.transfer_days)


def can_move(event: Event) -> bool:
    """Whether a place can still be handed on or deferred."""
    return event.state != Event.State.CANCELLED and clock.now() <= moves_until(event)


def why_closed(event: Event) -> str:
    """Why nobody can register now, as a sentence; empty while one can."""
    if event.state == Event.State.CANCELLED:
        return _("The race is cancelled, so nobody can register.")
    if event.state == Event.State.POSTPONED:
        return _("The race is postponed. Sign-up opens again with the new date.")
    if clock.now() > closes_at(event):
        return _("Online sign-up has closed.")
    return ""


# --- What can be had ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """An option as it can be had now. `places_left` is None without a limit; `price_until` None for a last price."""

    option: EntryOption
    price_cents: int
    price_until: datetime | None
    places_left: int | None

    @property
    def is_full(self) -> bool:
        return self.places_left is not None and self.places_left <= 0

    @property
    def is_scarce(self) -> bool:
        """Few enough to say how many."""
        return self.places_left is not None and 0 < self.places_left <= 50


def offers_of(event: Event) -> list[Offer]:
    """What is for sale, in the event's order. Who waits for a place comes first: while somebody does, it is full."""
    now, options = clock.now(), list(event.options.prefetch_related("tiers"))
    gone = taken(options)
    waiting = WaitListEntry.objects.filter(option__in=options, status=WaitListEntry.Status.WAITING)
    gone.update(waiting.values_list("option", flat=True))
    offers = []
    for option in options:
        if price := price_at(option, now):
            left = None if option.capacity is None else max(option.capacity - gone[option.pk], 0)
            offers.append(Offer(option, *price, left))
    return offers


def offers_for(event: Event, registration: Registration | None, entry: WaitListEntry | None) -> list[Offer]:
    """What somebody can choose: what is free, the place that is offered or handed on to them."""
    if registration and registration.takes_over:
        return [Offer(registration.takes_over.option, 0, None, None)]
    own = {entry.option_id} if entry else set()
    if registration:
        running = registration.wait_list_entries.filter(status=WaitListEntry.Status.OFFERED)
        own.update(running.values_list("option", flat=True))
    return [offer for offer in offers_of(event) if not offer.is_full or offer.option.pk in own]


def taken(options: Iterable[EntryOption]) -> Counter[int]:
    """How many places of each option are gone: held, confirmed, or offered to somebody who waited."""
    numbers = [option.pk for option in options]
    active = Participant.objects.filter(
        option__in=numbers, status=Participant.Status.ACTIVE, registration__status__in=PLACED
    )
    # A place that is being handed on still counts with whoever hands it on.
    moving = Q(registration__status=Status.HELD, registration__takes_over__isnull=False)
    offered = WaitListEntry.objects.filter(option__in=numbers, status=WaitListEntry.Status.OFFERED)
    counted = [
        found.order_by().values_list("option").annotate(count=Count("pk"))
        for found in (active.exclude(moving), offered)
    ]
    gone: Counter[int] = Counter()
    for option, count in counted[0].union(counted[1], all=True):
        gone[option] += count
    return gone


def waiver_of(event: Event) -> Waiver | None:
    """The text that is signed now."""
    return event.waivers.first()


def ages_of(option: EntryOption) -> str:
    """Whom an option is for, in words; empty where it is for everybody."""
    least, most = option.min_age, option.max_age
    if least is not None and most is not None:
        return _("Ages %(least)s to %(most)s on race day.") % {"least": least, "most": most}
    if least is not None:
        return _("From %(least)s years on race day.") % {"least": least}
    return _("Up to %(most)s years on race day.") % {"most": most} if most is not None else ""


def fits(option: EntryOption, age: int) -> bool:
    return (option.min_age is None or age >= option.min_age) and (option.max_age is None or age <= option.max_age)


# --- What is left over --------------------------------------------------------------------------------------


def held_beyond(moment: datetime) -> "QuerySet[Registration]":
    """Registrations whose places were held until before `moment`: whether they are still being paid, payments know."""
    return Registration.objects.filter(status=Status.HELD, held_until__lt=moment)
