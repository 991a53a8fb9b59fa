"""Posting entries, against hand-written SQL on the same schema with the triggers on."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from common import clock
from donations.ledger.entries import EntryDraft, draft
from donations.ledger.models import SEQUENCE_BITS, Kind, Ledger, Role
from donations.ledger.services import chart_of, post
from tests.bench.rounds import Line, compare

numbers = count(1_000_000)


def lines(ledger: Ledger) -> Iterator[Line]:
    for size in (1, 10, 100, 1000):
        loops = max(400 // size, 1)
        ours, rival = partial(_ours, ledger, size, loops), partial(_by_hand, ledger, size, loops)
        yield compare(f"posting, batches of {size}", ours, rival)


def _drafts(ledger: Ledger, size: int) -> list[EntryDraft]:
    chart = chart_of(ledger.pk)
    payables = sorted(chart.payables)
    made = []
    for _ in range(size):
        number = next(numbers)
        legs = [chart.leg(Role.CLEARING, 5000, f"payment:{number}")]
        legs += [chart.payable(payable, -cents) for payable, cents in zip(payables, (1667, 1667, 1666), strict=True)]
        made.append(draft(Kind.GIFT, f"bench:{number}", clock.now(), legs))
    return made


def _ours(ledger: Ledger, size: int, loops: int) -> int:
    drafts = [_drafts(ledger, size) for _ in range(loops)]
    for some in drafts:
        post(ledger.pk, some)
    return size * loops


def _by_hand(ledger: Ledger, size: int, loops: int) -> int:
    """What a person who knows this one case would write: no lookup of known references, no generality."""
    drafts = [_drafts(ledger, size) for _ in range(loops)]
    now = connection.ops.adapt_datetimefield_value(clock.now())
    for some in drafts:
        with transaction.atomic(), connection.cursor() as cursor:
            lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
            cursor.execute(f"SELECT last_sequence FROM ledger_ledger WHERE id = %s{lock}", [ledger.pk])
            sequence = cursor.fetchone()[0]
            legs, entries, items = [], [], []
            totals: dict[int, int] = {}
            for step, one in enumerate(some, start=1):
                entry = (ledger.pk << SEQUENCE_BITS) + sequence + step
                entries.append((entry, ledger.pk, sequence + step, "gift", one.reference, now, now, ""))
                for leg in one.legs:
                    legs.append((entry, leg.account_id, leg.cents, leg.key))
                    totals[leg.account_id] = totals.get(leg.account_id, 0) + leg.cents
                    if leg.key:
                        items.append((leg.account_id, leg.key, leg.cents, now))
            many(cursor, "ledger_leg (entry_id, account_id, cents, key)", legs)
            many(
                cursor,
                "ledger_entry (id, ledger_id, sequence, kind, reference, posted_at, happened_at, note)",
                entries,
            )
            many(cursor, "ledger_openitem (account_id, key, cents, opened_at)", items)
            for account, cents in totals.items():
                cursor.execute(
                    "UPDATE ledger_balance SET cents = cents + %s WHERE account_id = %s AND kind = 'gift'",
                    [cents, account],
                )
    return size * loops


def many(cursor: CursorWrapper, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join(["(" + ", ".join(["%s"] * len(rows[0])) + ")"] * len(rows))
    cursor.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in rows for value in row])
