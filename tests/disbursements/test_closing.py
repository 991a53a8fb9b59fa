"""Closing an event: a computed list, the fee pool's surplus by two people, and the public sentence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Role, StaffAct, User
from accounts.services import create_person
from common import clock
from donations.bank import services as bank
from donations.bank.lines import Line, Told
from donations.bank.queries import Part
from donations.disbursements import closing, services
from donations.disbursements.models import Allocation, Disbursement
from donations.disbursements.public import public_money
from donations.disbursements.services import NotNow
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.models import Ledger, OpenItem
from donations.payments.facts import Facts
from donations.payments.models import Charge, Payment
from events.models import Event
from tests.accounts.people import make_staff, sign_in
from tests.disbursements.payments import an_event_with_money, approver, sent, treasurer
from tests.factories import a_charge, a_payment, a_refund, numbers, paid
from tests.giving.donors import name_of
from tests.giving.legs import balances, owed, table
from tests.payments.test_feed import a_row, read

pytestmark = pytest.mark.money
SENTENCE = "100.00% passed on, confirmed by all 3 organizations."


@pytest.fixture(autouse=True)
def _no_bypass_code(settings: object) -> None:
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None  # type: ignore[attr-defined]


@pytest.fixture
def event(db: None) -> Event:
    event = an_event_with_money()
    event.starts_at = clock.now() - timedelta(days=9)
    event.save(update_fields=["starts_at"])
    return event


def cash(payment: Disbursement) -> None:
    """The check is on the bank's statement."""
    book = Ledger.objects.get()
    line = Line(clock.now().date(), -payment.amount_cents, f"CHECK {next(numbers)}")
    told = Told("csv", (line,))
    statement = bank.keep_statement(book=book, told=told, name="bank.csv", content=b"", by=treasurer())
    bank.match(line=statement.lines.get(), parts=[Part(OpenItem.objects.get(key=payment.key), -payment.amount_cents)])


def confirm(payment: Disbursement, cents: int | None = None) -> None:
    services.tell_receipt(
        payment=payment,
        by=create_person(email="anna@breakingfree.example"),
        kind="confirmed",
        received_cents=payment.amount_cents if cents is None else cents,
        received_on=clock.now().date(),
    )


def fill_the_pool(event: Event, cents: int) -> None:
    """Somebody gives for the fees, and Stripe has it."""
    payment = a_payment(event=event, cents=cents, kind=Donation.Kind.FUNDING)
    paid(payment)
    read(
        Ledger.objects.get(),
        a_row("charge", cents, source={"id": f"ch_{uuid4()}", "metadata": {"payment": name_of(payment)}}),
    )


def is_closed(event: Event) -> bool:
    return public_money(event).is_closed


def said(event: Event) -> str:
    return Client().get("/money").content.decode()


def allocate(event: Event, with_surplus: bool = True, by: User | None = None) -> Allocation:
    return closing.propose_allocation(
        event=event, with_surplus=with_surplus, reason="Left over", by=by or treasurer(), token=uuid4()
    )


def test_it_is_closed_when_the_last_organization_has_confirmed_and_not_before(event: Event) -> None:
    payments = sent(event, 10_000, 10_000, 10_000)
    for payment in payments:
        assert not is_closed(event)
        cash(payment)
    for payment in payments:
        assert not is_closed(event)
        assert SENTENCE not in said(event)
        confirm(payment)
    assert is_closed(event)
    assert SENTENCE in said(event)
    assert all(step.is_done for step in steps(event))


def steps(event: Event) -> list[closing.Step]:
    summary = public_money(event)
    return closing.checklist(event, summary.money, summary.confirmed_cents, closing.open_count(event))


def test_a_later_dispute_opens_it_again(event: Event) -> None:
    for payment in (payments := sent(event, 10_000, 10_000, 10_000)):
        cash(payment)
        confirm(payment)
    assert is_closed(event)
    services.tell_receipt(
        payment=payments[0], by=approver(), kind="disputed", received_cents=0, received_on=None, note="Bounced"
    )
    assert not is_closed(event)
    assert SENTENCE not in said(event)


@pytest.mark.parametrize(
    "what", ["a check that was not cashed", "less arrived", "the race is to come", "money came in"]
)
def test_whatever_is_missing_keeps_it_open(what: str, event: Event) -> None:
    payments = sent(event, 10_000, 10_000, 10_000)
    for number, payment in enumerate(payments):
        if number or what != "a check that was not cashed":
            cash(payment)
        confirm(payment, 9_999 if what == "less arrived" and not number else None)
    if what == "the race is to come":
        Event.objects.update(starts_at=clock.now() + timedelta(days=1))
    if what == "money came in":
        paid(a_payment(event=event, cents=300))
    event.refresh_from_db()
    assert not is_closed(event)
    assert sum(not step.is_done for step in steps(event)) == (2 if what == "money came in" else 1)


def test_an_event_that_raised_nothing_says_nothing(db: None) -> None:
    event = an_event_with_money()
    Event.objects.update(starts_at=clock.now() - timedelta(days=9), state="cancelled")
    assert not is_closed(event)


