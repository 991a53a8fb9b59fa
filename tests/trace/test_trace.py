"""One gift, followed: what each step says while it is not yet, under way, done, or gone wrong."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line as BankRow
from donations.bank.lines import Told
from donations.bank.queries import Part
from donations.disbursements.services import tell_receipt
from donations.giving.models import Donation
from donations.giving.offline import Entered, enter
from donations.giving.order import Line
from donations.giving.queries import receipt_of_link
from donations.giving.settle import settle
from donations.ledger.models import Ledger, OpenItem
from donations.payments.facts import DisputeFact, Facts
from donations.payments.models import BalanceTransaction, Payment, Payout
from pages.trace import State, Step, steps_of
from tests.disbursements.payments import a_payee, sent, treasurer
from tests.factories import a_page, a_payment, a_refund, an_event, paid
from tests.giving.donors import name_of
from tests.payments.test_feed import a_row, read
from tests.receipts.legal import plain

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def a_gift(cents: int = 30_000, **more: object) -> Payment:
    """Its odd cents start at the first lane, whatever number the database gives it."""
    payment = a_payment(a_page(), cents=cents, **more)
    payment.donations.update(start=0)
    paid(payment)
    return payment


def settled(payment: Payment, fee: int = 175) -> BalanceTransaction:
    """Stripe's feed shows the charge."""
    charge = payment.charges.get()
    source = {"id": charge.pk, "metadata": {"payment": name_of(payment)}}
    read(payment.ledger, a_row("charge", payment.amount_cents, fee, source))
    return payment.transactions.get()


def paid_out(charge: BalanceTransaction, automatic: bool = True) -> None:
    """Everything that Stripe holds leaves for the bank; of an automatic payout Stripe says what is in it."""
    read(charge.ledger, a_row("payout", -charge.net_cents, source={"id": "po_1"}))
    if automatic:
        payout = Payout.objects.create(id="po_1", ledger=charge.ledger, is_automatic=True, arrives_at=clock.now())
        BalanceTransaction.objects.filter(ledger=charge.ledger).update(payout=payout)


def at_bank(key: str, cents: int) -> None:
    told = Told("csv", (BankRow(clock.now().date(), cents, f"DEPOSIT {key}"),))
    statement = bank.keep_statement(
        book=Ledger.objects.get(), told=told, name="bank.csv", content=key.encode(), by=treasurer()
    )
    bank.match(line=statement.lines.get(), parts=[Part(OpenItem.objects.get(key=key), cents)])


def steps(payment: Payment) -> dict[str, Step]:
    return {step.title: step for step in steps_of(receipt_of_link(payment.link))}


def states(payment: Payment) -> list[str]:
    return [str(step.state) for step in steps(payment).values()]


def page_of(payment: Payment) -> str:
    answer = Client().get(f"/thanks/{payment.link}/trace")
    assert answer.status_code == 200
    return plain(answer.content.decode())


def test_a_gift_that_just_came_is_received_and_allocated_and_the_rest_is_not_yet() -> None:
    payment = a_gift(5000)
    assert states(payment) == ["done", "not_yet", "done", "not_yet", "not_yet", "not_yet", "not_yet"]
    page = page_of(payment)
    assert "Received Done" in page
    assert "$50.00 from Rosa Delgado. Online, through Stripe." in page
    assert "Stripe has not told us its fee yet." in page
    assert "Source $16.67" in page


def test_the_whole_way_to_the_last_confirmation() -> None:
    payment = a_gift(27_000)
    charge = settled(payment, fee=0)
    paid_out(charge)
    at_bank("payout:po_1", charge.net_cents)
    event = payment.donations.get().event
    for lane in event.beneficiaries.all():
        a_payee(lane)
    payments = sent(event, 9_000, 9_000, 9_000)
    assert states(payment)[3:] == ["done", "done", "done", "under_way"]
    for number, out in enumerate(payments):
        tell_receipt(
            payment=out,
            kind="confirmed",
            received_cents=9_000,
            received_on=date(2026, 12, 1 + number),
            note="",
            by=treasurer(),
        )
    assert set(states(payment)) == {"done"}
    page = page_of(payment)
    assert "Paid $90.00 on" in page
    assert "(Check), for what was owed until then." in page
    assert "Confirmed: received $90.00 on December 3, 2026." in page


def test_an_organization_that_disputes_shows() -> None:
    payment = a_gift()
    charge = settled(payment, fee=0)
    paid_out(charge)
    at_bank("payout:po_1", charge.net_cents)
    event = payment.donations.get().event
    for lane in event.beneficiaries.all():
        a_payee(lane)
    first, *_others = sent(event, 1_000, 1_000, 1_000)
    tell_receipt(payment=first, kind="disputed", received_cents=0, received_on=None, note="No check", by=treasurer())
    assert steps(payment)["Confirmed by them"].state == State.TROUBLE
    assert "It says that something is not right." in page_of(payment)


@pytest.mark.parametrize(
    ("cover", "fee", "words"),
    [
        (0, 175, "The fee pool paid it: sponsors and donors fill it for that."),
        (181, 180, "You paid it: you had added $1.81 for card fees. $0.01 of that stays in the fee pool for others."),
        (100, 175, "You paid $1.00 of it, and the fee pool the other $0.75."),
    ],
)
def test_the_real_fee_is_named_with_who_paid_it(cover: int, fee: int, words: str) -> None:
    payment = a_gift(5000, cover_cents=cover)
    settled(payment, fee)
    page = page_of(payment)
    assert f"Stripe kept ${fee / 100:.2f}. The organizations pay none of it." in page
    assert words in page


