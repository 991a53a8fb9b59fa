"""What goes back, as accounting stories: who pays for it, cent by cent."""

from datetime import timedelta
from typing import Any

import pytest

from donations.giving.models import Donation
from donations.giving.settle import settle
from donations.ledger.models import Alarm, Entry
from donations.payments.facts import ChargeFact, Facts, RefundFact
from donations.payments.models import Payment
from tests.factories import a_charge, a_page, a_payment, a_refund, an_event, paid
from tests.giving.legs import balances, open_keys, owed, raised, table

pytestmark = [pytest.mark.money, pytest.mark.django_db]


def a_given(cents: int = 5001, cover: int = 0, **more: Any) -> tuple[Payment, ChargeFact, Donation]:
    """A gift that was received, with its charge. Odd cents start at the first lane."""
    payment = a_payment(a_page(), cents=cents, cover_cents=cover, **more)
    item = payment.donations.get()
    item.start = 0
    item.save(update_fields=["start"])
    return payment, paid(payment), item


def told(payment: Payment, *refunds: RefundFact) -> None:
    for refund in refunds:
        settle(payment.ledger_id, Facts(refunds=[refund]))


def test_a_gift_with_cover_owes_the_gift_and_funds_the_fees() -> None:
    a_given(cover=182)
    assert table() == [
        ("gift", {"clearing": 5183, "fee_pool": -182, "breaking-free": -1667, "source": -1667, "the-link": -1667})
    ]
    assert raised() == (5001, 1)


def test_partial_refunds_take_what_the_gift_gave_and_never_more() -> None:
    payment, charge, _item = a_given()
    told(payment, a_refund(charge, 2000), a_refund(charge, 1))
    assert table()[1:] == [
        ("refund", {"clearing": -2000, "breaking-free": 667, "source": 667, "the-link": 666}),
        ("refund", {"clearing": -1, "the-link": 1}),
    ]
    assert raised() == (3000, 1)
    told(payment, a_refund(charge, 3000))
    assert balances() == {}
    assert raised() == (0, 0)


def test_a_full_refund_gives_the_cover_back_too() -> None:
    payment, charge, _item = a_given(cover=182)
    told(payment, a_refund(charge, 5183))
    assert balances() == {}
    assert raised() == (0, 0)
    assert open_keys() == {}


def test_a_refund_of_the_gift_leaves_the_cover() -> None:
    payment, charge, _item = a_given(cover=182)
    told(payment, a_refund(charge, 5001))
    assert owed() == [0, 0, 0]
    assert balances() == {"clearing": 182, "fee_pool": -182}


def test_parts_that_the_desk_named_come_before_everything() -> None:
    payment, charge, item = a_given(cover=182)
    settle(payment.ledger_id, Facts(charges=[a_charge(payment)]))
    told(payment, a_refund(charge, 1500, parts={item.reference: 1500}))
    assert owed() == [1167, 1167, 1167], "a named part is taken from the gift though a second charge is there"
    told(payment, a_refund(charge, 5183))
    assert sum(owed()) == 5001 - 1500, "what is not named is the second charge's"


@pytest.mark.parametrize("parts", [{"item:0": 1500}, {"item:999999": 1500}, {"item:": 1}])
def test_a_part_of_another_gift_names_nothing(parts: dict[str, int]) -> None:
    payment, charge, _item = a_given()
    told(payment, a_refund(charge, 1500, parts=parts))
    assert sum(owed()) == 3501


def test_a_named_part_is_never_more_than_its_refund() -> None:
    payment, charge, item = a_given()
    told(payment, a_refund(charge, 100, parts={item.reference: 5001}))
    assert sum(owed()) == 4901


