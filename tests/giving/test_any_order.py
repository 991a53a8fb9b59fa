"""Webhooks never, late, twice and in any order end in the same books; so do threads at the same time."""

import json
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import stripe
from django.db import connection, connections
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from donations.giving import checkout, services
from donations.giving.models import Credit, Donation
from donations.giving.settle import settle
from donations.ledger.models import Account, Balance, Entry, Ledger, Leg, OpenItem
from donations.payments import feed, inbox
from donations.payments.facts import Facts
from donations.payments.models import Payment
from fundraisers.models import Fundraiser
from tests.factories import a_charge, a_page, a_payment, a_refund, an_event
from tests.tools.books import rolled_back
from tests.tools.fixtures.databases import CommittedDatabase
from tests.tools.fixtures.stripe import StripeSandbox

pytestmark = pytest.mark.money


@dataclass(frozen=True)
class Books:
    """What must come out alike. Legs of refunds may fall to one reference or another; their sums may not."""

    legs: dict[str, list[tuple[str, int, str]]]
    balances: dict[str, int]
    items: dict[str, int]
    credits: dict[int, int]
    raised: list[tuple[int, int]]
    statuses: list[str]


def books() -> Books:
    codes = dict(Account.objects.values_list("pk", "code"))
    legs: dict[str, list[tuple[str, int, str]]] = {}
    for reference, account_id, cents, key in Leg.objects.exclude(entry__kind="refund").values_list(
        "entry__reference", "account_id", "cents", "key"
    ):
        legs.setdefault(reference, []).append((codes[account_id], cents, key))
    balances = Balance.objects.values_list("account__code").annotate(Sum("cents")).order_by()
    given = Credit.objects.values_list("donation_id").annotate(Sum("cents")).order_by()
    return Books(
        legs={reference: sorted(some) for reference, some in legs.items()},
        balances={code: cents for code, cents in balances if cents},
        items={item.key: item.cents for item in OpenItem.objects.exclude(cents=0)},
        credits=dict(given),
        raised=list(Fundraiser.objects.order_by("pk").values_list("raised_cents", "gift_count")),
        statuses=list(Payment.objects.order_by("pk").values_list("status", flat=True)),
    )


@pytest.fixture
def history(db: None, sandbox: StripeSandbox) -> list[dict[str, Any]]:
    """Everything Stripe has to tell of five payments and their refunds, the webhooks held back."""
    sandbox.do("pause")
    event = an_event()
    page, other = a_page(event), a_page(event, name="Tou Vang", team="")
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": sandbox.url})
    ways: list[dict[str, str]] = [
        {"card": "4242424242424242"},
        {"card": "4000000000005126"},
        {"account": "000123456789"},
        {"account": "000222222227"},
        {"card": "4242424242424242"},
    ]
    for place, way in enumerate(ways):
        more: dict[str, Any] = {"cover_cents": 180} if place == 1 else {}
        if place == 4:
            more["kind"] = Donation.Kind.FUNDING
        payment = a_payment([page, other, page, other, None][place], event=event, cents=5001 + place, **more)
        checkout.open_checkout(payment)
        payment.refresh_from_db()
        sandbox.do(f"pay/{payment.session_id}", **way)
    charges = {charge.metadata["number"]: charge.id for charge in client.v1.charges.list({"limit": 100}).data}
    first, second, *_rest = Payment.objects.order_by("pk")
    client.v1.refunds.create({"charge": charges[str(first.pk)], "amount": 2000})
    client.v1.refunds.create({"charge": charges[str(first.pk)], "amount": 1001})
    client.v1.refunds.create({"charge": charges[str(second.pk)]})
    sandbox.do("time", advance=5 * 86_400)
    told = [event.to_dict(for_json=True) for event in client.v1.events.list({"limit": 100}).auto_paging_iter()]
    assert {"charge.succeeded", "refund.failed", "checkout.session.async_payment_failed"} <= {e["type"] for e in told}
    return list(reversed(told))


def tell(events: list[dict[str, Any]], batch: int) -> None:
    ledger = Ledger.objects.get()
    for first in range(0, len(events), batch):
        for event in events[first : first + batch]:
            inbox.store(event, json.dumps(event).encode())
        while services.drain_inbox(ledger.pk):
            pass


