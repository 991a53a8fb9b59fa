"""What has been kept long enough ends by itself, every day, and the books do not notice."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from common import clock
from donations.giving.models import Donation, Entrance
from donations.payments import inbox
from donations.payments.facts import event_facts
from donations.payments.models import Payment, StripeEvent
from donations.payments.privacy import trimmed
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from people import retention
from people.registry import endings
from registration.models import Participant, WaitListEntry
from tests.factories import a_page, a_payment, a_race, a_registration, paid
from tests.privacy.person import tables

pytestmark = [pytest.mark.django_db, pytest.mark.money]

CHARGE = {
    "id": "evt_9",
    "object": "event",
    "type": "charge.succeeded",
    "created": 1_790_000_000,
    "data": {
        "object": {
            "object": "charge",
            "id": "ch_9",
            "amount": 5000,
            "currency": "usd",
            "status": "succeeded",
            "payment_intent": "pi_9",
            "created": 1_790_000_000,
            "metadata": {"payment": "5f0c0f8e-5a3c-4c55-9a8e-1f0a3b1c2d3e", "typed": "Rosa Delgado"},
            "billing_details": {"email": "rosa@example.org", "name": "Rosa Delgado"},
            "receipt_email": "rosa@example.org",
        }
    },
}


def the_race_was(days: int) -> None:
    Event.objects.update(starts_at=clock.now() - timedelta(days=days))


def a_household() -> None:
    a_registration(a_race(30), "Amina Warsame", "Little One")
    Participant.objects.filter(name="Little One").update(age=9, guardian="Amina Warsame")
    a_page(Event.objects.get(), name="Little", participant=Participant.objects.get(name="Little One"), team="")


def test_emergency_contacts_end_thirty_days_after_the_race() -> None:
    a_household()
    the_race_was(29)
    retention.retain()
    assert Participant.objects.filter(emergency_phone="612-555-0100").count() == 2
    the_race_was(31)
    retention.retain()
    assert set(Participant.objects.values_list("emergency_name", "emergency_phone")) == {("-", "-")}
    assert Participant.objects.filter(name="Amina Warsame").exists()


def test_a_childs_data_and_page_end_ninety_days_after_the_race() -> None:
    a_household()
    the_race_was(91)
    retention.retain()
    child = Participant.objects.get(age=9)
    assert (child.name, child.guardian, child.signed_by) == (f"Entry {child.pk}", "", "")
    page = Fundraiser.objects.get(participant=child)
    assert (page.is_hidden, page.name) == (True, f"Runner {page.bib}")
    assert Participant.objects.get(age=34).name == "Amina Warsame"


def test_a_payment_that_came_to_nothing_names_nobody_after_thirty_days() -> None:
    page = a_page()
    payment, kept = a_payment(page, message="For Kaiya"), a_payment(page)
    charge = paid(kept)
    long = clock.now() - timedelta(days=31)
    Payment.objects.update(created_at=long, expires_at=long)
    Donation.objects.update(created_at=long)
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.EXPIRED)
    Payment.objects.filter(pk=kept.pk).update(status=Payment.Status.PAID)
    retention.retain()
    payment.refresh_from_db()
    item = payment.donations.get()
    assert (payment.email, payment.checkout, item.name, item.message) == ("", {}, f"Donor {payment.pk}", "")
    kept.refresh_from_db()
    assert (kept.email != "", kept.checkout) == (True, {})
    assert kept.donations.get().name == "Rosa Delgado"
    assert charge.amount_cents == 5000


def test_what_can_still_be_paid_is_left_alone() -> None:
    payment = a_payment(a_page())
    retention.retain()
    payment.refresh_from_db()
    assert payment.checkout
    assert payment.email


def test_stripes_events_are_trimmed_and_say_the_same_to_the_books() -> None:
    inbox.store(CHARGE, str.encode(json.dumps(CHARGE)))
    StripeEvent.objects.update(received_at=clock.now() - timedelta(days=31))
    retention.retain()
    assert "rosa" in StripeEvent.objects.get().body, "not before it was worked off"
    StripeEvent.objects.update(processed_at=clock.now())
    retention.retain()
    body = StripeEvent.objects.get().body
    assert "rosa" not in body.lower()
    assert event_facts(json.loads(body)) == event_facts(CHARGE)


@pytest.mark.parametrize("more", [{}, {"reason": "fraudulent", "evidence": {"customer_name": "Rosa Delgado"}}])
def test_a_disputes_event_says_the_same_trimmed(more: dict[str, Any]) -> None:
    rows = [{"id": "txn_1", "amount": -5000, "currency": "usd", "description": "Rosa Delgado"}]
    details = {"due_by": 1_790_500_000, "submission_count": 0}
    thing = {"object": "dispute", "id": "dp_1", "charge": "ch_9", "amount": 5000, "currency": "usd", "created": 1}
    thing |= {"status": "needs_response", "balance_transactions": rows, "evidence_details": details, **more}
    event = CHARGE | {"data": {"object": thing}}
    body = trimmed(json.dumps(event))
    assert "Rosa" not in body
    assert event_facts(json.loads(body)) == event_facts(event)


def test_mails_lose_their_words_after_ninety_days_and_keep_their_key() -> None:
    sent = {"template": "email/plain", "context": {"body": "Hello"}, "status": OutboxMail.Status.SENT}
    for key, days in (("old", 91), ("new", 89)):
        OutboxMail.objects.create(
            key=key, to="rosa@example.org", subject="x", created_at=clock.now() - timedelta(days=days), **sent
        )
    OutboxMail.objects.create(
        key="waits",
        to="r@example.org",
        subject="x",
        created_at=clock.now() - timedelta(days=99),
        **sent | {"status": "waiting"},
    )
    retention.retain()
    words = dict(OutboxMail.objects.filter(template="email/plain").values_list("key", "context"))
    assert words == {"old": {"body": ""}, "new": {"body": "Hello"}, "waits": {"body": "Hello"}}


def test_the_dry_run_counts_and_changes_nothing_and_a_second_run_finds_nothing() -> None:
    a_household()
    WaitListEntry.objects.create(option=Event.objects.get().options.all()[0], name="Wanda", email="w@example.org")
    Entrance.objects.create(
        payment=a_payment(a_page(Event.objects.get())),
        network="n",
        email="e",
        created_at=clock.now() - timedelta(days=3),
    )
    the_race_was(91)
    before, out = list(tables()), StringIO()
    call_command("retain", "--dry-run", stdout=out)
    assert list(tables()) == before
    assert "1 names on the wait list" in out.getvalue()
    call_command("retain", stdout=(told := StringIO()))
    assert "rows ended" in told.getvalue()
    assert sum(count for _ending, count in retention.due()) == 0
    assert retention.retain() == 0


def test_a_row_that_cannot_end_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    a_household()
    the_race_was(31)
    bad = Participant.objects.latest("pk").pk
    [ending] = [one for one in endings() if "emergency" in str(one.what)]
    end = ending.end

    def fails(rows: Any) -> None:
        if any(row.pk == bad for row in rows):
            raise ValueError(bad)
        end(rows)

    monkeypatch.setattr(retention, "endings", lambda: [type(ending)(ending.what, ending.rows, fails)])
    assert retention.retain() == 1
    assert Participant.objects.get(emergency_phone="612-555-0100").pk == bad
