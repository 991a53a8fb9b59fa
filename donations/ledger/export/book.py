"""What an export writes: a ledger's entries in their order, and the balances that they must come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from django.db.models import Exists, Min, OuterRef, QuerySet

from common.snapshot import snapshot
from donations.ledger.models import SEQUENCE_BITS, Account, Balance, Entry, Ledger, Leg, Role
from events.models import Event

# Entries read at once: their numbers have no gap, so that a page is a range, and no cursor stays open.
PAGE = 1000


@dataclass(frozen=True, slots=True)
class ToldLeg:
    """Debits are positive. Cents."""

    account_id: int
    cents: int
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it is exported."""

    sequence: int
    kind: str
    reference: str
    happened_at: datetime
    posted_at: datetime
    note: str
    legs: tuple[ToldLeg, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A ledger up to an entry, or what of it concerns one event.

    `balances` are ours, kept by `post`, of every account whose legs are all in the export: of the whole ledger each
    account, of an event what its organizations are owed. Cents, debits positive.
    """

    ledger: Ledger
    event: Event | None
    zone: tzinfo
    last: int
    accounts: tuple[Account, ...]
    balances: dict[int, int]
    first_on: date | None

    def day(self, moment: datetime) -> date:
        """The day on the event's calendar, where people gave and the bank is."""
        return moment.astimezone(self.zone).date()

    def entries(self) -> Iterator[Told]:
        """All of them in their order; in memory is one page."""
        for first in range(1, self.last + 1, PAGE):
            yield from self._page(first, min(first + PAGE - 1, self.last))

    def _page(self, first: int, last: int) -> Iterator[Told]:
        bounds = (_number(self.ledger, first), _number(self.ledger, last))
        entries = _concerning(self.event, Entry.objects.filter(pk__range=bounds)).order_by("pk")
        legs: dict[int, list[ToldLeg]] = {}
        rows = Leg.objects.filter(entry__gte=bounds[0], entry__lte=bounds[1]).order_by("entry_id", "pk")
        for entry_id, account_id, cents, key in rows.values_list("entry_id", "account_id", "cents", "key"):
            legs.setdefault(entry_id, []).append(ToldLeg(account_id, cents, key))
        columns = ("pk", "sequence", "kind", "reference", "happened_at", "posted_at", "note")
        for pk, sequence, kind, reference, happened_at, posted_at, note in entries.values_list(*columns):
            yield Told(sequence, kind, reference, happened_at, posted_at, note, tuple(legs[pk]))


def open_book(ledger: Ledger, event: Event | None = None) -> Book:
    """The ledger as it stands now. What is posted while it is written is not in it: entries only ever follow.

    With an event: every entry, whole, that has a leg on what this event's organizations are owed.
    """
    with snapshot():
        ledger = Ledger.objects.get(pk=ledger.pk)
        accounts = tuple(ledger.accounts.select_related("beneficiary__event"))
        sums = dict.fromkeys((account.pk for account in accounts if _is_whole(account, event)), 0)
        for account_id, cents in Balance.objects.filter(account__in=sums).values_list("account_id", "cents"):
            sums[account_id] += cents
        mine = _concerning(event, Entry.objects.filter(ledger=ledger))
        first_at = mine.order_by().aggregate(at=Min("happened_at"))["at"]
    zone = _zone_of(ledger, event)
    first_on = first_at.astimezone(zone).date() if first_at else None
    return Book(ledger, event, zone, ledger.last_sequence, accounts, sums, first_on)


def _is_whole(account: Account, event: Event | None) -> bool:
    """Whether all legs of the account are in the export."""
    return event is None or (account.beneficiary is not None and account.beneficiary.event_id == event.pk)


def _concerning(event: Event | None, entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    if event is None:
        return entries
    owed = Leg.objects.filter(entry=OuterRef("pk"), account__role=Role.PAYABLE, account__beneficiary__event=event)
    return entries.filter(Exists(owed))


def _number(ledger: Ledger, sequence: int) -> int:
    return (ledger.pk << SEQUENCE_BITS) + sequence


def _zone_of(ledger: Ledger, event: Event | None) -> tzinfo:
    event = event or Event.objects.filter(ledger_code=ledger.code).order_by("-is_current", "-pk").first()
    return event.zone if event else UTC