def catch_up() -> None:
    ledger = Ledger.objects.get()
    feed.sync(ledger)
    services.sweep(ledger, timedelta(0))
    # What the first sweep brought may have opened the way to more: a charge tells of its refunds.
    services.sweep(ledger, timedelta(0))


@pytest.fixture
def in_order(history: list[dict[str, Any]]) -> Books:
    with rolled_back():
        tell(history, 100)
        catch_up()
        return books()


@settings(max_examples=25)
@given(data=st.data())
def test_any_order_with_repeats_and_losses_ends_in_the_same_books(
    history: list[dict[str, Any]], in_order: Books, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(history))))
    twice = data.draw(st.lists(st.sampled_from(range(len(history))), max_size=10))
    lost = data.draw(st.sets(st.sampled_from(range(len(history)))))
    batch = data.draw(st.integers(1, 20))
    told = [history[number] for number in [*order, *twice] if number not in lost]
    with rolled_back():
        tell(told, batch)
        catch_up()
        assert books() == in_order


def test_no_webhook_at_all_ends_in_the_same_books(history: list[dict[str, Any]], in_order: Books) -> None:
    catch_up()
    assert books() == in_order


def test_the_second_event_for_one_change_has_no_effect(history: list[dict[str, Any]], in_order: Books) -> None:
    tell(history, 100)
    tell([{**event, "id": f"{event['id']}_again"} for event in history], 7)
    catch_up()
    assert books() == in_order


def test_the_order_of_charges_does_not_change_who_gets_the_odd_cent(db: None) -> None:
    page = a_page()
    charges = [a_charge(a_payment(page, cents=100 + number)) for number in range(6)]
    ledger = Ledger.objects.get()
    seen = []
    for order in (charges, charges[::-1]):
        with rolled_back():
            for charge in order:
                settle(ledger.pk, Facts(charges=[charge]))
            seen.append(books())
    assert seen[0] == seen[1]


@settings(max_examples=40)
@given(
    amounts=st.lists(st.integers(1, 4000), min_size=1, max_size=4),
    fates=st.lists(st.sampled_from(["succeeded", "pending", "failed", "canceled"]), min_size=4, max_size=4),
    order=st.permutations(range(5)),
    cover=st.sampled_from([0, 150]),
)
def test_refunds_in_any_order_end_alike(
    db: None, amounts: list[int], fates: list[str], order: list[int], cover: int
) -> None:
    with rolled_back():
        payment = a_payment(a_page(), cents=5000, cover_cents=cover)
        charge = a_charge(payment)
        news = [Facts(charges=[charge])]
        news += [Facts(refunds=[a_refund(charge, cents, fate)]) for cents, fate in zip(amounts, fates, strict=False)]
        seen = []
        for places in (sorted(order), order):
            with rolled_back():
                for place in places:
                    if place < len(news):
                        settle(payment.ledger_id, news[place])
                seen.append(books())
        assert seen[0] == seen[1]


def test_fifty_threads_at_once_make_one_entry(committed_db: CommittedDatabase) -> None:
    payment = a_payment(a_page())
    charge = a_charge(payment)
    together = Barrier(50)
    errors: list[Exception] = []

    def fulfil() -> None:
        try:
            together.wait()
            settle(payment.ledger_id, Facts(charges=[charge]))
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=fulfil) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Entry.objects.count() == 1
    assert Credit.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
def test_threads_with_many_payments_lose_and_double_nothing(committed_db: CommittedDatabase) -> None:
    page = a_page()
    payments = [a_payment(page, cents=1000 + number) for number in range(12)]
    charges = [a_charge(payment) for payment in payments]
    refunds = [a_refund(charge, 300) for charge in charges]
    errors: list[Exception] = []

    def work(start: int) -> None:
        try:
            for step in range(len(charges)):
                place = (start + step * 5) % len(charges)
                settle(payments[0].ledger_id, Facts(refunds=[refunds[place]]))
                settle(payments[0].ledger_id, Facts(charges=[charges[place]]))
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    page.refresh_from_db()
    assert page.raised_cents == sum(payment.amount_cents - 300 for payment in payments)
    assert Entry.objects.count() == 24
