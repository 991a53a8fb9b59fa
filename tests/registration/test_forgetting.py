"""What somebody wrote and never paid is forgotten after a week, and everything else is kept."""

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from donations.giving import entries
from donations.payments.models import Payment
from events.models import Event
from registration import carts
from registration.models import Participant, Registration
from registration.services import hold, release, reopen
from registration.tasks import tend
from tests.factories import a_cart, a_race, a_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return a_race()


def grow_old(days: float = 7.01) -> None:
    Registration.objects.update(created_at=clock.now() - timedelta(days=days))


def test_an_old_cart_goes_with_its_people(event: Event) -> None:
    a_cart(event, "Amina Warsame", "Ben Olson")
    grow_old()
    tend()
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()


def test_a_young_cart_a_held_one_and_a_confirmed_one_stay(event: Event) -> None:
    hold(registration=a_cart(event), until=clock.now())
    a_registration(event)
    grow_old()
    a_cart(event)
    tend()
    assert Registration.objects.count() == 3


def test_where_a_payment_names_a_person_only_the_person_goes(event: Event) -> None:
    cart = hold(registration=a_cart(event), until=clock.now())
    payment = entries.start(cart)
    assert payment
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.EXPIRED)
    release(registration_id=cart.pk)
    grow_old()
    tend()
    kept = Participant.objects.get()
    assert (kept.name, kept.emergency_phone, kept.email, kept.signed_by) == ("-", "-", "", "")
    row = Registration.objects.get()
    assert (row.name, row.email) == ("", "")
    assert row.token != cart.token, "the old link leads nowhere"
    tend()
    row.refresh_from_db()
    assert Registration.objects.get().token == row.token, "once is enough"


def test_what_was_taken_out_of_a_cart_is_not_paid_for(event: Event) -> None:
    cart = hold(registration=a_cart(event, "Amina Warsame", "Ben Olson"), until=clock.now())
    entries.start(cart)
    Payment.objects.update(status=Payment.Status.EXPIRED)
    assert reopen(registration_id=cart.pk)
    ben = cart.participants.get(name="Ben Olson")
    carts.remove_person(registration=cart, person=ben)
    assert Client().get(f"/register/{cart.token}/person/{ben.pk}").status_code == 404
    cart.participants.update(signed_by="Amina Warsame")
    held = hold(registration=cart, until=clock.now())
    assert entries.order_of(held).total_cents == 3000
