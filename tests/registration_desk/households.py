"""Households that have registered, and paid at Stripe's stand-in where they had to."""

from datetime import timedelta
from typing import Any

from common import clock
from donations.giving import entries, services
from donations.giving.checkout import open_checkout
from donations.payments.models import Payment
from events.models import Event, PriceTier
from registration.models import Participant, Registration
from registration.services import hold
from tests.factories import a_cart, numbers, paid
from tests.giving.donors import pay
from tests.tools.fixtures.stripe import StripeSandbox

FEE = 3500


def a_race_at(event: Event, cents: int = FEE) -> Event:
    """Every way to take part at one price."""
    PriceTier.objects.filter(option__event=event).update(cents=cents)
    return event


def held(event: Event, *names: str, **more: Any) -> Registration:
    """A household whose places are held."""
    fields = {"email": f"household{next(numbers)}@example.org"} | more
    return hold(registration=a_cart(event, *names, **fields), until=clock.now() + timedelta(minutes=35))


def a_household(event: Event, *names: str, sandbox: StripeSandbox | None = None, **more: Any) -> Registration:
    """A household that is in: paid where the entry costs something, at the sandbox or by a charge that is just told."""
    cart = held(event, *names, **more)
    payment = entries.start(cart)
    if payment and sandbox:
        settled(sandbox, payment)
    elif payment:
        paid(payment)
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED
    return cart


def settled(sandbox: StripeSandbox, payment: Payment) -> None:
    """Paid at Stripe's page, and looked up."""
    open_checkout(payment)
    payment.refresh_from_db()
    pay(sandbox, payment)
    services.look_up(payment)


def person_in(registration: Registration, name: str = "Amina Warsame") -> Participant:
    return Participant.objects.select_related("registration__event", "option").get(registration=registration, name=name)


def statuses(event: Event) -> list[str]:
    return list(Participant.objects.filter(registration__event=event).order_by("pk").values_list("status", flat=True))
