"""A small ledger with every kind of entry, and the programs that read it."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line, Told
from donations.disbursements.services import mark_returned
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.entries import draft
from donations.ledger.models import Balance, Entry, Kind, Ledger, OpenItem, Role
from donations.ledger.services import chart_of, place, post
from donations.payments.facts import Facts
from events.models import Event
from tests.disbursements.payments import an_event_with_money, sent, treasurer
from tests.factories import a_payment, a_refund, paid
from tests.giving.test_carts import a_held_cart, started
from tests.payments.test_feed import a_row, read
from tests.tools import debian

# What a bank or a person may have written, and what would be syntax to one of the programs.
NASTY = '=HYPERLINK("x"), \\ ; "quoted" | [2026/99/99] date:2026-99-99, #tag ^link\t{1} @ 2 USD (a) \u2028é'


def every_kind() -> Event:
    """Gifts, an entry fee, funding, what went back, payouts, the bank, payments, and what a person said."""
    event = an_event_with_money()
    book = Ledger.objects.get()
    sent(event, 3_000, 3_000, 3_000)
    mark_returned(payment=sent(event, 500, 500, 500)[0])
    charge = paid(a_payment(event=event, cents=5_017))
    settle(book.pk, Facts(refunds=[a_refund(charge, 1_001)]))
    paid(a_payment(event=event, kind=Donation.Kind.FUNDING, cents=2_500))
    paid(started(a_held_cart(3_001, event=event)))
    read(book, a_row("payout", -700), a_row("stripe_fee", -13), a_row("strange", -77), a_row("charge", 900, 56))
    _lines_of_the_bank(book)
    chart = chart_of(book.pk)
    legs = [chart.leg(Role.FEE_POOL, 1), chart.payable(min(chart.payables), -1)]
    post(book.pk, [draft(Kind.ALLOCATION, "allocation:1", clock.now(), legs)])
    assert set(Entry.objects.values_list("kind", flat=True)) == set(Kind.values)
    return event


def _lines_of_the_bank(book: Ledger) -> None:
    """A fee, a line that nobody could explain, and then somebody who explained all that was in suspense."""
    lines = tuple(Line(clock.now().date(), cents, f"{NASTY} {cents}") for cents in (-25, 41))
    told = Told("csv", lines)
    statement = bank.keep_statement(book=book, told=told, name="bank.csv", content=b"2", by=treasurer())
    fee, odd = statement.lines.order_by("cents")
    bank.call_fee(line=fee)
    bank.call_unexplained(line=odd)
    for item in OpenItem.objects.select_related("account").filter(account__role=Role.SUSPENSE):
        place(item=item, role=Role.FEE_POOL, key="", reason=NASTY, token=uuid4())


def more_gifts(book: Ledger, count: int, name: str = "many") -> None:
    """So many gifts, as their legs alone."""
    chart = chart_of(book.pk)
    first, *others = sorted(chart.payables)
    for start in range(0, count, 1000):
        drafts = []
        for number in range(start, min(start + 1000, count)):
            legs = [chart.leg(Role.CLEARING, 5000, f"payment:{10_000 + number}"), chart.payable(first, -1668)]
            legs += [chart.payable(other, -1666) for other in others]
            drafts.append(draft(Kind.GIFT, f"{name}:{number}", clock.now(), legs))
        post(book.pk, drafts)


def ours() -> dict[str, int]:
    """Account code to cents, as the site keeps them, zeros included."""
    sums = dict.fromkeys(Ledger.objects.get().accounts.values_list("code", flat=True), 0)
    for code, cents in Balance.objects.values_list("account__code", "cents"):
        sums[code] += cents
    return sums


def exported(form: str, **more: Any) -> str:
    out = io.StringIO()
    call_command("export_ledger", format=form, stdout=out, **more)
    return out.getvalue()


def saved(folder: Path, form: str, **more: Any) -> Path:
    path = folder / f"books.{form}"
    path.write_text(exported(form, **more), "utf-8")
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def run(*words: str | Path) -> str:
    """What a program says; a failure with its words when it says no."""
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bean(name: str) -> str:
    """A program of beancount, beside this Python. GPL: run by the tests, never imported, never shipped."""
    return str(Path(sys.executable).parent / f"bean-{name}")


def hledger() -> str:
    """Debian's hledger; a machine that cannot install it skips what needs it, and a build server fails."""
    found = debian.program("hledger")
    if not found and not os.environ.get("CI"):
        pytest.skip("hledger is not here, and only root can install it: apt-get install hledger")
    assert found, "hledger is not installed"
    return found


def cents_of(text: str) -> int:
    return round(float(text.split(maxsplit=1)[0].replace(",", "")) * 100) if text.strip() not in ("", "0") else 0


def as_json(text: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(text)
    return told
