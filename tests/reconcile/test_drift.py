"""Rows that vanish, appear or change at Stripe behind the books' back: the next check names each of them."""

import random
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common import clock
from donations.giving.checks import check_books
from donations.ledger.models import Alarm, Ledger
from donations.payments import feed, gateway
from donations.payments.models import BalanceTransaction
from tests.factories import a_ledger
from tests.giving.donors import DAY
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db

SEED, FAULTS, ROWS = 20_261_124, 300, 450
# Faults between one check and the next: alone, and many at once.
ROUNDS = [1] * 12 + [36] * 8
KINDS = {"charge": 5_000, "refund": -1_200, "transfer": -900, "payout": -7_000}


def a_history(sandbox: StripeSandbox) -> Ledger:
    """Sixty days of transactions, all read."""
    chance, ledger = random.Random(SEED), a_ledger()
    now = int(clock.now().timestamp())
    for number in range(ROWS):
        kind = chance.choice(list(KINDS))
        book(sandbox, kind, source=f"{kind}_{number}", created=now - (ROWS - number) * 60 * DAY // ROWS)
    feed.sync(ledger)
    return ledger


def book(sandbox: StripeSandbox, kind: str, **more: Any) -> str:
    made = sandbox.do(
        "transactions", type=kind, amount=KINDS.get(kind, -250), fee=150 if kind == "charge" else 0, **more
    )
    return str(made["id"])


def at_stripe() -> dict[str, tuple[Any, ...]]:
    rows = gateway.balance_transactions(None)
    return {row["id"]: (row["amount"], row["fee"], row["type"], row["source"]) for row in rows}


def named() -> set[str]:
    """Every row that the check names, by a finding or by an alarm."""
    findings = check_books(with_stripe=True).findings
    said = {match[1] for match in map(re.compile("balance transaction (txn_[^ ]+) ").match, findings) if match}
    return said | set(Alarm.objects.values_list("reference", flat=True))


def test_every_one_of_300_faults_is_named_and_nothing_else(sandbox: StripeSandbox) -> None:
    a_history(sandbox)
    before, seeds, kinds, seen = at_stripe(), iter(range(FAULTS)), set(), set[str]()
    assert named() == set()
    for faults in ROUNDS:
        for _fault in range(faults):
            kinds.add(sandbox.do("drift", seed=SEED + next(seeds))["kind"])
        after = at_stripe()
        drifted = {name for name in before | after if before.get(name) != after.get(name)}
        # What appeared and vanished again stays in the books, and is named as such.
        drifted |= {name for name in seen if name not in after}
        assert named() == drifted, f"seed {SEED}"
        seen |= drifted
    assert kinds == {"deleted", "added", "altered"}
    assert next(seeds, None) is None
    print(f"{FAULTS} faults on {len(seen)} rows, seed {SEED}: every one named, no other")


@pytest.mark.parametrize("days", [1, 40])
def test_what_was_never_read_is_named_and_then_in_the_books(sandbox: StripeSandbox, days: int) -> None:
    ledger = a_history(sandbox)
    made = book(sandbox, "stripe_fee", created=int(clock.now().timestamp()) - days * DAY)
    findings = check_books(with_stripe=True).findings
    assert BalanceTransaction.objects.filter(pk=made, ledger=ledger).exists()
    # Within the days that each check reads again it is no drift: the feed reads late rows.
    assert any(made in finding for finding in findings) == (days > 7)
    assert check_books(with_stripe=True).findings == []


@pytest.mark.parametrize(("days", "every_row"), [(2, False), (40, True)])
def test_a_change_that_leaves_the_balance_alone_is_named(sandbox: StripeSandbox, days: int, every_row: bool) -> None:
    a_history(sandbox)
    row = BalanceTransaction.objects.filter(type="charge", created_at__lte=clock.now() - timedelta(days=days)).first()
    assert row
    sandbox.do(f"transactions/{row.pk}", amount=row.amount_cents + 100, fee=row.fee_cents + 100)
    assert check_books(with_stripe=True).findings == [] or not every_row
    told = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("check_books", rows=every_row, stdout=told)
    finding = told.getvalue().removeprefix("wrong: ")
    assert finding.startswith(f"balance transaction {row.pk} (charge, $50.00")
    assert "amount_cents 5000 is 5100 at Stripe, fee_cents 150 is 250 at Stripe" in finding
