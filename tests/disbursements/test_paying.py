"""Paying the organizations: two people, never more than there is or is owed, and the books after every step."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import Role
from accounts.services import create_person, grant_role
from common import clock
from donations.disbursements import services
from donations.disbursements.models import Batch, Disbursement, Method, Receipt
from donations.disbursements.queries import proposal, purse_of
from donations.disbursements.services import COOLING, NotNow
from donations.giving.settle import settle
from donations.ledger.models import Ledger
from donations.payments import gateway
from donations.payments.facts import Facts, RefundFact
from donations.payments.models import Charge
from events.models import Event
from outreach.models import OutboxMail
from tests.disbursements.payments import (
    a_payee,
    an_event_with_money,
    approved,
    approver,
    arrive,
    propose,
    sent,
    treasurer,
)
from tests.factories import a_page, a_payment, paid
from tests.giving.legs import balances, open_keys, owed, table
from tests.payments.test_feed import a_row, read
from tests.tools.fixtures.databases import CommittedDatabase

pytestmark = pytest.mark.money


@pytest.fixture
def event(db: None) -> Event:
    return an_event_with_money()


def test_what_is_proposed_is_all_that_is_free_and_what_is_sent_is_owed_no_more(event: Event) -> None:
    amounts = proposal(purse_of(event, Ledger.objects.get()))
    assert list(amounts.values()) == [10_000, 10_000, 10_000]
    sent(event, *amounts.values())
    assert owed() == [0, 0, 0]
    assert table()[-1] == ("disbursement", {"the-link": 10_000, "in_transit": -10_000})
    assert sorted(open_keys().values()) == [-10_000, -10_000, -10_000]


def test_a_proposal_or_an_approval_moves_no_money(event: Event) -> None:
    approved(event, 10_000)
    assert owed() == [10_000, 10_000, 10_000]


def test_more_than_an_organization_is_owed_is_refused(event: Event) -> None:
    with pytest.raises(NotNow, match=r"Breaking Free can be paid \$100.00 now"):
        propose(event, 10_001)


def test_what_is_promised_already_is_not_promised_again(event: Event) -> None:
    propose(event, 6_000)
    with pytest.raises(NotNow, match=r"\$40.00 now"):
        propose(event, 6_000)


def test_the_bank_is_asked_and_not_what_is_on_its_way_to_it(db: None) -> None:
    event = an_event_with_money(banked=5_000)
    with pytest.raises(NotNow, match=r"The bank has \$50.00"):
        propose(event, 6_000)
    arrive(Ledger.objects.get(), 25_000)
    assert propose(event, 6_000).disbursements.count() == 1


def test_a_negative_stripe_balance_is_taken_off_what_the_bank_may_pay(event: Event) -> None:
    read(Ledger.objects.get(), a_row("refund", -15_000, source={"id": "re_1", "charge": "ch_x"}))
    assert purse_of(event, Ledger.objects.get()).bank_cents == 15_000


def test_while_there_is_less_than_is_owed_each_gets_the_same_part(event: Event) -> None:
    read(Ledger.objects.get(), a_row("stripe_fee", -6_000))
    purse = purse_of(event, Ledger.objects.get())
    assert (purse.is_short, sorted(proposal(purse).values())) == (True, [8_000, 8_000, 8_000])
    with pytest.raises(NotNow, match="the same part"):
        propose(event, 9_000, 5_000, 5_000)
    assert propose(event, 8_000, 8_000, 8_000).disbursements.count() == 3


def test_a_hold_back_keeps_a_part_for_late_disputes(event: Event) -> None:
    services.hold_back(event=event, percent=10, days=30, by=treasurer())
    with pytest.raises(NotNow, match=r"\$90.00 now"):
        propose(event, 9_001)
    sent(event, 9_000, 9_000, 9_000)
    assert [lane.free_cents for lane in purse_of(event, Ledger.objects.get()).lanes] == [0, 0, 0]


def test_who_proposed_cannot_approve(event: Event) -> None:
    batch = propose(event, 1_000)
    with pytest.raises(NotNow, match="ask somebody else"):
        services.approve(batch=batch, by=treasurer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="approved", decided_by=batch.proposed_by)


def test_nothing_is_sent_before_it_is_approved(event: Event) -> None:
    payment = propose(event, 1_000).disbursements.get()
    with pytest.raises(NotNow, match="not approved"):
        services.mark_sent(payment=payment, by=treasurer(), evidence="check 1")


def test_sent_twice_is_in_the_books_once(event: Event) -> None:
    payment = sent(event, 1_000)[0]
    with pytest.raises(NotNow, match="sent already"):
        services.mark_sent(payment=payment, by=treasurer(), evidence="check 2")
    assert owed()[0] == 9_000


def test_a_changed_account_cools_for_three_days(event: Event) -> None:
    lane = event.beneficiaries.all()[0]
    services.set_payee(beneficiary=lane, method=Method.ACH, account="ends in 4321", by=treasurer())
    with pytest.raises(NotNow, match="Breaking Free was changed"):
        propose(event, 1_000)


def test_an_account_that_changed_after_the_proposal_stops_it(event: Event) -> None:
    batch = propose(event, 1_000)
    lane = event.beneficiaries.all()[0]
    services.set_payee(beneficiary=lane, method=Method.ACH, account="ends in 4321", by=treasurer())
    with pytest.raises(NotNow, match="changed since"):
        services.approve(batch=batch, by=approver())


def test_a_withdrawn_batch_frees_what_it_promised(event: Event) -> None:
    batch = propose(event, 10_000)
    services.withdraw(batch=batch, by=treasurer())
    assert propose(event, 10_000).disbursements.count() == 1


def test_what_came_back_is_owed_again_and_nothing_stays_open(event: Event) -> None:
    payment = sent(event, 10_000)[0]
    services.mark_returned(payment=payment)
    assert owed() == [10_000, 10_000, 10_000]
    assert open_keys() == {}
    with pytest.raises(NotNow):
        services.mark_returned(payment=payment)


def test_a_refund_after_the_payment_is_advanced_by_the_fee_pool_and_stops_the_next_payment(event: Event) -> None:
    sent(event, 10_000, 10_000, 10_000)
    payment = a_payment(a_page(event=event, name="Next"), cents=300)
    paid(payment)
    assert sum(lane.free_cents for lane in purse_of(event, Ledger.objects.get()).lanes) == 300
    with pytest.raises(NotNow, match="bank has"):
        propose(event, 100)


def test_the_same_form_twice_is_one_batch(event: Event) -> None:
    token, lane = uuid4(), event.beneficiaries.all()[0]
    batches = [
        services.propose(event=event, amounts={lane.pk: 100}, by=treasurer(), token=token) for _press in range(2)
    ]
    assert batches[0] == batches[1]


def test_the_organization_says_what_it_received_and_its_last_word_counts(event: Event) -> None:
    payment = sent(event, 10_000)[0]
    said: dict[str, Any] = {"payment": payment, "by": create_person(email="anna@breakingfree.example")}
    services.tell_receipt(**said, kind=Receipt.Kind.DISPUTED, received_cents=9_000, received_on=None, note="short")
    lane = purse_of(event, Ledger.objects.get()).lanes[0]
    assert (lane.paid_cents, lane.confirmed_cents, lane.disputed_cents) == (10_000, 0, 10_000)
    services.tell_receipt(**said, kind=Receipt.Kind.CONFIRMED, received_cents=10_000, received_on=date(2026, 12, 20))
    lane = purse_of(event, Ledger.objects.get()).lanes[0]
    assert (lane.paid_cents, lane.confirmed_cents, lane.disputed_cents) == (10_000, 10_000, 0)


class Stripe:
    """Stands in for the gateway: how often it was asked, and what it answers."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.keys = list(answers), list[str]()

    def __call__(self, _cents: int, *, idempotency_key: str, **_more: object) -> str:
        self.keys.append(idempotency_key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)