def test_the_surplus_goes_to_the_organizations_by_two_people(event: Event) -> None:
    fill_the_pool(event, 1_000)
    allocation = allocate(event)
    assert allocation.amounts == {"breaking-free": 334, "source": 333, "the-link": 333}
    assert owed() == [10_000, 10_000, 10_000]
    with pytest.raises(NotNow, match="ask somebody else"):
        closing.approve_allocation(allocation=allocation, by=treasurer())
    closing.approve_allocation(allocation=allocation, by=approver())
    assert owed() == [10_334, 10_333, 10_333]
    assert table()[-1] == ("allocation", {"fee_pool": 1000, "breaking-free": -334, "source": -333, "the-link": -333})
    assert "fee_pool" not in balances()
    with pytest.raises(NotNow, match="decided already"):
        closing.approve_allocation(allocation=allocation, by=approver())
    assert "Added from the fee pool" in said(event)


def test_the_database_holds_that_it_takes_two(event: Event) -> None:
    fill_the_pool(event, 1_000)
    allocation = allocate(event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=allocation.pk).update(state="approved", decided_by=allocation.proposed_by)


def test_who_was_paid_too_much_is_lifted_to_zero_first(event: Event) -> None:
    sent(event, 10_000, 10_000, 10_000)
    # A refund of $6 after all was paid: each stands at minus $2.
    refund = a_refund(a_charge(Payment.objects.get(), id=Charge.objects.get().id), 600)
    settle(Ledger.objects.get().pk, Facts(refunds=[refund]))
    read(Ledger.objects.get(), a_row("refund", -600, source={"id": refund.id, "charge": refund.charge_id}))
    assert owed() == [-200, -200, -200]
    with pytest.raises(NotNow, match="nothing to give"):
        allocate(event, with_surplus=False)
    fill_the_pool(event, 1_000)
    money = public_money(event).money
    assert closing.shares_of(event, money, with_surplus=True) == {"breaking-free": 334, "source": 333, "the-link": 333}
    closing.approve_allocation(allocation=allocate(event, with_surplus=False), by=approver())
    assert owed() == [0, 0, 0]
    assert balances()["fee_pool"] == -400


def test_while_something_is_open_the_surplus_waits(event: Event) -> None:
    fill_the_pool(event, 1_000)
    paid(a_payment(event=event, cents=300))
    with pytest.raises(NotNow, match="still open"):
        allocate(event)


def test_sums_that_changed_since_are_not_approved(event: Event) -> None:
    fill_the_pool(event, 1_000)
    allocation = allocate(event)
    fill_the_pool(event, 500)
    with pytest.raises(NotNow, match="have changed"):
        closing.approve_allocation(allocation=allocation, by=approver())
    with pytest.raises(NotNow, match="Another allocation waits"):
        allocate(event)


def test_an_empty_pool_has_nothing_to_give(event: Event) -> None:
    with pytest.raises(NotNow, match="nothing to give"):
        allocate(event)


def test_the_desk_proposes_and_another_person_approves(event: Event) -> None:
    fill_the_pool(event, 1_000)
    treasury = sign_in(Client(), make_staff(Role.TREASURER, Role.APPROVER, email="tina@example.org"))
    shown = treasury.get("/desk/closing/allocate").content.decode()
    assert "Breaking Free $3.34" in shown
    data = {"what": "surplus", "reason": "Left over", "form_token": str(uuid4())}
    assert treasury.post("/desk/closing/allocate", {**data, "reason": ""}).status_code == 422
    for _press in range(2):
        assert treasury.post("/desk/closing/allocate", data).headers["Location"] == "/desk/closing"
    allocation = Allocation.objects.get()
    treasury.post(f"/desk/closing/allocations/{allocation.pk}/approve")
    assert owed() == [10_000, 10_000, 10_000]
    other = sign_in(Client(), make_staff(Role.APPROVER, email="otto@example.org"))
    assert "Giving from the fee pool waits for approval" in other.get("/desk").content.decode()
    assert "Approve $10.00" in other.get("/desk/closing").content.decode()
    other.post(f"/desk/closing/allocations/{allocation.pk}/approve")
    assert owed() == [10_334, 10_333, 10_333]
    assert [act.verb for act in StaffAct.objects.order_by("pk")][-1] == "approved an allocation"


def test_giving_from_the_pool_takes_a_fresh_second_factor(event: Event) -> None:
    stale = sign_in(Client(), make_staff(Role.TREASURER, Role.APPROVER), mfa_seconds_ago=86_400)
    for path in ("/desk/closing/allocate", "/desk/closing/allocations/1/approve", "/desk/disbursements/hold-back"):
        assert "reauthenticate" in stale.post(path).headers["Location"]


def test_the_hold_back_is_set_shown_and_ended(event: Event) -> None:
    treasury = sign_in(Client(), make_staff(Role.TREASURER, email="tina@example.org"))
    path = "/desk/disbursements/hold-back"
    assert treasury.post(path, {"percent": "101", "days": "9"}).status_code == 422
    assert treasury.post(path, {"percent": "10", "days": "60"}).status_code == 302
    assert "10% of what is set aside is held back until" in said(event)
    assert [lane.held_cents for lane in public_money(event).lanes] == [1_000, 1_000, 1_000]
    with pytest.raises(NotNow, match=r"\$90.00 now"):
        sent(event, 9_500)
    treasury.post(path, {"percent": "0", "days": "1"})
    assert "held back" not in said(event)
    assert public_money(event).held_cents == 0
    assert sent(event, 9_500)
    assert [act.target for act in StaffAct.objects.all()] == ["0% for 1 days", "10% for 60 days"]
