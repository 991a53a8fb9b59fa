"""A cart that is being paid is the one that gets confirmed: changed meanwhile, paid twice, or over and begun again."""

from typing import Any

import pytest
from django.test import Client

from donations.giving import entries, gate
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.models import Alarm
from donations.payments import gateway
from donations.payments.facts import Facts, SessionFact
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from registration import services as registrations
from registration.models import Participant, Registration
from registration.quotes import quote
from tests.factories import a_cart, a_participant, a_race, numbers, paid
from tests.giving.test_carts import started
from tests.registration import people

pytestmark = [pytest.mark.money, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _stripe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe gives a session to whoever asks, and closes what it is asked to close."""

    def create(_params: Any, **_more: Any) -> gateway.Session:
        number = next(numbers)
        return gateway.Session(f"cs_{number}", f"https://stripe.example/{number}")

    monkeypatch.setattr(gateway, "create_checkout", create)
    monkeypatch.setattr(gateway, "expire_checkout", lambda *_args, **_more: None)


def sign(cart: Registration) -> None:
    fresh = Registration.objects.get(pk=cart.pk)
    answer = people.sign(cart, quote(fresh).total_cents)
    assert answer.headers["Location"] == f"/checkout/{cart.token}"


def go_on(cart: Registration) -> str:
    return str(Client().get(f"/checkout/{cart.token}").headers["Location"])


def change(cart: Registration) -> Registration:
    Client().post(f"/checkout/{cart.token}/change")
    return Registration.objects.get(pk=cart.pk)


def test_a_cart_whose_bank_debit_is_on_its_way_cannot_be_changed() -> None:
    cart = people.start(a_race())
    sign(cart)
    go_on(cart)
    payment = Payment.objects.get()
    settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, "processing")]))
    assert change(cart).status == Registration.Status.HELD
    paid(payment)
    assert Registration.objects.get(pk=cart.pk).status == Registration.Status.CONFIRMED


def test_changed_while_the_checkout_asks_the_gate_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    cart = people.start(a_race())
    sign(cart)
    real = gate.comer_of

    def slowly(*args: Any) -> gate.Comer:
        entries.change(Registration.objects.get(pk=cart.pk))
        return real(*args)

    monkeypatch.setattr(gate, "comer_of", slowly)
    assert go_on(cart) == f"/registration/{cart.token}"
    assert not Payment.objects.exists()


def test_a_free_cart_that_grew_meanwhile_is_not_confirmed() -> None:
    cart = people.start(a_race())
    sign(cart)
    Participant.objects.filter(registration=cart).update(price_cents=0)
    stale = Registration.objects.get(pk=cart.pk)
    registrations.reopen(registration_id=cart.pk)
    with pytest.raises(entries.NotHeld):
        entries.start(stale)


@pytest.mark.parametrize("ended", ["changed", "expired"])
def test_unchanged_it_can_be_paid_after_its_first_session_is_over(ended: str) -> None:
    cart = people.start(a_race())
    sign(cart)
    first = go_on(cart)
    payment = Payment.objects.get()
    if ended == "changed":
        assert change(cart).status == Registration.Status.CART
    else:
        settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, "expired")]))
    sign(cart)
    again = go_on(cart)
    assert again.startswith("https://stripe.example/")
    assert again != first
    assert go_on(cart) == again, "pressing again is the same session"


def a_changed_cart(event: Event) -> tuple[Registration, Payment]:
    """What cannot be: its session was not closed, and it was changed all the same."""
    cart = people.start(event)
    sign(cart)
    payment = started(Registration.objects.get(pk=cart.pk))
    Registration.objects.filter(pk=cart.pk).update(status=Registration.Status.CART)
    a_participant(cart, "Somebody Else", waiver=None, signed_by="")
    return cart, payment


def test_paid_all_the_same_it_is_not_confirmed_and_a_person_hears_of_it() -> None:
    cart, payment = a_changed_cart(a_race())
    paid(payment)
    assert Registration.objects.get(pk=cart.pk).status == Registration.Status.CART
    assert not Fundraiser.objects.exists()
    assert "The cart was changed after its payment began. Nothing was confirmed." in sentences()


def test_an_entry_that_is_paid_twice_is_told_to_a_person() -> None:
    cart = people.start(a_race())
    sign(cart)
    first = started(Registration.objects.get(pk=cart.pk))
    Payment.objects.filter(pk=first.pk).update(status=Payment.Status.EXPIRED)
    second = started(Registration.objects.get(pk=cart.pk))
    assert first != second
    paid(second)
    paid(first)
    assert "An entry fee was paid twice. Give one of them back." in sentences()


def sentences() -> list[str]:
    return list(Alarm.objects.values_list("sentence", flat=True))


def test_the_first_gift_names_nobody_whom_the_page_does_not_name() -> None:
    cart = a_cart(a_race(), "Amina Warsame", gift_cents=5000)
    Participant.objects.filter(registration=cart).update(page_name="Sunrise Runner")
    assert [line.alias for line in entries.order_of(cart).lines if line.kind == Donation.Kind.GIFT] == [
        "Sunrise Runner"
    ]
    Participant.objects.filter(registration=cart).update(is_protected=True)
    assert entries.order_of(cart).lines[-1].shown == Donation.Shown.ANONYMOUS


def test_stripe_reads_no_name_of_who_enters() -> None:
    cart = people.start(a_race())
    sign(cart)
    payment = started(Registration.objects.get(pk=cart.pk))
    assert cart.participants.get().name not in str(payment.checkout["line_items"])


def test_a_household_with_a_free_entry_that_is_paid_late_has_its_places() -> None:
    cart = people.start(a_race())
    people.add(cart, name="Bo Lind", email="bo@example.org")
    sign(cart)
    Participant.objects.filter(registration=cart, name="Bo Lind").update(price_cents=0)
    payment = started(Registration.objects.get(pk=cart.pk))
    registrations.release(registration_id=cart.pk)
    paid(payment)
    assert Registration.objects.get(pk=cart.pk).status == Registration.Status.CONFIRMED
