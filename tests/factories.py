"""What tests are made of: plain functions, one a thing."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from accounts.models import User
from common import clock
from donations.giving.checkout import start_payment
from donations.giving.models import Donation
from donations.giving.order import Line, Order
from donations.giving.settle import settle
from donations.ledger.models import Ledger
from donations.ledger.services import open_ledger
from donations.payments.facts import ChargeFact, Facts, RefundFact
from donations.payments.models import Payment
from events.models import Event, PriceTier
from events.services import load_event
from fundraisers.models import Fundraiser
from fundraisers.services import create_fundraiser
from registration.models import Participant, Registration
from registration.services import confirm, hold
from teams.models import Team
from teams.services import create_team, team_named

EVENT_FILE = Path(__file__).parent.parent / "platform" / "events" / "files" / "not_in_our_city_5k.toml"
NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
numbers = count(1)


def an_event() -> Event:
    return load_event(EVENT_FILE, coming=True)


def a_race(days: float = 60) -> Event:
    """The event, so many days before its start: its prices move along."""
    event = an_event()
    shift = clock.now() + timedelta(days=days) - event.starts_at
    event.starts_at += shift
    event.save(update_fields=["starts_at"])
    for tier in PriceTier.objects.filter(option__event=event):
        tier.until += shift
        tier.save(update_fields=["until"])
    return event


def a_ledger(event: Event | None = None) -> Ledger:
    return open_ledger(event or an_event())


def a_page(
    event: Event | None = None, name: str = "Amina Warsame", team: str = "North Loop", **more: Any
) -> Fundraiser:
    event = event or an_event()
    return create_fundraiser(event=event, name=name, team=team_named(event=event, name=team) if team else None, **more)


def a_team(event: Event, name: str = "North Loop Striders", captain: User | None = None, **more: Any) -> Team:
    return create_team(event=event, name=name, captain=captain, **more)


def a_participant(
    registration: Registration, name: str = "Amina Warsame", option: str = "run", **more: Any
) -> Participant:
    """Somebody in a cart, who has signed the waiver of the day."""
    event = registration.event
    fields: dict[str, Any] = {"age": 34, "email": "", "emergency_name": "Ana", "emergency_phone": "612-555-0100"}
    fields |= {"page_name": name, "waiver": event.waivers.first(), "signed_by": name, "signed_at": clock.now()}
    return Participant.objects.create(
        registration=registration, option=event.options.get(slug=option), name=name, **fields | more
    )


def a_cart(event: Event | None = None, *names: str, option: str = "run", **more: Any) -> Registration:
    """A household's cart, signed, with an entry a name."""
    fields = {"name": "Amina Warsame", "email": "amina@example.org"} | more
    cart = Registration.objects.create(event=event or an_event(), **fields)
    for name in names or ("Amina Warsame",):
        a_participant(cart, name, option, email=fields["email"] if name == fields["name"] else "")
    return cart


def a_registration(event: Event | None = None, *names: str, **more: Any) -> Registration:
    """A household whose places are confirmed."""
    cart = hold(registration=a_cart(event, *names, **more), until=clock.now() + timedelta(minutes=35))
    return confirm(registration_id=cart.pk)


def an_order(
    page: Fundraiser | None = None,
    event: Event | None = None,
    cents: int = 5000,
    email: str = "rosa@example.org",
    kind: Donation.Kind = Donation.Kind.GIFT,
    **more: Any,
) -> Order:
    event = page.event if page else event or an_event()
    line = Line(kind=kind, fundraiser=page, amount_cents=cents, **{"name": "Rosa Delgado"} | more)
    return Order(event, email, (line,))


def a_payment(page: Fundraiser | None = None, **more: Any) -> Payment:
    """A payment whose donor is at Stripe's page."""
    order = an_order(page, email=f"donor{next(numbers)}@example.org", **more)
    return start_payment(order=order, form_token=uuid4(), comer=None)


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
