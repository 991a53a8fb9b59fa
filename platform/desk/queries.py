"""Lists of the desk, searched and paged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Role
from common import clock
from donations.giving.models import Donation
from donations.ledger.models import Account, Entry, Kind, Ledger, OpenItem
from donations.ledger.queries import balances_of
from events.models import Event
from fundraisers.models import Fundraiser, Report, Update
from outreach.models import OutboxMail

# A worker needs seconds for a mail; one that takes longer than this has lost its worker.
STUCK_AFTER = timedelta(minutes=10)
# Stripe answers in seconds, and the sweep asks again within minutes.
REFUNDED_AFTER = timedelta(days=1)
# check_books counts an event of Stripe that waits longer as a fault (docs/books.md).
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Line:
    """An account of the trial balance, debits positive, and what each kind of entry moved on it."""

    account: Account
    cents: int
    moved: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TrialBalance:
    lines: tuple[Line, ...]

    @property
    def debit_cents(self) -> int:
        return sum(line.cents for line in self.lines if line.cents > 0)

    @property
    def credit_cents(self) -> int:
        return sum(line.cents for line in self.lines if line.cents < 0)


def gifts_matching(event: Event, query: str) -> QuerySet[Donation]:
    """Every gift with its state, newest first; `query` is part of a name, an e-mail address or a message."""
    found = Donation.objects.filter(event=event).select_related("payment", "fundraiser").order_by("-id")
    if query:
        found = found.filter(
            Q(name__icontains=query) | Q(payment__email__icontains=query) | Q(message__icontains=query)
        )
    return found


def runners_matching(event: Event, query: str) -> QuerySet[Fundraiser]:
    found = Fundraiser.objects.filter(event=event).select_related("team").order_by("-id")
    if query:
        wanted = Q(name__icontains=query) | Q(team__name__icontains=query)
        if query.isascii() and query.isdigit() and len(query) < 9:
            wanted |= Q(bib=int(query))
        found = found.filter(wanted)
    return found


def entries_matching(event: Event, kind: str, query: str) -> QuerySet[Entry]:
    """Entries, newest first; `query` is a whole reference or the whole key of an item: item:17, payment:5, txn_…"""
    found = Entry.objects.filter(ledger__code=event.ledger_code).order_by("-id").prefetch_related("legs__account")
    if kind:
        found = found.filter(kind=kind)
    if query:
        keyed = Entry.objects.filter(legs__key=query).values("pk")
        found = found.filter(Q(reference=query) | Q(pk__in=keyed))
    return found


def trial_balance(ledger: Ledger) -> TrialBalance:
    kept = balances_of(ledger)
    return TrialBalance(
        tuple(
            Line(
                account,
                kept.of(account),
                tuple((str(kind.label), cents) for kind in Kind if (cents := kept.of(account, kind))),
            )
            for account in kept.accounts
        )
    )


def entries_of(item: Donation) -> QuerySet[Entry]:
    """What the books hold of a gift and its payment."""
    keyed = Entry.objects.filter(legs__key__in=_keys_of(item), legs__account__ledger=item.payment.ledger_id)
    found = Entry.objects.filter(Q(reference=item.reference) | Q(pk__in=keyed.values("pk")))
    return found.order_by("id").prefetch_related("legs__account")


def open_items_of(item: Donation) -> QuerySet[OpenItem]:
    """What of a gift and its payment the books still wait for."""
    found = OpenItem.objects.filter(key__in=_keys_of(item), account__ledger=item.payment.ledger_id)
    return found.exclude(cents=0).select_related("account")


def _keys_of(item: Donation) -> list[str]:
    return [item.payment.key, item.reference, f"{item.reference}/back"]


def stuck_mails() -> QuerySet[OutboxMail]:
    """Mails that wait for a person: refused for good, or claimed by a worker that is gone.

    A failed mail without a next try is not among them: somebody at the desk has given it up.
    """
    now = timezone.now()
    gone = Q(next_try_at__lte=now - STUCK_AFTER) | Q(next_try_at=None, created_at__lte=clock.now() - STUCK_AFTER)
    sending, failed = OutboxMail.Status.SENDING, OutboxMail.Status.FAILED
    return OutboxMail.objects.filter(Q(status=failed, next_try_at__isnull=False) | Q(gone, status=sending))


def mails_for(roles: Collection[str]) -> QuerySet[OutboxMail]:
    """The mails that somebody with these roles may see: who told a story is known to those who read stories."""
    private = Q(key__startswith="data:")
    if not {Role.ORGANIZER, Role.MODERATOR} & set(roles):
        private |= Q(key__startswith="story:")
    return OutboxMail.objects.exclude(private)


def mails_matching(roles: Collection[str], query: str, stuck: bool) -> QuerySet[OutboxMail]:
    """Mails, newest first; `query` is part of an address or a subject, or a whole key: receipt:17."""
    found = mails_for(roles)
    if stuck:
        found = found.filter(pk__in=stuck_mails().values("pk"))
    if query:
        found = found.filter(Q(to__icontains=query) | Q(subject__icontains=query) | Q(key=query))
    return found


def reports_of(event: Event) -> QuerySet[Report]:
    """What was reported and waits for a person, newest first."""
    ours = Q(fundraiser__event=event) | Q(team__event=event)
    return Report.objects.filter(ours, closed_at=None).select_related("fundraiser", "team")


def updates_of(event: Event) -> QuerySet[Update]:
    """The news on all pages: those that wait to be read, then the others, newest first."""
    return Update.objects.filter(fundraiser__event=event).select_related("fundraiser").order_by("-waits", "-id")


def thanks_in(event: Event, state: str) -> QuerySet[Donation]:
    """Gifts whose runner's thanks are in this state, the oldest first."""
    thanked = Donation.objects.filter(event=event, thanks_state=state)
    return thanked.select_related("fundraiser").order_by("thanked_at", "pk")


def words_in(event: Event, state: str) -> QuerySet[Donation]:
    """Received gifts whose words are in this state, those that wait longest first."""
    found = Donation.objects.filter(event=event, message_state=state, received_at__isnull=False)
    return found.select_related("fundraiser", "team", "participant").order_by("received_at", "pk")
