"""Stripe's feed beside ours, row by row: what vanished, changed, or was never read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.money import dollars
from donations.ledger.models import Ledger
from donations.payments import feed, gateway
from donations.payments.models import BalanceTransaction

# What a transaction is; when it becomes available and how it is worded may change.
_FIELDS = ("amount_cents", "fee_cents", "net_cents", "currency", "type", "reporting_category", "source", "created_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not the same on both sides, and by how many cents Stripe's balance is above ours for it."""

    id: str
    sentence: str
    cents: int = 0


def differences(ledger: Ledger, since: datetime | None) -> list[Difference]:
    """Compares every balance transaction created at or after `since` (None: ever), and posts what is new.

    A new row is a difference when the feed looks no more at its time, so that it was missed until now; and each of
    those is in the books from then on. Raises gateway.Unavailable.
    """
    # Ours first: what another process posts meanwhile is not taken for vanished.
    ours = _ours(ledger, since)
    seen_from = feed.start_of(ledger, feed.LOOK_BACK)
    rows = list(gateway.balance_transactions(since))
    theirs = {row["id"]: row for row in rows}
    new = set(feed.keep_new(ledger, rows))
    late = [row for row in _ours(ledger, since).values() if row.pk in new and seen_from and row.created_at < seen_from]
    return [
        *(_vanished(ledger, row) for name, row in ours.items() if name not in theirs),
        *(found for name, row in ours.items() if name in theirs for found in _altered(ledger, row, theirs[name])),
        *(Difference(row.pk, f"{_named(row)} was at Stripe and not in the books; it is now") for row in late),
    ]


def _ours(ledger: Ledger, since: datetime | None) -> dict[str, BalanceTransaction]:
    kept = BalanceTransaction.objects.filter(ledger=ledger)
    return {row.pk: row for row in (kept.filter(created_at__gte=since) if since else kept)}


def _vanished(ledger: Ledger, row: BalanceTransaction) -> Difference:
    return Difference(row.pk, f"{_named(row)} is in the books and not at Stripe", -_counted(ledger, row))


def _altered(ledger: Ledger, row: BalanceTransaction, told: Mapping[str, Any]) -> Iterator[Difference]:
    now = feed.transaction_of(ledger, told, row.payment_id)
    changed = [name for name in _FIELDS if getattr(row, name) != getattr(now, name)]
    if changed:
        says = ", ".join(f"{name} {getattr(row, name)} is {getattr(now, name)} at Stripe" for name in changed)
        yield Difference(row.pk, f"{_named(row)}: {says}", _counted(ledger, now) - _counted(ledger, row))


def _counted(ledger: Ledger, row: BalanceTransaction) -> int:
    return row.net_cents if row.currency == ledger.currency else 0


def _named(row: BalanceTransaction) -> str:
    name = row.reporting_category or row.type
    return f"balance transaction {row.pk} ({name}, {dollars(row.amount_cents)}, {row.created_at:%Y-%m-%d %H:%M})"
