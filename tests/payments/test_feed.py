"""Every balance transaction is exactly one entry; what the feed and the webhooks tell meets in clearing."""

import random
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from common import clock
from donations.giving import checkout, services
from donations.giving.checks import check_books
from donations.giving.settle import settle
from donations.ledger.models import Alarm, Entry, Ledger
from donations.payments import feed, gateway
from donations.payments.facts import Facts
from donations.payments.models import BalanceTransaction, Payment
from tests.factories import a_charge, a_ledger, a_page, a_payment, numbers, paid
from tests.giving.donors import CARD, DAY, client_of, name_of, pay
from tests.giving.legs import balances, open_keys, table
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.django_db
Row = dict[str, Any]


def a_row(category: str, cents: int, fee: int = 0, source: Row | None = None, **more: Any) -> Row:
    """A balance transaction as Stripe's list shows it, its source expanded."""
    number = next(numbers)
    now = int(clock.now().timestamp())
    row: Row = {"id": f"txn_{number}", "type": category, "reporting_category": category, "currency": "usd"}
    row |= {"amount": cents, "fee": fee, "net": cents - fee, "created": now, "available_on": now, "source": source}
    return row | more


def read(ledger: Ledger, *rows: Row) -> int:
    """The feed answers with these rows, newest first as Stripe does."""
    with patch.object(gateway, "balance_transactions", return_value=iter(reversed(rows))):
        return feed.sync(ledger)


def a_source(kind: str, payment: Payment | None = None, **more: Any) -> Row:
    return {"id": f"{kind}_{next(numbers)}", "metadata": {"payment": name_of(payment)} if payment else {}} | more


@pytest.mark.money
def test_a_charge_settles_gross_to_clearing_and_its_fee_to_the_pool() -> None:
    payment = a_payment(a_page())
    paid(payment)
    read(Ledger.objects.get(), a_row("charge", 5000, 175, a_source("ch", payment)))
    assert table()[1] == ("settled", {"stripe": 4825, "fee_pool": 175, "clearing": -5000})
    assert open_keys() == {}


@pytest.mark.money
def test_what_follows_a_charge_goes_by_that_charge() -> None:
    payment = a_payment(a_page())
    ledger = Ledger.objects.get()
    charge = a_source("ch", payment)
    read(ledger, a_row("charge", 5000, 175, charge))
    back = a_source("re", charge=charge["id"])
    read(ledger, a_row("refund", -2000, 0, back))
    assert open_keys() == {payment.key: -3000}
    read(ledger, a_row("refund_failure", 2000, 0, back))
    assert open_keys() == {payment.key: -5000}
    assert [kind for kind, _legs in table()] == ["settled"] * 3
    assert set(BalanceTransaction.objects.values_list("payment", flat=True)) == {payment.pk}


@pytest.mark.money
def test_in_one_reading_too_whatever_its_order() -> None:
    payment = a_payment(a_page())
    charge = a_source("ch", payment)
    rows = [a_row("refund", -5000, 0, a_source("re", charge=charge["id"])), a_row("charge", 5000, 175, charge)]
    read(Ledger.objects.get(), *rows)
    assert open_keys() == {}


@pytest.mark.money
def test_a_fee_of_stripe_is_the_pools() -> None:
    read(a_ledger(), a_row("fee", -250, type="stripe_fee"), a_row("", -50, type="stripe_fee"))
    assert table() == [("fee", {"stripe": -250, "fee_pool": 250}), ("fee", {"stripe": -50, "fee_pool": 50})]


def test_a_type_of_next_year_is_unexplained_and_named() -> None:
    read(a_ledger(), a_row("moon_levy", -70), a_row("", 9, type="tide"))
    assert [kind for kind, _legs in table()] == ["unexplained"] * 2
    assert balances() == {"stripe": -61, "suspense": 61}
    report = check_books()
    assert report.unexplained_cents == 70 + 9, "absolute values, never a net"
    assert len(report.findings) == 2
    assert all("suspense txn_" in finding for finding in report.findings)


@pytest.mark.money
def test_a_payout_is_on_its_way_to_the_bank_and_an_instant_one_costs_the_fee_pool() -> None:
    read(a_ledger(), a_row("payout", -4000, source={"id": "po_1"}), a_row("payout", -1000, 15, {"id": "po_2"}))
    assert table() == [
        ("payout", {"stripe": -4000, "in_transit": 4000}),
        ("payout", {"stripe": -1015, "fee_pool": 15, "in_transit": 1000}),
    ]
    assert open_keys() == {"payout:po_1": 4000, "payout:po_2": 1000}


@pytest.mark.money
def test_a_payout_that_failed_and_one_out_of_the_bank_are_the_same_turned() -> None:
    read(
        a_ledger(),
        a_row("payout", -4000, source={"id": "po_1"}),
        a_row("payout_reversal", 4000, source={"id": "po_1"}),
        a_row("payout", 700, source={"id": "po_negative"}),
        a_row("topup", 2000, source={"id": "tu_1"}),
    )
    assert open_keys() == {"payout:po_negative": -700, "payout:tu_1": -2000}
    assert balances() == {"stripe": 2700, "in_transit": -2700}


@pytest.mark.money
def test_without_a_category_the_type_decides() -> None:
    payment = a_payment(a_page())
    ledger = Ledger.objects.get()
    debit = a_source("py", payment)
    read(ledger, a_row("", 5000, 40, debit, type="payment"))
    read(ledger, a_row("", -5000, -40, debit, type="payment_failure_refund"))
    assert (balances(), open_keys()) == ({}, {})


