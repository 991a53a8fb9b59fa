"""Balances and open items, read in constant time however many entries there are."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, QuerySet, Sum

from common import clock
from donations.ledger.models import Account, Ledger, Leg, OpenItem, Role

# How long an item may stay open before it counts as unexplained: a bank debit takes four business days.
ALLOWED_AGE = {
    Role.CLEARING: timedelta(days=8),
    Role.IN_TRANSIT: timedelta(days=7),
    Role.UNDEPOSITED: timedelta(days=14),
    Role.SUSPENSE: timedelta(0),
}


@dataclass(frozen=True, slots=True)
class Balances:
    """What each kind moved on each account, debits positive."""

    rows: dict[int, dict[str, int]]
    accounts: tuple[Account, ...]

    def of(self, account: Account, *kinds: str) -> int:
        moved = self.rows.get(account.pk, {})
        return sum(moved.get(kind, 0) for kind in kinds) if kinds else sum(moved.values())

    def of_role(self, role: Role, *kinds: str) -> int:
        return sum(self.of(account, *kinds) for account in self.accounts if account.role == role)


def balances_of(ledger: Ledger) -> Balances:
    return balances_named(ledger.code)


def balances_named(code: str) -> Balances:
    """The balances of the ledger of this name, in one query. No accounts: there is no such ledger yet."""
    rows: dict[int, dict[str, int]] = {}
    accounts: dict[int, Account] = {}
    found = Account.objects.filter(ledger__code=code).select_related("beneficiary__event")
    for account in found.annotate(moved_by=F("balances__kind"), moved_cents=F("balances__cents")):
        accounts.setdefault(account.pk, account)
        if account.moved_by is not None:
            rows.setdefault(account.pk, {})[account.moved_by] = account.moved_cents
    return Balances(rows, tuple(accounts.values()))


def open_items(ledger: Ledger) -> QuerySet[OpenItem]:
    """Keys that are not at zero, oldest first."""
    items = OpenItem.objects.filter(account__ledger=ledger).exclude(cents=0)
    return items.select_related("account").order_by("opened_at", "id")


def overdue_items(ledger: Ledger) -> list[OpenItem]:
    now = clock.now()
    return [item for item in open_items(ledger) if item.opened_at + ALLOWED_AGE[Role(item.account.role)] <= now]


def unexplained_cents(ledger: Ledger) -> int:
    """The unexplained remainder: absolute values of overdue items and of suspense, never a net (docs/books.md)."""
    return sum(abs(item.cents) for item in overdue_items(ledger))


def leg_sums(ledger: Ledger) -> dict[tuple[int, str], int]:
    """Account and kind to the sum of the legs themselves: what the kept balances are checked against."""
    rows = Leg.objects.filter(account__ledger=ledger).values_list("account_id", "entry__kind").annotate(Sum("cents"))
    return {(account_id, kind): cents for account_id, kind, cents in rows.order_by()}
