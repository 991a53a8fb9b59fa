"""The wait list: places that come free go to who waits, in order. Callers hold the lock of the option."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from common import clock
from events.models import EntryOption
from registration import emails
from registration.models import WaitListEntry
from registration.queries import closes_at, taken, why_closed

Status = WaitListEntry.Status
# How long an offered place waits for its person.
OFFER_LIFE = timedelta(hours=24)


def locked_options(numbers: "set[int]") -> list[EntryOption]:
    """These options, locked one after the other in the order of their numbers: whoever counts places does this first.

    The lock order of the room is: the ledger (who settles holds it), registrations, options, promo codes.
    """
    options = EntryOption.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=numbers)
    return list(options.select_related("event").order_by("pk"))


@transaction.atomic
def join(*, option: EntryOption, name: str, email: str) -> WaitListEntry:
    """Puts somebody at the end of the list and tells them by mail. Who waits already keeps their place in it."""
    locked_options({option.pk})
    if entry := _waiting(option).filter(name__iexact=name, email__iexact=email).first():
        return entry
    entry = WaitListEntry.objects.create(option=option, name=name, email=email)
    emails.queue_waiting(entry)
    offer_places(option)
    entry.refresh_from_db()
    return entry


@transaction.atomic
def remind(*, option: EntryOption, name: str, email: str) -> bool:
    """Mails the link to who waits already, once an hour; False when nobody of this name and address does.

    The link goes to the mailbox alone: whoever types an address need not be its owner.
    """
    entry = _waiting(option).filter(name__iexact=name, email__iexact=email).first()
    if entry:
        emails.queue_waiting(entry, again=True)
    return entry is not None


def is_worth_waiting(option: EntryOption) -> bool:
    """Whether nothing is free, or somebody waits: else nobody may take a free place out of the race by waiting."""
    full = option.capacity is not None and taken([option])[option.pk] >= option.capacity
    return full or _waiting(option).exists()


def _waiting(option: EntryOption) -> "QuerySet[WaitListEntry]":
    return option.wait_list.filter(status__in=[Status.WAITING, Status.OFFERED])


@transaction.atomic
def leave(*, entry: WaitListEntry) -> None:
    """Takes somebody off the list; a place that was offered to them goes to the next one."""
    locked_options({entry.option_id})
    still = WaitListEntry.objects.filter(pk=entry.pk, status__in=[Status.WAITING, Status.OFFERED])
    if still.update(status=Status.LEFT):
        offer_places(entry.option)


def offer_places(option: EntryOption) -> None:
    """Offers the free places of an option to who waits, the first ones first, each for a day."""
    if why_closed(option.event):
        return
    waiting = option.wait_list.filter(status=Status.WAITING).select_related("option__event")
    if option.capacity is not None:
        waiting = waiting[: max(option.capacity - taken([option])[option.pk], 0)]
    now, offered = clock.now(), list(waiting)
    for entry in offered:
        entry.status, entry.offered_at = Status.OFFERED, now
        entry.offer_ends_at = min(now + OFFER_LIFE, closes_at(option.event))
        entry.save(update_fields=["status", "offered_at", "offer_ends_at"])
    emails.queue_offers(offered)


@transaction.atomic
def tend(*, option: EntryOption) -> None:
    """Ends the offers of an option that nobody took, and offers what is free: also when its capacity was raised."""
    [option] = locked_options({option.pk})
    late = option.wait_list.filter(status=Status.OFFERED, offer_ends_at__lt=clock.now())
    late.update(status=Status.OVER)
    offer_places(option)


def waited_for() -> "QuerySet[EntryOption]":
    """Options that somebody waits for, or has an offer of."""
    return EntryOption.objects.filter(wait_list__status__in=[Status.WAITING, Status.OFFERED]).distinct().order_by("pk")
