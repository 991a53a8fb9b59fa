"""Stored events are worked off in batches; one that cannot be settled holds up nobody, and no money is made up."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import Sum

from common import clock
from donations.giving import services
from donations.giving.checks import check_books
from donations.giving.models import Donation
from donations.ledger.models import Alarm, Entry, Ledger, OpenItem
from donations.payments.models import Charge, Payment, StripeEvent
from tests.factories import a_ledger, a_page, a_payment
from tests.giving.donors import a_told_charge, an_event_body, drain, name_of, tell

pytestmark = pytest.mark.django_db


def hear(thing: dict[str, Any], kind: str = "charge.succeeded") -> StripeEvent:
    assert tell(an_event_body(thing, kind)).status_code == 200
    event = StripeEvent.objects.latest("pk")
    drain()
    event.refresh_from_db()
    return event


def wake(event: StripeEvent) -> None:
    """Its next turn has come."""
    StripeEvent.objects.filter(pk=event.pk).update(next_try_at=clock.now() - timedelta(seconds=1))


@pytest.mark.money
@pytest.mark.parametrize(
    "number",
    ["999999", "0", "-1", "abc", "9" * 32, "\u0663", "", None, "1 OR 1=1", "86f9a9bc-943a-4151-8023-f3f62a370cb2"],
)
def test_a_charge_for_a_payment_that_does_not_exist_makes_no_gift(number: Any) -> None:
    a_ledger()
    assert hear(a_told_charge(number)).processed_at
    assert Charge.objects.get().payment is None
    assert not Entry.objects.exists()


@pytest.mark.money
@pytest.mark.parametrize(
    "more", [{"amount": 4999}, {"amount": 5001}, {"amount": 0}, {"currency": "eur"}, {"currency": "jpy"}]
)
def test_a_charge_that_is_not_what_the_form_said_is_an_alarm_and_no_gift(more: dict[str, Any]) -> None:
    payment = a_payment(a_page())
    hear(a_told_charge(payment, id="ch_odd", **more))
    hear(a_told_charge(payment, id="ch_odd", **more))
    assert [alarm.reference for alarm in Alarm.objects.all()] == ["ch_odd"]
    assert not Entry.objects.exists()
    assert not Donation.objects.filter(received_at__isnull=False).exists()
    payment.refresh_from_db()
    assert payment.status != Payment.Status.PAID


@pytest.mark.money
@pytest.mark.parametrize("status", ["pending", "failed", "unheard of"])
def test_only_a_charge_that_succeeded_makes_a_gift(status: str) -> None:
    payment = a_payment(a_page())
    assert hear(a_told_charge(payment, status=status)).processed_at
    assert not Entry.objects.exists()


@pytest.mark.money
def test_a_session_that_says_paid_makes_no_gift_by_itself() -> None:
    payment = a_payment(a_page())
    session = {"object": "checkout.session", "id": "cs_1", "status": "complete", "payment_status": "paid"}
    hear(session | {"metadata": {"payment": name_of(payment)}, "payment_intent": "pi_1"}, "checkout.session.completed")
    payment.refresh_from_db()
    assert payment.status == Payment.Status.PROCESSING
    assert not Entry.objects.exists()


@pytest.mark.money
def test_a_poisoned_event_holds_up_nobody_and_is_tried_again_until_mended() -> None:
    page = a_page()
    good, bad = a_payment(page), a_payment(page)
    broken = a_told_charge(bad)
    del broken["amount"]
    poisoned = StripeEvent(event_id="evt_bad", type="charge.succeeded", created_at=clock.now())
    poisoned.body = an_event_body(broken)
    poisoned.save()
    hear(a_told_charge(good))
    page.refresh_from_db()
    assert page.raised_cents == 5000
    poisoned.refresh_from_db()
    assert (poisoned.attempts, poisoned.processed_at) == (1, None)
    assert "amount" in poisoned.error
    StripeEvent.objects.filter(pk=poisoned.pk).update(body=an_event_body(a_told_charge(bad)))
    drain()
    poisoned.refresh_from_db()
    assert poisoned.processed_at is None, "its turn has not come"
    wake(poisoned)
    drain()
    poisoned.refresh_from_db()
    page.refresh_from_db()
    assert (page.raised_cents, poisoned.error) == (10_000, "")


def test_the_delay_grows_to_an_hour_and_the_checks_name_what_waits() -> None:
    a_ledger()
    event = StripeEvent(event_id="evt_bad", type="charge.succeeded", created_at=clock.now(), body="{}")
    event.save()
    delays = []
    for _try in range(15):
        wake(event)
        drain()
        event.refresh_from_db()
        assert event.next_try_at
        delays.append(round((event.next_try_at - clock.now()).total_seconds()))
    assert delays[:5] == [2, 4, 8, 16, 32]
    assert max(delays) <= 3600
    StripeEvent.objects.filter(pk=event.pk).update(received_at=clock.now() - timedelta(minutes=16))
    assert any("evt_bad" in finding for finding in check_books().findings)


@pytest.mark.money
def test_a_crash_in_the_middle_leaves_no_half_gift() -> None:
    page = a_page()
    payment = a_payment(page)
    ledger = Ledger.objects.get()
    tell(an_event_body(a_told_charge(payment)))
    with patch("donations.giving.settle.emails.queue_receipts", side_effect=RuntimeError("killed")):
        services.drain_inbox(ledger.pk)
    page.refresh_from_db()
    assert (page.raised_cents, Entry.objects.count(), OpenItem.objects.count()) == (0, 0, 0)
    wake(StripeEvent.objects.get())
    drain()
    page.refresh_from_db()
    assert page.raised_cents == 5000


@pytest.mark.money
@pytest.mark.parametrize("part", ["\u00b2", "\u0663", "-5", "1e3", "", "9" * 400, "5000.0", "x"])
def test_a_part_that_is_no_amount_does_not_poison_its_refund(part: str) -> None:
    payment = a_payment(a_page())
    charge = a_told_charge(payment, id="ch_1")
    hear(charge)
    item = payment.donations.get()
    refund = {"object": "refund", "id": "re_1", "charge": "ch_1", "amount": 2000, "currency": "usd"}
    more = {"status": "succeeded", "created": charge["created"], "metadata": {item.reference: part}}
    event = hear(refund | more, "refund.created")
    assert event.processed_at, event.error
    assert item.credits.aggregate(cents=Sum("cents"))["cents"] == 3000
