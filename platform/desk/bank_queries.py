"""What the money desk shows of the bank and of payouts: open items by their names, and where each payout stands."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from sys import maxsize

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from common import clock
from donations.bank.checks import waiting_cents
from donations.bank.models import BankLine
from donations.bank.queries import Proposal, proposals
from donations.disbursements.models import Disbursement
from donations.giving.models import Donation
from donations.ledger.models import Entry, Ledger, OpenItem, Role
from donations.ledger.queries import ALLOWED_AGE, open_items, unexplained_cents
from donations.payments.models import BalanceTransaction, Payout
from events.models import Event

# An open item is in one of these bands by its age.
BANDS = (1, 7, 30)


def remainder_of(event: Event) -> int | None:
    """The unexplained remainder as it is now, in cents; None before the first gift."""
    ledger = Ledger.objects.filter(code=event.ledger_code).first()
    return unexplained_cents(ledger) + waiting_cents(ledger) if ledger else None


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """What a person calls an open item, by its key: the check's number, who gave it, the payout's id."""
    keys = set(keys)
    names = {key: _("Payout %(id)s") % {"id": key.partition(":")[2]} for key in keys if key.startswith("payout:")}
    tokens = {key: parsed for key in keys if key.startswith("disbursement:") and (parsed := _uuid(key))}
    for paid in Disbursement.objects.filter(token__in=tokens.values()).select_related("beneficiary"):
        names[paid.key] = f"{paid.beneficiary.name}, {paid.evidence or paid.get_method_display()}"
    gifts = {key: number for key in keys if (number := _number(key))}
    found = Donation.objects.select_related("payment").in_bulk(gifts.values())
    for key, number in gifts.items():
        if gift := found.get(number):
            gone = _("sent back") if key.endswith("/back") else ""
            names[key] = ", ".join(filter(None, (gift.name, gift.payment.detail, gone)))
    return {key: names.get(key, key) for key in keys}


def _number(key: str) -> int | None:
    """The gift of `item:17`, and of `item:17/back`, which is what the bank shows go back."""
    kind, _sign, rest = key.partition(":")
    number = rest.partition("/")[0]
    return int(number) if kind == "item" and number.isascii() and number.isdecimal() else None


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key.partition(":")[2])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that nobody has spoken for, and what it may be."""

    line: BankLine
    proposals: list[Proposal]


def with_proposals(lines: Iterable[BankLine], items: Sequence[OpenItem], names: Mapping[str, str]) -> list[Waiting]:
    return [Waiting(line, proposals(line, items, names)) for line in lines]


def nearest(items: Sequence[OpenItem], line: BankLine, most: int) -> list[OpenItem]:
    """The items that a line may be of: those of its own direction first, then the nearest in time."""

    def distance(item: OpenItem) -> tuple[bool, int]:
        return item.cents * line.cents < 0, abs((item.opened_at.date() - line.happened_on).days)

    return sorted(items, key=distance)[:most]


@dataclass(frozen=True, slots=True)
class Band:
    """Open items of one account: how many and how much, by how long they have been open. Cents are absolute values."""

    code: str
    patience: timedelta
    counts: tuple[int, ...]
    cents: int
    overdue_cents: int


def bands_of(ledger: Ledger) -> list[Band]:
    found: dict[str, list[OpenItem]] = {}
    for item in open_items(ledger):
        found.setdefault(item.account.code, []).append(item)
    return [_band(items) for _code, items in sorted(found.items())]


def _band(items: list[OpenItem]) -> Band:
    account, now = items[0].account, clock.now()
    patience = ALLOWED_AGE[Role(account.role)]
    ages = [(now - item.opened_at).days for item in items]
    counts = tuple(sum(low <= age < high for age in ages) for low, high in pairwise((0, *BANDS, maxsize)))
    overdue = sum(abs(item.cents) for item in items if item.opened_at + patience <= now)
    return Band(account.code, patience, counts, sum(abs(item.cents) for item in items), overdue)


def payouts_of(ledger: Ledger) -> QuerySet[BalanceTransaction]:
    """The transactions of payouts and top-ups, newest first; what came back later is another one of the same source."""
    found = BalanceTransaction.objects.filter(ledger=ledger, currency=ledger.currency)
    return found.filter(
        Q(reporting_category__in=("payout", "topup")) | Q(reporting_category="", type__in=("payout", "topup"))
    )


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout beside what Stripe told of it and what the bank has shown. Cents as Stripe signs them."""

    row: BalanceTransaction
    told: Payout | None
    inside: int
    off_cents: int
    open_cents: int
    came_back: bool
    arrived_at: datetime | None

    @property
    def name(self) -> str:
        return self.row.source or self.row.pk

    @property
    def to_bank_cents(self) -> int:
        """What reaches the bank, or leaves it when negative: what Stripe's side loses."""
        return -self.row.amount_cents

    @property
    def state(self) -> str:
        if self.came_back:
            return "back"
        if self.open_cents:
            return "open"
        return "arrived" if self.arrived_at else "placed"


def payout_rows(ledger: Ledger, rows: Sequence[BalanceTransaction]) -> list[PayoutRow]:
    names = [row.source or row.pk for row in rows]
    keys = [f"payout:{name}" for name in names]
    told = Payout.objects.filter(pk__in=names).in_bulk()
    listed = BalanceTransaction.objects.filter(payout__in=names).values("payout").order_by()
    inside = {row["payout"]: row for row in listed.annotate(rows=Count("pk"), cents=Sum("net_cents"))}
    nothing = {"rows": 0, "cents": 0}
    items = OpenItem.objects.filter(account__ledger=ledger, account__role=Role.IN_TRANSIT, key__in=keys)
    open_cents = dict(items.values_list("key", "cents"))
    gone_back = Q(reporting_category__endswith="_reversal") | Q(type__in=("payout_failure", "payout_cancel"))
    back = BalanceTransaction.objects.filter(gone_back, source__in=names)
    returned = set(back.values_list("source", flat=True))
    shown = Entry.objects.filter(ledger=ledger, reference__startswith="line:", legs__key__in=keys).order_by(
        "happened_at"
    )
    arrived = dict(shown.values_list("legs__key", "happened_at"))
    return [
        PayoutRow(
            row,
            told.get(name),
            # Its own transaction is counted in: it is no part of what was paid out.
            max(inside.get(name, nothing)["rows"] - 1, 0),
            inside.get(name, nothing)["cents"],
            open_cents.get(f"payout:{name}", 0),
            name in returned,
            arrived.get(f"payout:{name}"),
        )
        for name, row in zip(names, rows, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    gross_cents: int
    fee_cents: int
    net_cents: int


def sums_of(rows: QuerySet[BalanceTransaction]) -> Sums:
    found = rows.aggregate(
        gross=Sum("amount_cents", default=0), fee=Sum("fee_cents", default=0), net=Sum("net_cents", default=0)
    )
    return Sums(found["gross"], found["fee"], found["net"])


def entries_by_reference(ledger: Ledger, references: Iterable[str]) -> Mapping[str, Entry]:
    found = Entry.objects.filter(ledger=ledger, reference__in=list(references)).prefetch_related("legs__account")
    return {entry.reference: entry for entry in found}