def test_a_refund_that_fails_puts_everything_back() -> None:
    payment, charge, _item = a_given(cover=182)
    refund = a_refund(charge, 5100)
    told(payment, refund)
    before = raised()
    failed = RefundFact(**{name: getattr(refund, name) for name in RefundFact.__slots__} | {"status": "failed"})
    told(payment, failed, failed, refund)
    assert before == (0, 0)
    assert raised() == (5001, 1)
    assert owed() == [1667, 1667, 1667]
    assert [kind for kind, _legs in table()] == ["gift", "refund", "refund"]
    assert table()[1][1] == {account: -cents for account, cents in table()[2][1].items()}


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_first_heard_of_when_it_has_failed_changes_nothing(status: str) -> None:
    payment, charge, _item = a_given()
    told(payment, a_refund(charge, 5001, status=status))
    assert raised() == (5001, 1)
    assert sum(owed()) == 5001


def test_a_second_charge_is_no_second_gift_and_its_refund_costs_nobody() -> None:
    payment, _charge, _item = a_given()
    second = a_charge(payment, created_at=payment.created_at + timedelta(minutes=1))
    settle(payment.ledger_id, Facts(charges=[second]))
    assert raised() == (5001, 1)
    assert Entry.objects.count() == 1
    told(payment, a_refund(second, 5001))
    assert raised() == (5001, 1)
    assert Entry.objects.count() == 1
    told(payment, a_refund(second, 1000))
    assert raised() == (4001, 1)


def test_a_second_charge_told_after_the_refund_gives_the_gift_back() -> None:
    payment, charge, _item = a_given()
    told(payment, a_refund(charge, 5001))
    assert raised() == (0, 0)
    settle(payment.ledger_id, Facts(charges=[a_charge(payment)]))
    assert raised() == (5001, 1)
    assert owed() == [1667, 1667, 1667]


def test_what_goes_back_beyond_the_payment_falls_on_the_fee_pool() -> None:
    payment, charge, _item = a_given(cover=182)
    told(payment, a_refund(charge, 3000), a_refund(charge, 5183))
    assert owed() == [0, 0, 0]
    assert balances() == {"clearing": -3000, "fee_pool": 3000}
    assert raised() == (0, 0)


def test_money_for_the_fees_goes_back_out_of_the_fee_pool() -> None:
    page = a_page()
    payment = a_payment(event=page.event, cents=20_000, kind=Donation.Kind.FUNDING)
    charge = paid(payment)
    told(payment, a_refund(charge, 5000))
    assert table() == [
        ("funding", {"clearing": 20_000, "fee_pool": -20_000}),
        ("refund", {"clearing": -5000, "fee_pool": 5000}),
    ]
    assert raised() == (0, 0)
    assert owed() == [0, 0, 0]


def test_a_refund_told_before_its_charge_waits_for_it() -> None:
    payment = a_payment(a_page(), cents=5001)
    charge = a_charge(payment)
    told(payment, a_refund(charge, 1000))
    assert table() == []
    settle(payment.ledger_id, Facts(charges=[charge]))
    assert raised() == (4001, 1)


def test_a_charge_of_another_sum_and_its_refund_leave_no_entry() -> None:
    payment = a_payment(a_page(), cents=5001)
    charge = a_charge(payment, amount_cents=5000)
    settle(payment.ledger_id, Facts(charges=[charge]))
    told(payment, a_refund(charge, 5000))
    assert table() == []
    assert Alarm.objects.count() == 1


def test_a_refund_in_another_currency_takes_nothing_from_anybody() -> None:
    payment, _charge, _item = a_given()
    foreign = a_charge(payment, currency="eur")
    settle(payment.ledger_id, Facts(charges=[foreign]))
    told(payment, a_refund(foreign, 5001, currency="eur"))
    assert raised() == (5001, 1)
    assert open_keys() == {payment.key: 5001}


def test_a_foreign_charge_is_no_surplus() -> None:
    payment, charge, _item = a_given()
    settle(payment.ledger_id, Facts(charges=[a_charge(payment, currency="eur")]))
    told(payment, a_refund(charge, 5001))
    assert raised() == (0, 0)


def test_one_organization_more_or_less_is_no_matter_to_old_gifts() -> None:
    payment, charge, _item = a_given()
    an_event()
    told(payment, a_refund(charge, 5001))
    assert balances() == {}
