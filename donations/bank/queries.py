"""Lines that wait, what they may be, and whether the books agree with the bank."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from django.db.models import QuerySet, Sum

from donations.bank.models import BankLine, Statement
from donations.ledger.models import Ledger, OpenItem, Role
from donations.ledger.queries import balances_of

State = BankLine.State
MATCHABLE = (Role.IN_TRANSIT, Role.UNDEPOSITED)
# A payout arrives within days of Stripe's word; a check may be cashed a month later.
NEAR = timedelta(days=45)
MOST_ITEMS, MOST_AT_ONCE = 40, 4


def waiting_lines(ledger: Ledger) -> QuerySet[BankLine]:
    """Lines that nobody has spoken for, oldest first."""
    return ledger.bank_lines.filter(state=State.OPEN).select_related("statement")


def matchable_items(ledger: Ledger) -> list[OpenItem]:
    """What a line may close: payouts and disbursements on their way, cash and checks in hand; oldest first."""
    items = OpenItem.objects.filter(account__ledger=ledger, account__role__in=MATCHABLE).exclude(cents=0)
    return list(items.select_related("account").order_by("opened_at", "pk"))


@dataclass(frozen=True, slots=True)
class Part:
    """So many cents of a line are this open item's."""

    item: OpenItem
    cents: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Items that come to a line's amount, and how well they fit it: the higher the better."""

    parts: tuple[Part, ...]
    score: int

    @property
    def keys(self) -> list[str]:
        return [part.item.key for part in self.parts]


def proposals(line: BankLine, items: Sequence[OpenItem]) -> list[Proposal]:
    """Which items a line may close, best first: by amount, then by words they share, then by day. A person decides."""
    near = [
        item for item in items if item.cents * line.cents > 0 and abs(item.opened_at.date() - line.happened_on) <= NEAR
    ]
    near = sorted(near, key=lambda item: abs(item.opened_at.date() - line.happened_on))[:MOST_ITEMS]
    for count in range(1, MOST_AT_ONCE + 1):
        fitting = [some for some in combinations(near, count) if sum(item.cents for item in some) == line.cents]
        if fitting:
            found = [Proposal(tuple(Part(item, item.cents) for item in some), _score(line, some)) for some in fitting]
            return sorted(found, key=lambda proposal: -proposal.score)[:5]
    return []


def _score(line: BankLine, items: Sequence[OpenItem]) -> int:
    words = set(re.findall(r"[a-z0-9]{3,}", line.text.lower()))
    apart = max(abs((item.opened_at.date() - line.happened_on).days) for item in items)
    shared = sum(bool(words & set(re.findall(r"[a-z0-9]{3,}", item.key.lower()))) for item in items)
    stripe = any(item.key.startswith("payout:") for item in items) and "stripe" in words
    return 100 * shared + 50 * stripe + max(45 - apart, 0) - 10 * len(items)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The books' bank account beside the bank's own word. Cents."""

    booked_cents: int
    waiting_cents: int
    statement: Statement | None
    opening_cents: int

    @property
    def bank_cents(self) -> int | None:
        """What the bank says it holds of ours; None while no file has said a balance."""
        if self.statement is None or self.statement.closing_cents is None:
            return None
        return self.statement.closing_cents - self.opening_cents

    @property
    def difference_cents(self) -> int | None:
        """Zero when the books and the lines that wait come to what the bank says."""
        if self.bank_cents is None:
            return None
        return self.booked_cents + self.waiting_cents - self.bank_cents


def agreement(ledger: Ledger) -> Agreement:
    """The newest balance that the bank has said, against the books; what it held before the first file is not ours."""
    told = ledger.statements.filter(closing_cents__isnull=False)
    first = ledger.statements.order_by("first_on", "pk").first()
    newest = told.first()
    lines = ledger.bank_lines.all() if newest is None else ledger.bank_lines.filter(happened_on__lte=newest.last_on)
    later = ledger.bank_lines.exclude(state=State.OPEN).exclude(pk__in=lines)
    return Agreement(
        booked_cents=balances_of(ledger).of_role(Role.BANK) - (later.aggregate(sum=Sum("cents"))["sum"] or 0),
        waiting_cents=lines.filter(state=State.OPEN).aggregate(sum=Sum("cents"))["sum"] or 0,
        statement=newest,
        opening_cents=first.opening_cents or 0 if first else 0,
    )
