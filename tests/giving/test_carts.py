"""A household's registration in one payment: its fees, its first gift, its places and its pages."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from donations.giving import entries
from donations.giving.models import Donation
from donations.giving.queries import money_of
from donations.giving.settle import settle
from donations.payments.facts import Facts, SessionFact
from donations.payments.models import Payment
from events.models import Event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail
from registration.models import Participant, Registration
from tests.factories import a_charge, a_refund, an_event, paid

pytestmark = pytest.mark.money


def a_held_cart(*prices: int, gift_cents: int = 0, event: Event | None = None, **more: Any) -> Registration:
    """A household whose places are held: a runner at each price."""
    event = event or an_event()
    fields = {"name": "Maria Delgado", "email": "maria@example.org", "status": Registration.Status.HELD} | more
    cart = Registration.objects.create(event=event, gift_cents=gift_cents, **fields)
    cart.held_until = clock.now() + timedelta(minutes=35)
    option = event.options.all()[0]
    for number, cents in enumerate(prices, start=1):
        Participant.objects.create(
            registration=cart, option=option, fair_value_cents=option.fair_value_cents,
            name=f"Runner {number}", page_name=f"Runner {number}",
            age=30, price_cents=cents, emergency_name="Ana", emergency_phone="612", signed_by="Maria Delgado",
        )  # fmt: skip
    return cart


def started(cart: Registration) -> Payment:
    payment = entries.start(cart)
    assert payment
    return payment


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Everything here is rows."""


def test_a_cart_is_one_payment_with_an_item_a_person() -> None:
    payment = started(a_held_cart(3500, 3000, gift_cents=5000))
    assert payment.amount_cents == 11500
    assert [item.kind for item in payment.donations.order_by("pk")] == ["registration", "registration", "gift"]


def test_starting_it_again_is_the_same_payment() -> None:
    cart = a_held_cart(3500)
    assert started(cart) == started(cart)


def test_paid_it_confirms_the_places_and_makes_a_page_for_each() -> None:
    cart = a_held_cart(3500, 3000)
    paid(started(cart))
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED
    assert [page.name for page in Fundraiser.objects.order_by("bib")] == ["Runner 1", "Runner 2"]
    assert {page.email for page in Fundraiser.objects.all()} == {"maria@example.org"}


def test_told_twice_it_makes_no_second_page() -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(charges=[charge]))
    assert Fundraiser.objects.count() == 1


def test_fees_are_owed_to_the_three_and_are_on_no_page() -> None:
    cart = a_held_cart(3500, 3000)
    paid(started(cart))
    money = money_of(cart.event)
    assert (money.received_cents, sum(lane.cents for lane in money.lanes)) == (6500, 6500)
    assert [(page.raised_cents, page.gift_count) for page in Fundraiser.objects.all()] == [(0, 0), (0, 0)]
    cart.event.refresh_from_db()
    assert cart.event.raised_cents == 0


def test_the_first_gift_is_on_the_page_that_the_same_payment_made() -> None:
    cart = a_held_cart(3500, gift_cents=5000)
    paid(started(cart))
    page = Fundraiser.objects.get()
    assert (page.raised_cents, page.gift_count) == (5000, 1)
    assert Donation.objects.get(kind="gift").fundraiser == page


def test_who_registers_gets_one_receipt_that_names_every_item() -> None:
    paid(started(a_held_cart(3500, 3000, gift_cents=5000)))
    receipt = OutboxMail.objects.get(key__startswith="receipt:")
    assert [row["cents"] for row in receipt.context["items"]] == [3500, 3000, 5000]
    assert receipt.context["total_cents"] == 11500
    assert not OutboxMail.objects.filter(key__startswith="gift:").exists()


def test_a_free_cart_is_confirmed_without_stripe() -> None:
    cart = a_held_cart(0)
    assert entries.start(cart) is None
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED
    assert (Payment.objects.count(), Fundraiser.objects.count()) == (0, 1)


def test_a_free_place_beside_a_paid_one_is_confirmed_with_it() -> None:
    payment = started(a_held_cart(3500, 0))
    assert payment.donations.count() == 1
    paid(payment)
    assert Fundraiser.objects.count() == 2


@pytest.mark.parametrize("status", ["expired", "failed"])
def test_a_payment_that_is_over_gives_the_places_back(status: str) -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, status)]))
    cart.refresh_from_db()
    assert cart.status == Registration.Status.RELEASED


def test_a_bank_debit_on_its_way_keeps_the_places() -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, "processing")]))
    cart.refresh_from_db()
    assert cart.status == Registration.Status.HELD


def test_paid_after_all_it_is_confirmed_and_a_person_is_told() -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, "expired")]))
    paid(payment)
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED
    assert payment.ledger.alarms.count() == 1


def test_the_news_that_it_expired_told_after_it_was_paid_changes_nothing() -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    paid(payment)
    settle(payment.ledger_id, Facts(sessions=[SessionFact(payment.token, "expired")]))
    cart.refresh_from_db()
    assert cart.status == Registration.Status.CONFIRMED


def test_only_the_entry_that_is_named_goes_back() -> None:
    payment = started(a_held_cart(3500, 3000, gift_cents=5000))
    charge = paid(payment)
    first, second, gift = payment.donations.order_by("pk")
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 3000, parts={second.reference: 3000})]))
    for item in (first, second, gift):
        item.refresh_from_db()
    assert [item.returned_cents for item in (first, second, gift)] == [0, 3000, 0]
    assert Fundraiser.objects.order_by("bib")[0].raised_cents == 5000


def test_what_names_no_part_is_taken_from_the_gift_first() -> None:
    payment = started(a_held_cart(3500, gift_cents=5000))
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 6000)]))
    fee, gift = payment.donations.order_by("pk")
    assert (fee.returned_cents, gift.returned_cents) == (1000, 5000)


def test_a_charge_of_another_sum_makes_no_place() -> None:
    cart = a_held_cart(3500)
    payment = started(cart)
    settle(payment.ledger_id, Facts(charges=[a_charge(payment, amount_cents=100)]))
    cart.refresh_from_db()
    assert cart.status == Registration.Status.HELD
    assert not Fundraiser.objects.exists()


def test_places_of_a_browser_that_died_before_the_payment_come_back_with_the_sweep() -> None:
    dead, paying = a_held_cart(3500), a_held_cart(3000)
    Registration.objects.update(held_until=clock.now() - timedelta(minutes=11))
    started(paying)
    entries.release_forgotten()
    dead.refresh_from_db()
    paying.refresh_from_db()
    assert (dead.status, paying.status) == (Registration.Status.RELEASED, Registration.Status.HELD)


def test_a_gift_for_somebody_who_was_taken_out_meanwhile_is_the_events() -> None:
    payment = started(a_held_cart(3500, 3000, gift_cents=5000))
    gift = payment.donations.get(kind="gift")
    assert gift.participant
    Participant.objects.filter(pk=gift.participant.pk).update(status=Participant.Status.REMOVED)
    paid(payment)
    gift.refresh_from_db()
    assert (gift.fundraiser, gift.received_at is not None) == (None, True)
    gift.event.refresh_from_db()
    assert gift.event.raised_cents == 5000