def test_of_a_payout_by_hand_nobody_says_what_is_in_it() -> None:
    payment = a_gift(5000)
    charge = settled(payment)
    assert "Stripe holds it. It can be paid out from this day on." in page_of(payment)
    paid_out(charge, automatic=False)
    found = steps(payment)
    assert found["Paid out by Stripe"].state == found["At our bank"].state == State.UNDER_WAY
    assert "Of a payout made by hand Stripe does not say what is in it." in page_of(payment)


def test_a_payout_that_came_back_is_not_at_the_bank() -> None:
    payment = a_gift(5000)
    charge = settled(payment)
    paid_out(charge)
    read(charge.ledger, a_row("payout_failure", charge.net_cents, source={"id": "po_1"}))
    assert steps(payment)["Paid out by Stripe"].state == State.TROUBLE
    assert steps(payment)["At our bank"].state == State.NOT_YET


def test_half_a_payout_at_the_bank_is_under_way() -> None:
    payment = a_gift(5000)
    charge = settled(payment)
    paid_out(charge)
    at_bank("payout:po_1", 1000)
    assert steps(payment)["At our bank"].state == State.UNDER_WAY
    assert "Part of it is on our bank's statement." in page_of(payment)


def test_what_went_back_is_owed_no_more() -> None:
    payment = a_payment(a_page(), cents=3000)
    charge = paid(payment)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 1_000)]))
    page = page_of(payment)
    assert "$10.00 of it went back to you. What follows is what stands." in page
    assert sorted(part.cents for part in steps(payment)["Allocated"].parts) == [666, 667, 667]
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2_000)]))
    assert list(steps(payment)) == ["Received", "Card fee", "Went back to you"]


def test_a_payment_to_an_organization_from_before_the_gift_is_not_its_own() -> None:
    first = a_gift(3_000)
    paid_out(settled(first, fee=0))
    at_bank("payout:po_1", 3_000)
    event = first.donations.get().event
    for lane in event.beneficiaries.all():
        a_payee(lane)
    sent(event, 1_000, 1_000, 1_000)
    later = a_gift(5000)
    assert steps(later)["Paid to the organizations"].state == State.NOT_YET
    assert steps(first)["Paid to the organizations"].state == State.DONE


def test_a_payment_that_is_less_than_the_gift_does_not_call_it_paid() -> None:
    payment = a_gift()
    paid_out(settled(payment, fee=0))
    at_bank("payout:po_1", 30_000)
    event = payment.donations.get().event
    for lane in event.beneficiaries.all():
        a_payee(lane)
    sent(event, 1_000, 1_000, 1_000)
    assert steps(payment)["Paid to the organizations"].state == State.UNDER_WAY
    assert "The rest of it is owed still." in page_of(payment)


def test_money_for_card_fees_ends_in_the_fee_pool() -> None:
    payment = a_payment(event=an_event(), kind=Donation.Kind.FUNDING, cents=10_000)
    paid(payment)
    assert list(steps(payment)) == ["Received", "Card fee", "For the card fees"]
    assert "It is in the fee pool, which pays card fees only." in page_of(payment)


def test_cash_goes_from_our_hands_to_the_bank() -> None:
    line = Line(kind=Donation.Kind.GIFT, amount_cents=4000, name="Rosa Delgado")
    (item,) = enter(event=an_event(), gifts={uuid4(): Entered(line, "", "cash", "", clock.now())})
    page = page_of(item.payment)
    assert "$40.00 from Rosa Delgado. Cash." in page
    assert "None: it did not come by card." in page
    assert "We hold it, and take it to the bank." in page
    assert "Stripe" not in page.partition("Where all the money is")[0].partition("Where your")[2]
    at_bank(item.reference, 4000)
    assert steps(item.payment)["At our bank"].state == State.DONE


def test_before_it_is_paid_there_is_one_step() -> None:
    payment = a_payment(a_page())
    assert states(payment) == ["under_way"]
    Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.EXPIRED)
    assert states(payment) == ["trouble"]


def test_days_are_those_of_the_events_calendar() -> None:
    payment = a_gift(5000)
    late = datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    Donation.objects.filter(payment=payment).update(received_at=late)
    assert "Monday, November 30, 2026" in page_of(payment)
    Donation.objects.filter(payment=payment).update(received_at=payment.created_at)


def test_a_dispute_is_said() -> None:
    payment = a_payment(a_page())
    charge = paid(payment)
    now = clock.now()
    settle(payment.ledger_id, Facts(disputes=[_dispute(charge.id, now)]))
    assert "This payment is disputed at your bank." in page_of(payment)


def _dispute(charge: str, at: datetime) -> DisputeFact:
    return DisputeFact(
        id="du_1",
        charge_id=charge,
        amount_cents=5000,
        currency="usd",
        status="needs_response",
        reason="fraudulent",
        due_at=at + timedelta(days=7),
        moves={"txn_d": 5000},
        told_at=at,
        created_at=at,
    )


def test_it_is_the_donors_own_page() -> None:
    payment = a_gift(5000)
    answer = Client().get(f"/thanks/{payment.link}/trace")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert Client().get(f"/thanks/{uuid4()}/trace").status_code == 404
    assert f"/thanks/{payment.link}/trace" in Client().get(f"/thanks/{payment.link}").content.decode()