@pytest.fixture
def by_stripe(event: Event) -> Disbursement:
    """An approved payment that Stripe sends, with as much in its balance."""
    lane = event.beneficiaries.all()[0]
    a_payee(lane, Method.TRANSFER, "acct_breaking_free")
    read(Ledger.objects.get(), a_row("topup", 10_000, source={"id": "tu_1"}))
    return approved(event, 10_000)[0]


def test_a_transfer_meets_its_transaction_in_clearing(by_stripe: Disbursement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "create_transfer", Stripe("tr_1"))
    services.send_transfer(payment=by_stripe, by=treasurer())
    assert open_keys()[by_stripe.key] == -10_000
    source = {"id": "tr_1", "metadata": {"disbursement": str(by_stripe.token)}}
    read(Ledger.objects.get(), a_row("transfer", -10_000, source=source))
    assert by_stripe.key not in open_keys()
    read(Ledger.objects.get(), a_row("transfer_reversal", 10_000, source={"id": "trr_1", "transfer": "tr_1"}))
    services.mark_returned(payment=by_stripe)
    assert by_stripe.key not in open_keys()
    assert owed()[0] == 10_000


def test_a_silent_stripe_is_asked_again_with_the_same_key(
    by_stripe: Disbursement, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe = Stripe(gateway.Unavailable("no answer"), "tr_1")
    monkeypatch.setattr(gateway, "create_transfer", stripe)
    with pytest.raises(gateway.Unavailable):
        services.send_transfer(payment=by_stripe, by=treasurer())
    by_stripe.refresh_from_db()
    assert (by_stripe.state, owed()[0]) == (Disbursement.State.SENDING, 10_000)
    services.send_transfer(payment=by_stripe, by=treasurer())
    assert len(set(stripe.keys)) == 1
    assert owed()[0] == 0


def test_what_stripe_refuses_waits_again(by_stripe: Disbursement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "create_transfer", Stripe(gateway.Refused("Insufficient funds")))
    with pytest.raises(gateway.Refused):
        services.send_transfer(payment=by_stripe, by=treasurer())
    by_stripe.refresh_from_db()
    assert (by_stripe.state, owed()[0]) == (Disbursement.State.WAITING, 10_000)


def test_a_receipt_cannot_be_changed(event: Event) -> None:
    payment = sent(event, 10_000)[0]
    receipt = services.tell_receipt(
        payment=payment, by=approver(), kind="confirmed", received_cents=10_000, received_on=date(2026, 12, 20)
    )
    with pytest.raises(Exception, match="only ever added"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(received_cents=1)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
def test_two_hundred_rounds_of_twenty_treasurers_never_promise_a_cent_twice(committed_db: CommittedDatabase) -> None:
    event = an_event_with_money(cents=30_000)
    lane = event.beneficiaries.all()[0]
    errors: list[Exception] = []
    together = Barrier(20)

    def press() -> None:
        try:
            together.wait()
            for _round in range(200):
                try:
                    propose(event, 37)
                except NotNow:
                    continue
        except Exception as error:  # noqa: BLE001 - a thread's failure is told by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    promised = sum(lane.disbursements.values_list("amount_cents", flat=True))
    assert promised == 10_000 // 37 * 37
    assert balances()["bank"] == 30_000
    assert timedelta(hours=72) == COOLING


def test_what_went_back_after_the_approval_is_not_paid(event: Event) -> None:
    payments = approved(event, 10_000, 10_000, 10_000)
    charge = Charge.objects.get()
    fact = RefundFact("re_all", charge.pk, 30_000, "usd", "succeeded", {}, clock.now())
    settle(Ledger.objects.get().pk, Facts(refunds=[fact]))
    with pytest.raises(NotNow, match="less than when this was proposed"):
        services.mark_sent(payment=payments[0], by=treasurer(), evidence="check 1")
    assert owed() == [0, 0, 0]


def test_what_the_organization_confirmed_does_not_come_back(event: Event) -> None:
    payment = sent(event, 10_000)[0]
    services.tell_receipt(
        payment=payment,
        kind=Receipt.Kind.CONFIRMED,
        by=treasurer(),
        received_cents=10_000,
        received_on=clock.now().date(),
    )
    with pytest.raises(NotNow, match="Ask them first"):
        services.mark_returned(payment=payment)


def test_a_gift_that_stripe_has_not_settled_yet_makes_nobody_short(event: Event) -> None:
    paid(a_payment(event.fundraisers.get(), cents=300))
    assert not purse_of(event, Ledger.objects.get()).is_short
    propose(event, 1_000)


def test_a_change_of_the_account_is_told_to_the_organization_and_the_approvers(event: Event) -> None:
    lane = event.beneficiaries.all()[0]
    grant_role(user=create_person(email="finance@example.org"), role=Role.CHARITY, beneficiary_slug=lane.slug)
    grant_role(user=approver(), role=Role.APPROVER)
    OutboxMail.objects.all().delete()
    services.set_payee(beneficiary=lane, method=Method.ACH, account="Evil Bank, 6666", by=treasurer())
    mails = OutboxMail.objects.order_by("to")
    assert [mail.to for mail in mails] == ["approver@example.org", "finance@example.org"]
    assert all("Evil Bank, 6666" in mail.context["body"] for mail in mails)


def test_a_transfer_whose_answer_was_lost_is_found_again_after_its_key_is_forgotten(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane = event.beneficiaries.all()[0]
    a_payee(lane, Method.TRANSFER, "acct_1")
    read(Ledger.objects.get(), a_row("topup", 20_000, source={"id": "tu_9"}))
    payment = approved(event, 1_000)[0]
    made: list[int] = []

    def lost(cents: int, **_more: Any) -> str:
        made.append(cents)
        raise gateway.Unavailable

    monkeypatch.setattr(gateway, "create_transfer", lost)
    monkeypatch.setattr(gateway, "find_transfer", lambda _token: "tr_1" if made else "")
    with pytest.raises(gateway.Unavailable):
        services.send_transfer(payment=payment, by=treasurer())
    services.send_transfer(payment=payment, by=treasurer())
    payment.refresh_from_db()
    assert (payment.state, payment.evidence, made) == (Disbursement.State.SENT, "tr_1", [1_000])
