"""Disputes, as accounting stories: what was withdrawn went back, what was won came again, by what moved."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from common import clock
from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.models import Entry
from donations.payments.facts import ChargeFact, DisputeFact, Facts, dispute_fact
from donations.payments.models import Dispute, Payment
from tests.factories import a_refund, numbers
from tests.giving.legs import balances, open_keys, owed, raised, table
from tests.giving.test_returns import a_given

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def a_dispute(charge: ChargeFact, status: str = "needs_response", minutes: int = 0, **moves: int) -> DisputeFact:
    """News of the charge's dispute: `moves` are what its transactions moved, withdrawn positive."""
    made = charge.created_at + timedelta(days=1)
    return DisputeFact(
        id=f"du_{charge.id}",
        charge_id=charge.id,
        amount_cents=charge.amount_cents,
        currency="usd",
        status=status,
        reason="fraudulent",
        due_at=made + timedelta(days=7),
        moves=moves,
        told_at=made + timedelta(minutes=minutes),
        created_at=made,
    )


def tell(payment: Payment, *disputes: DisputeFact) -> None:
    for dispute in disputes:
        settle(payment.ledger_id, Facts(disputes=[dispute]))


def test_what_was_withdrawn_is_owed_no_more_and_a_charity_pays_no_cover() -> None:
    payment, charge, _item = a_given(cover=182)
    tell(payment, a_dispute(charge, txn_1=5183))
    assert table()[1] == (
        "refund",
        {"clearing": -5183, "fee_pool": 182, "breaking-free": 1667, "source": 1667, "the-link": 1667},
    )
    assert (owed(), raised()) == ([0, 0, 0], (0, 0))


def test_an_inquiry_moves_nothing() -> None:
    payment, charge, _item = a_given()
    tell(payment, a_dispute(charge, "warning_needs_response"), a_dispute(charge, "warning_closed", 5))
    assert len(table()) == 1
    assert Dispute.objects.get().status == "warning_closed"


def test_won_it_comes_back_to_the_cent() -> None:
    payment, charge, _item = a_given()
    tell(payment, a_dispute(charge, txn_1=5001), a_dispute(charge, "won", 5, txn_1=5001, txn_2=-5001))
    assert (sum(owed()), raised()) == (5001, (5001, 1))
    assert open_keys() == {payment.key: 5001}


def test_partly_won_goes_by_what_moved_and_not_by_the_word() -> None:
    payment, charge, _item = a_given()
    tell(payment, a_dispute(charge, txn_1=5001), a_dispute(charge, "lost", 5, txn_1=5001, txn_2=-2000))
    assert (sum(owed()), raised()) == (2000, (2000, 1))


def test_a_late_win_after_it_was_lost_counts() -> None:
    payment, charge, _item = a_given()
    tell(payment, a_dispute(charge, txn_1=5001), a_dispute(charge, "lost", 5, txn_1=5001))
    tell(payment, a_dispute(charge, "won", 90, txn_1=5001, txn_2=-5001))
    assert raised() == (5001, 1)


def test_the_whole_charge_disputed_after_a_part_was_refunded_costs_the_fee_pool_the_difference() -> None:
    payment, charge, _item = a_given(cents=5000)
    settle(payment.ledger_id, Facts(refunds=[a_refund(charge, 2000)]))
    tell(payment, a_dispute(charge, txn_1=5000))
    assert owed() == [0, 0, 0], "no organization pays for what the bank took twice"
    assert balances()["fee_pool"] == 2000


def test_told_again_it_moves_nothing() -> None:
    payment, charge, _item = a_given()
    news = a_dispute(charge, txn_1=5001)
    tell(payment, news, news, news)
    assert Entry.objects.count() == 2


def test_older_news_told_later_does_not_turn_the_status_back() -> None:
    payment, charge, _item = a_given()
    first, last = a_dispute(charge, txn_1=5001), a_dispute(charge, "won", 5, txn_1=5001, txn_2=-5001)
    tell(payment, last, first)
    assert Dispute.objects.get().status == "won"
    assert raised() == (5001, 1)


def test_of_news_of_one_second_the_later_in_its_life_stays_whatever_comes_last() -> None:
    payment, charge, _item = a_given()
    reviewed, won = (
        a_dispute(charge, "under_review", 5, txn_1=5001),
        a_dispute(charge, "won", 5, txn_1=5001, txn_2=-5001),
    )
    for order in ((reviewed, won), (won, reviewed)):
        tell(payment, *order)
        assert Dispute.objects.get().status == "won"


def test_news_in_any_order_and_with_any_of_it_lost_ends_in_the_same_books() -> None:
    ends = set()
    for order in permutations(range(4)):
        payment, charge, item = a_given_again()
        news = [
            Facts(refunds=[a_refund(charge, 1000)]),
            Facts(disputes=[a_dispute(charge, txn_a=5001)]),
            Facts(disputes=[a_dispute(charge, "under_review", 2, txn_a=5001, txn_b=-3000)]),
            Facts(disputes=[a_dispute(charge, "won", 5, txn_a=5001, txn_b=-3000, txn_c=-2001)]),
        ]
        for place in order:
            settle(payment.ledger_id, news[place])
        item.refresh_from_db()
        ends.add((item.returned_cents, open_keys()[payment.key]))
    assert ends == {(1000, 4001)}


def a_given_again() -> tuple[Payment, ChargeFact, Donation]:
    return a_given(name=f"Donor {next(numbers)}")


def test_a_dispute_told_before_its_charge_waits_for_it() -> None:
    payment, charge, _item = a_given()
    stranger = a_dispute(charge, txn_1=5001)
    settle(payment.ledger_id, Facts(disputes=[stranger]))
    settle(payment.ledger_id, Facts(charges=[charge]))
    assert raised() == (0, 0)


def test_only_transactions_of_the_disputes_own_currency_are_read() -> None:
    told: dict[str, Any] = {
        "id": "du_1", "charge": "ch_1", "amount": 5000, "currency": "usd", "status": "needs_response",
        "created": 1_760_000_000, "evidence_details": {"due_by": 1_760_600_000},
        "balance_transactions": [
            {"id": "txn_1", "amount": -5000, "fee": 1500, "currency": "usd"},
            {"id": "txn_2", "amount": -4000, "fee": 0, "currency": "eur"},
        ],
    }  # fmt: skip
    assert dispute_fact(told, clock.now()).moves == {"txn_1": 5000}