@pytest.mark.money
def test_a_charge_of_nobody_is_an_open_item_by_its_own_name() -> None:
    ledger = a_ledger()
    settle(ledger.pk, Facts(charges=[a_charge(None, id="ch_stranger")]))
    read(ledger, a_row("charge", 5000, 175, {"id": "ch_stranger", "metadata": {}}))
    assert open_keys() == {"ch_stranger": -5000}


@pytest.mark.money
@pytest.mark.parametrize("together", [True, False])
def test_a_charge_of_nobody_that_is_refunded_is_closed(together: bool) -> None:
    ledger = a_ledger()
    charge = a_row("charge", 5000, 175, {"id": "ch_stranger", "metadata": {}})
    back = a_row("refund", -5000, 0, {"id": "re_1", "charge": "ch_stranger", "metadata": {}})
    for rows in [[charge, back]] if together else [[charge], [back]]:
        read(ledger, *rows)
    assert open_keys() == {}


@pytest.mark.money
def test_metadata_that_names_no_payment_of_ours_makes_no_crash() -> None:
    ledger = a_ledger()
    for number in ("999999", "abc", "", "9" * 40):
        read(ledger, a_row("charge", 500, 0, {"id": f"ch_{number[:3]}x", "metadata": {"payment": number}}))
    read(ledger, a_row("charge", 500, 0, {"id": "ch_none", "metadata": None}))
    assert sum(open_keys().values()) == -2500


@pytest.mark.money
def test_the_same_feed_twice_is_no_new_entry() -> None:
    ledger = a_ledger()
    rows = [a_row("charge", 5000, 175, a_source("ch")), a_row("fee", -3)]
    assert [read(ledger, *rows), read(ledger, *rows)] == [2, 0]
    assert Entry.objects.count() == 2


@pytest.mark.money
def test_another_currency_is_an_alarm_and_no_entry() -> None:
    ledger = a_ledger()
    row = a_row("charge", 5000, 175, a_source("ch"), currency="eur")
    read(ledger, row, a_row("fee", -3))
    assert [alarm.reference for alarm in Alarm.objects.all()] == [row["id"]]
    assert balances() == {"stripe": -3, "fee_pool": 3}


@pytest.mark.money
def test_nothing_but_another_currency_does_not_stop_the_feed() -> None:
    ledger = a_ledger()
    assert read(ledger, a_row("charge", 5000, 175, a_source("ch"), currency="eur")) == 1
    assert read(ledger, a_row("fee", 0)) == 1
    assert table() == []


@pytest.mark.money
@pytest.mark.parametrize("category", ["charge", "fee", "moon_levy"])
def test_a_transaction_of_nothing_does_not_stop_the_feed(category: str) -> None:
    assert read(a_ledger(), a_row(category, 0), a_row("fee", -3)) == 2
    assert balances()["stripe"] == -3


@pytest.mark.parametrize("category", ["charge", "fee", "moon_levy"])
def test_a_transaction_eaten_by_its_fee_does_not_stop_the_feed(category: str) -> None:
    assert read(a_ledger(), a_row(category, 30, 30), a_row("fee", -3)) == 2
    assert balances()["stripe"] == -3


@pytest.mark.money
def test_an_answer_that_breaks_off_leaves_what_was_posted() -> None:
    ledger = a_ledger()
    with (
        patch.object(gateway, "balance_transactions", side_effect=gateway.Unavailable("away")),
        pytest.raises(gateway.Unavailable),
    ):
        feed.sync(ledger)
    assert read(ledger, a_row("fee", -3)) == 1


def act(sandbox: StripeSandbox, chance: random.Random, page: Any) -> None:
    """One thing that happens: a gift by card or debit, a refund, time."""
    what = chance.choice(["card", "card", "debit", "refund", "time"])
    client = client_of(sandbox)
    if what in ("card", "debit"):
        payment = a_payment(page, cents=chance.randint(100, 20_000), cover_cents=chance.choice([0, 0, 99]))
        checkout.open_checkout(payment)
        payment.refresh_from_db()
        debit = {"account": chance.choice(["000123456789", "000222222227"])}
        card = {"card": chance.choice([CARD, "4000000000007726", "4000000000005126"])}
        pay(sandbox, payment, **(card if what == "card" else debit))
    elif what == "refund":
        charges = client.v1.charges.list({"limit": 100}).data
        good = [c for c in charges if c.status == "succeeded" and c.amount_refunded < c.amount]
        if good:
            charge = chance.choice(good)
            left = charge.amount - charge.amount_refunded
            client.v1.refunds.create({"charge": charge.id, "amount": chance.randint(1, left)})
    else:
        sandbox.do("time", advance=chance.choice([60, DAY]))


@pytest.mark.money
@pytest.mark.parametrize("seed", range(3))
def test_after_any_series_the_balance_is_stripes_and_clearing_is_zero(sandbox: StripeSandbox, seed: int) -> None:
    sandbox.do("pause")
    page, chance = a_page(), random.Random(seed)
    ledger = Ledger.objects.first() or a_ledger(page.event)
    for _step in range(18):
        act(sandbox, chance, page)
        if chance.random() < 0.3:
            feed.sync(ledger)
    sandbox.do("time", advance=8 * DAY)
    feed.sync(ledger)
    for _round in range(3):
        services.sweep(ledger, timedelta(0))
    assert balances().get("stripe", 0) == gateway.balance_cents("usd"), f"seed {seed}"
    assert open_keys() == {}, f"seed {seed}"
    assert check_books(with_stripe=True).findings == [], f"seed {seed}"
