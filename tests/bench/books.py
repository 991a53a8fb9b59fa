"""What is read of the books with 1,000,000 entries against 1,000: what does not grow has a ratio of 100%."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import copy

from django.db import connection, transaction

from donations.giving.queries import money_of
from donations.ledger.models import SEQUENCE_BITS, Account, Ledger, Role
from donations.ledger.queries import balances_of, unexplained_cents
from donations.ledger.services import open_ledger
from events.models import Beneficiary, Event
from tests.bench.rounds import Line, compare

SMALL, LARGE, AT_ONCE = 1_000, 1_000_000, 50_000


def lines(event: Event) -> Iterator[Line | str]:
    small, large = (a_full_ledger(event, size) for size in (SMALL, LARGE))
    for name, read in (("balances", _balances), ("where the money is", _money), ("unexplained remainder", _rest)):
        yield compare(f"{name}, {LARGE:,} entries", read(large), read(small))

    yield from exports(small, large)


def exports(small: Event, large: Event) -> Iterator[str]:
    """The command as a bookkeeper runs it: how fast it is, and the most memory it holds beside a small ledger's."""
    for form in ("csv", "beancount"):
        _seconds, least = _export(small, form)
        seconds, most = _export(large, form)
        name = f"export to {form}, {LARGE:,} entries"
        yield f"{name:<46} {most / least:6.1%} of the memory of {SMALL:,} ({most >> 10} MB); {LARGE / seconds:,.0f}/s"


def _export(event: Event, form: str) -> tuple[float, int]:
    """Seconds, and kilobytes at the most, of a process of its own."""
    begun = time.perf_counter()
    words = [sys.executable, "manage.py", "export_ledger", "--format", form, "--event", event.slug]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begun, used.ru_maxrss


def a_full_ledger(event: Event, size: int) -> Event:
    """An event with a ledger of its own and so many entries: gifts, each settled by Stripe in the entry after it."""
    other = copy(event)
    other.pk, other.slug, other.ledger_code, other.is_current = None, f"books-{size}", f"books-{size}", False
    other.save(force_insert=True)
    for lane in event.beneficiaries.all():
        Beneficiary.objects.create(event=other, slug=lane.slug, name=lane.name, about=lane.about, place=lane.place)
    ledger = open_ledger(other)
    for first in range(0, size // 2, AT_ONCE):
        _write(ledger, first, min(AT_ONCE, size // 2 - first))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_balance (account_id, kind, cents)"
            " SELECT l.account_id, e.kind, SUM(l.cents) FROM ledger_leg l JOIN ledger_entry e ON e.id = l.entry_id"
            " WHERE e.ledger_id = %s GROUP BY l.account_id, e.kind",
            [ledger.pk],
        )
        cursor.execute("ANALYZE")
    return other


def _write(ledger: Ledger, first: int, count: int) -> None:
    """So many gifts and what Stripe settled of each, in the database's own words, with its triggers on."""
    clearing, stripe, fees = (ledger.accounts.get(role=role).pk for role in (Role.CLEARING, Role.STRIPE, Role.FEE_POOL))
    owed = list(Account.objects.filter(ledger=ledger, role=Role.PAYABLE).values_list("pk", flat=True))
    base, numbers = ledger.pk << SEQUENCE_BITS, f"WITH RECURSIVE n(i) AS (SELECT {first + 1} UNION ALL SELECT i + 1"
    numbers += f" FROM n WHERE i < {first + count})"
    gift, settled = f"{base} + 2 * i - 1", f"{base} + 2 * i"
    key = f"'payment:b{ledger.pk}-' || i"
    legs = [(gift, clearing, 5000, key), (settled, clearing, -5000, key)]
    legs += [(gift, account, cents, "''") for account, cents in zip(owed, (-1667, -1667, -1666), strict=True)]
    legs += [(settled, stripe, 4825, "''"), (settled, fees, 175, "''")]
    rows = " UNION ALL ".join(
        f"SELECT {entry}, {account}, {cents}, {name} FROM n" for entry, account, cents, name in legs
    )
    moment = "'2026-11-20 18:00:00+00:00'" if connection.vendor == "postgresql" else "'2026-11-20 18:00:00'"
    entries = " UNION ALL ".join(
        f"SELECT {entry} AS id, {ledger.pk}, 2 * i - {turn}, '{kind}', '{kind}:b{ledger.pk}-' || i,"
        f" {moment}, {moment}, '' FROM n"
        for entry, turn, kind in ((gift, 1, "gift"), (settled, 0, "settled"))
    )
    columns = "id, ledger_id, sequence, kind, reference, posted_at, happened_at, note"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{numbers} INSERT INTO ledger_leg (entry_id, account_id, cents, key) {rows}")
        if connection.vendor == "postgresql":
            columns_of = columns.replace("posted_at, happened_at", "posted_at::timestamptz, happened_at::timestamptz")
            entries = f"SELECT {columns_of} FROM ({entries}) AS made({columns})"
        cursor.execute(f"{numbers} INSERT INTO ledger_entry ({columns}) {entries} ORDER BY 1")
        cursor.execute(
            f"{numbers} INSERT INTO ledger_openitem (account_id, key, cents, opened_at)"
            f" SELECT {clearing}, {key}, 0, {moment} FROM n"
        )


def _often(read: Callable[[], object]) -> Callable[[], int]:
    def work() -> int:
        for _ in range(60):
            read()
        return 60

    return work


def _balances(event: Event) -> Callable[[], int]:
    ledger = Ledger.objects.get(code=event.ledger_code)
    return _often(lambda: balances_of(ledger))


def _money(event: Event) -> Callable[[], int]:
    return _often(lambda: money_of(event))


def _rest(event: Event) -> Callable[[], int]:
    ledger = Ledger.objects.get(code=event.ledger_code)
    return _often(lambda: unexplained_cents(ledger))
