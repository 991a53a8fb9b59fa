"""Lines that wait, what they may be, and whether the books agree with the bank."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from types import MappingProxyType

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from common.money import signed_cents
from donations.bank.formats.table import Columns
from donations.bank.lines import BadStatement, Told, named
from donations.bank.models import BankLine, Statement
from donations.ledger.models import Account, Entry, Ledger, Leg, OpenItem, Role
from donations.ledger.queries import balances_of

State = BankLine.State
MATCHABLE = (Role.IN_TRANSIT, Role.UNDEPOSITED)
# A payout arrives within days of Stripe's word; a check may be cashed a month later.
NEAR = timedelta(days=45)
MOST_ITEMS, MOST_AT_ONCE = 30, 4
# Between the reference of a line and the number of what put it right.
RIGHT = "/right/"


def waiting_lines(ledger: Ledger) -> QuerySet[BankLine]:
    """Lines that nobody has spoken for, oldest first."""
    return ledger.bank_lines.filter(state=State.OPEN).select_related("statement")


def matchable_items(ledger: Ledger) -> list[OpenItem]:
    """What a line may close: payouts and disbursements on their way, cash and checks in hand; oldest first."""
    items = OpenItem.objects.filter(account__ledger=ledger, account__role__in=MATCHABLE).exclude(cents=0)
    return list(items.select_related("account").order_by("opened_at", "pk"))


def refuse_stranger(ledger: Ledger, told: Told) -> None:
    """Raises BadStatement for a file of another account than the files before, where both say which."""
    known = ledger.statements.exclude(account="").values_list("account", flat=True).first()
    if known and told.account and told.account != known:
        raise BadStatement(
            _("The file is of the account that ends in %(this)s, the books hold the one that ends in %(ours)s.")
            % {"this": told.account, "ours": known}
        )


def known_lines(ledger: Ledger, told: Told) -> set[str]:
    """References of the lines that were read in before."""
    names = [name for name, line in named(told.lines)]
    return set(ledger.bank_lines.filter(reference__in=names).values_list("reference", flat=True))


def alike_lines(ledger: Ledger, told: Told) -> set[str]:
    """References of new lines that have the day and the amount of a line which is here in other words.

    A month read in as OFX and again as CAMT is the same month: a person says whether these are the same lines.
    """
    found = dict(named(told.lines))
    days = [line.happened_on for line in told.lines]
    kept = ledger.bank_lines.filter(happened_on__range=(min(days), max(days)))
    others, known = Counter[tuple[date, int]](), set()
    for reference, day, cents in kept.values_list("reference", "happened_on", "cents"):
        if reference in found:
            known.add(reference)
        else:
            others[day, cents] += 1
    alike = set()
    for reference, line in found.items():
        if reference not in known and others[line.happened_on, line.cents] > 0:
            others[line.happened_on, line.cents] -= 1
            alike.add(reference)
    return alike


def columns_of(ledger: Ledger, fingerprint: str) -> Columns | None:
    """What a person said the columns under this heading hold."""
    kept = ledger.column_maps.filter(heading=fingerprint).first()
    return Columns.of_json(kept.columns) if kept else None


def lines_matching(ledger: Ledger, state: str, query: str) -> QuerySet[BankLine]:
    """Lines, newest first; `query` is part of the bank's words, or an amount."""
    found = ledger.bank_lines.order_by("-happened_on", "-pk")
    if state:
        found = found.filter(state=state)
    if query:
        wanted = Q(text__icontains=query)
        with suppress(ValueError):
            wanted |= Q(cents__in=(signed_cents(query), -signed_cents(query)))
        found = found.filter(wanted)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """So many cents (debits positive) of a line are on this account, under this key."""

    account: Account
    key: str
    cents: int


def entries_of_line(line: BankLine) -> QuerySet[Entry]:
    """What the books hold of a line: its entry, and what put that right later."""
    placed = Q(reference__startswith=f"{line.reference}{RIGHT}")
    return (
        line.ledger.entries.filter(Q(reference=line.reference) | placed)
        .order_by("pk")
        .prefetch_related("legs__account")
    )


def standing_of(line: BankLine) -> list[Standing]:
    """Where the cents of a line are by its own entries, after all that was put right."""
    sums: dict[tuple[int, str], Standing] = {}
    for entry in entries_of_line(line):
        for leg in entry.legs.all():
            if leg.account.role != Role.BANK:
                before = sums.get((leg.account_id, leg.key))
                sums[leg.account_id, leg.key] = Standing(
                    leg.account, leg.key, leg.cents + (before.cents if before else 0)
                )
    return [standing for standing in sums.values() if standing.cents]


def lines_that_closed(ledger: Ledger, key: str) -> list[BankLine]:
    """The lines of the statement that closed an open item of this key, in whole or in part, oldest first."""
    legs = Leg.objects.filter(account__ledger=ledger, key=key, entry__reference__startswith="line:")
    references = {reference.partition(RIGHT)[0] for reference in legs.values_list("entry__reference", flat=True)}
    found = ledger.bank_lines.filter(reference__in=references).select_related("ledger")
    return [line for line in found if any(standing.key == key for standing in standing_of(line))]


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


def proposals(
    line: BankLine, items: Sequence[OpenItem], names: Mapping[str, str] = MappingProxyType({})
) -> list[Proposal]:
    """Which items a line may close, best first: by amount, then by words they share, then by day. A person decides.

    `names` says what an item is called, by its key: the number of a check is what the bank's words have of it.
    """
    near = [
        item for item in items if item.cents * line.cents > 0 and abs(item.opened_at.date() - line.happened_on) <= NEAR
    ]
    near = sorted(near, key=lambda item: abs(item.opened_at.date() - line.happened_on))[:MOST_ITEMS]
    for count in range(1, MOST_AT_ONCE + 1):
        fitting = [some for some in combinations(near, count) if sum(item.cents for item in some) == line.cents]
        if fitting:
            found = [
                Proposal(tuple(Part(item, item.cents) for item in some), _score(line, some, names)) for some in fitting
            ]
            return sorted(found, key=lambda proposal: -proposal.score)[:5]
    return []


def _score(line: BankLine, items: Sequence[OpenItem], names: Mapping[str, str]) -> int:
    words = set(re.findall(r"[a-z0-9]{3,}", line.text.lower()))
    apart = max(abs((item.opened_at.date() - line.happened_on).days) for item in items)
    shared = sum(
        bool(words & set(re.findall(r"[a-z0-9]{3,}", f"{item.key} {names.get(item.key, '')}".lower())))
        for item in items
    )
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
    newest = ledger.statements.filter(closing_cents__isnull=False).first()
    lines = ledger.bank_lines.all() if newest is None else ledger.bank_lines.filter(happened_on__lte=newest.last_on)
    later = ledger.bank_lines.exclude(state=State.OPEN).exclude(pk__in=lines)
    return Agreement(
        booked_cents=balances_of(ledger).of_role(Role.BANK) - (later.aggregate(sum=Sum("cents"))["sum"] or 0),
        waiting_cents=lines.filter(state=State.OPEN).aggregate(sum=Sum("cents"))["sum"] or 0,
        statement=newest,
        opening_cents=_before(ledger),
    )


def _before(ledger: Ledger) -> int:
    """What the account held before its first line of ours, by the first file that says a balance."""
    first = ledger.statements.filter(opening_cents__isnull=False).order_by("first_on", "pk").first()
    if first is None or first.opening_cents is None:
        return 0
    earlier = ledger.bank_lines.filter(happened_on__lt=first.first_on).aggregate(sum=Sum("cents"))["sum"] or 0
    return first.opening_cents - earlier
