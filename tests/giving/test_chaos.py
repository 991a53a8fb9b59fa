"""Webhooks doubled, late, out of order and lost, and all three triggers at once: no cent more or less."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from donations.giving import services
from donations.ledger.models import Entry, Ledger
from donations.payments import feed, gateway
from donations.payments.models import Payment
from events.models import Event
from outreach.models import OutboxMail
from tests.factories import a_page, an_event
from tests.giving.donors import DAY, client_of, drain, pay, start, words
from tests.giving.legs import balances, open_keys
from tests.tools.fixtures.site import Site
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money


@pytest.mark.parametrize("seed", [1, 2])
def test_after_chaos_and_one_sweep_the_books_are_stripes(site: Site, sandbox: StripeSandbox, seed: int) -> None:
    page = a_page()
    chaos = {"duplicate": 0.3, "reorder": 0.3, "drop": 0.3, "delay": 0.1, "seed": seed}
    sandbox.do("faults", **chaos)
    payments = [start(f"/r/{page.slug}/give", email=f"donor{n}@example.org", amount=f"{20 + n}") for n in range(8)]
    for number, payment in enumerate(payments):
        pay(sandbox, payment, **({"account": "000123456789"} if number % 4 == 3 else {}))
    charges = client_of(sandbox).v1.charges.list({"limit": 100}).data
    card = [charge for charge in charges if charge.status == "succeeded"]
    client_of(sandbox).v1.refunds.create({"charge": card[0].id, "amount": 500})
    client_of(sandbox).v1.refunds.create({"charge": card[1].id})
    sandbox.do("deliver", now=True)
    drain()
    sandbox.do("time", advance=5 * DAY)
    sandbox.do("deliver", now=True)
    drain()
    ledger = Ledger.objects.get()
    feed.sync(ledger)
    for _round in range(2):
        services.sweep(ledger, timedelta(0))
    given = sum(payment.amount_cents for payment in payments)
    assert Event.objects.get().raised_cents == given - 500 - card[1].amount, f"seed {seed}"
    assert open_keys() == {}
    assert balances()["stripe"] == gateway.balance_cents("usd")
    assert Entry.objects.filter(kind="gift").count() == len(payments)
    assert OutboxMail.objects.filter(key__startswith="receipt:").count() == len(payments)


def test_webhook_return_page_and_sweep_at_the_same_moment_count_once(site: Site, sandbox: StripeSandbox) -> None:
    page = a_page()
    payment = start(f"/r/{page.slug}/give")
    ledger = Ledger.objects.get()
    pay(sandbox, payment)
    sandbox.do("deliver", now=True)

    def trigger(number: int) -> None:
        try:
            ways: list[Any] = [
                lambda: Client().get(f"/thanks/{payment.token}"),
                lambda: services.sweep(ledger, timedelta(0)),
                lambda: services.drain_inbox(ledger.pk),
                lambda: feed.sync(ledger),
            ]
            ways[number % 4]()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(trigger, range(12)))
    page.refresh_from_db()
    assert (page.raised_cents, page.gift_count) == (5000, 1)
    assert Entry.objects.filter(kind="gift").count() == 1
    assert OutboxMail.objects.count() == 1


def test_a_double_click_while_stripe_is_slow_is_one_session_or_a_sentence(site: Site, sandbox: StripeSandbox) -> None:
    an_event()
    sandbox.do("faults", slow=1, slow_seconds=1, path="/v1/checkout/sessions")
    typed = words()

    def click(_number: int) -> int:
        try:
            return Client().post("/give", typed).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))
    assert set(answers) <= {302, 503}
    assert 302 in answers
    sandbox.do("faults")
    assert len(client_of(sandbox).v1.checkout.sessions.list().data) == Payment.objects.count() == 1
