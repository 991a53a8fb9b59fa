"""What must be true of the books by themselves. Every finding is a sentence that names its row."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Sum

from common import clock
from common.money import dollars
from donations.ledger import triggers
from donations.ledger.models import KIND_RULES, Balance, Entry, KindRule, Ledger, Leg, OpenItem
from donations.ledger.queries import leg_sums, overdue_items


def ledger_findings(ledger: Ledger) -> Iterator[str]:
    yield from _entries(ledger)
    yield from _sequences(ledger)
    yield from _balances(ledger)
    yield from _items(ledger)
    for name in triggers.missing(connection):
        yield f"trigger {name} is not installed as written; the database does not hold the books"
    yield from _rules()
    for item in OpenItem.objects.filter(account__ledger=ledger, opened_at__gt=clock.now()).exclude(cents=0):
        yield f"open item {item.key} is dated {item.opened_at:%Y-%m-%d %H:%M}, in the future"
    for item in overdue_items(ledger):
        yield f"{item.account} {item.key} is open at {dollars(item.cents)} since {item.opened_at:%Y-%m-%d %H:%M}"


def _rules() -> Iterator[str]:
    kept = set(KindRule.objects.values_list("kind", "role", "side"))
    written = {(kind, role, side) for kind, roles in KIND_RULES.items() for role in roles for side in (1, -1)}
    for kind, role, side in sorted(kept ^ written):
        yield f"the rule that {kind} may touch {role} on side {side} is not as written"


def _entries(ledger: Ledger) -> Iterator[str]:
    sums = Leg.objects.filter(account__ledger=ledger).values("entry_id").annotate(cents=Sum("cents")).exclude(cents=0)
    for row in sums.order_by("entry_id"):
        yield f"entry {row['entry_id']} does not balance: {dollars(row['cents'])}"
    for entry in Entry.objects.filter(ledger=ledger).exclude(Exists(Leg.objects.filter(entry=OuterRef("pk")))):
        yield f"entry {entry} has no legs"
    orphans = Leg.objects.filter(account__ledger=ledger).exclude(Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
    for leg_id in orphans.values_list("pk", flat=True):
        yield f"leg {leg_id} belongs to no entry"


def _sequences(ledger: Ledger) -> Iterator[str]:
    counted = Entry.objects.filter(ledger=ledger).aggregate(count=Count("pk"), last=Max("sequence"))
    last = counted["last"] or 0
    if not counted["count"] == last == ledger.last_sequence:
        yield f"{counted['count']} entries, the last is {last}, the counter says {ledger.last_sequence}"


def _balances(ledger: Ledger) -> Iterator[str]:
    kept = {
        (row.account_id, row.kind): row.cents for row in Balance.objects.filter(account__ledger=ledger) if row.cents
    }
    true = {place: cents for place, cents in leg_sums(ledger).items() if cents}
    names = dict(ledger.accounts.values_list("pk", "code"))
    for account_id, kind in sorted({*kept, *true}):
        place = (account_id, kind)
        if kept.get(place, 0) != true.get(place, 0):
            yield f"{names[account_id]} keeps {kept.get(place, 0)} cents of {kind}, its legs say {true.get(place, 0)}"


def _items(ledger: Ledger) -> Iterator[str]:
    kept = {
        (item.account_id, item.key): item.cents
        for item in OpenItem.objects.filter(account__ledger=ledger)
        if item.cents
    }
    legs = Leg.objects.filter(account__ledger=ledger).exclude(key="").values_list("account_id", "key")
    true = {(account, key): cents for account, key, cents in legs.annotate(Sum("cents")).order_by() if cents}
    for place in sorted({*kept, *true}):
        if kept.get(place, 0) != true.get(place, 0):
            yield f"open item {place[1]} keeps {kept.get(place, 0)} cents, its legs say {true.get(place, 0)}"
