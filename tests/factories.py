"""What tests are made of: plain functions, one a thing."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from common import clock
from donations.giving.gift import Gift
from donations.giving.models import Donation
from donations.giving.services import start_gift
from donations.giving.settle import settle
from donations.ledger.models import Ledger
from donations.ledger.services import open_ledger
from donations.payments.facts import ChargeFact, Facts, RefundFact
from donations.payments.models import Payment
from events.models import Event
from events.services import load_event
from fundraisers.models import Fundraiser
from fundraisers.services import create_fundraiser
from teams.services import team_named

EVENT_FILE = Path(__file__).parent.parent / "platform" / "events" / "files" / "not_in_our_city_5k.toml"
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
numbers = count(1)


def an_event() -> Event:
    return load_event(EVENT_FILE, coming=True)


def a_ledger(event: Event | None = None) -> Ledger:
    return open_ledger(event or an_event())


def a_page(
    event: Event | None = None, name: str = "Amina Warsame", team: str = "North Loop", **more: Any
) -> Fundraiser:
    event = event or an_event()
    return create_fundraiser(event=event, name=name, team=team_named(event=event, name=team) if team else None, **more)


def a_gift(page: Fundraiser | None = None, event: Event | None = None, cents: int = 5000, **more: Any) -> Gift:
    event = page.event if page else event or an_event()
    words: dict[str, Any] = {"name": "Rosa Delgado", "email": "rosa@example.org", "cover_cents": 0}
    return Gift(
        event=event, fundraiser=page, kind=more.pop("kind", Donation.Kind.GIFT), amount_cents=cents, **words | more
    )


def a_payment(page: Fundraiser | None = None, **more: Any) -> Payment:
    """A payment whose donor is at Stripe's page."""
    return start_gift(gift=a_gift(page, email=f"donor{next(numbers)}@example.org", **more), form_token=uuid4())


def a_charge(payment: Payment | None, status: str = "succeeded", **more: Any) -> ChargeFact:
    number = next(numbers)
    fields: dict[str, Any] = {
        "id": f"ch_{number}",
        "payment": payment.token if payment else None,
        "amount_cents": payment.amount_cents if payment else 5000,
        "currency": "usd",
        "status": status,
        "payment_intent": f"pi_{number}",
        "created_at": clock.now(),
    }
    return ChargeFact(**fields | more)


def a_refund(charge: ChargeFact, cents: int, status: str = "succeeded", **more: Any) -> RefundFact:
    number = next(numbers)
    fields: dict[str, Any] = {
        "id": f"re_{number}",
        "charge_id": charge.id,
        "amount_cents": cents,
        "currency": "usd",
        "status": status,
        "parts": {},
        "created_at": charge.created_at + timedelta(minutes=number),
    }
    return RefundFact(**fields | more)


def paid(payment: Payment) -> ChargeFact:
    """The charge of a payment that Stripe has told us of."""
    charge = a_charge(payment)
    settle(payment.ledger_id, Facts(charges=[charge]))
    return charge
