"""check_books sees what is wrong with a gift without Stripe."""

from datetime import timedelta

import pytest

from common import clock
from donations.giving.checks import check_books
from donations.giving.models import Donation
from donations.ledger.models import OpenItem
from donations.payments.models import Charge, Payment, Refund
from tests.factories import a_page
from tests.offline.at_table import entered, took_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Donation:
    return entered(page=a_page().bib)


def found() -> str:
    return "\n".join(check_books().findings)


def test_right_books_have_no_finding(item: Donation) -> None:
    took_back(item, "bounced")
    assert found() == ""


def test_stripes_charge_on_a_check_is_named(item: Donation) -> None:
    Charge.objects.create(
        id="ch_1", payment=item.payment, amount_cents=1, currency="usd", status="failed", created_at=clock.now()
    )
    assert "came by check and has ch_1" in found()


def test_a_check_that_turned_into_a_card_is_named(item: Donation) -> None:
    Payment.objects.update(method="stripe")
    assert f"came by stripe and has hand:{item.pk}" in found()
    assert f"{item.reference} does not have the entry" in found()


def test_a_transfer_in_the_cash_box_is_named(item: Donation) -> None:
    Payment.objects.update(method="transfer")
    assert f"{item.reference} does not have the entry" in found()


def test_a_bounce_that_is_not_in_the_books_is_named(item: Donation) -> None:
    Refund.objects.create(
        id="back:1",
        charge_id=f"hand:{item.pk}",
        amount_cents=5000,
        currency="usd",
        status="succeeded",
        created_at=clock.now(),
    )
    assert "refunds that are not in the books" in found()


def test_a_bounce_out_of_the_wrong_account_is_named(item: Donation) -> None:
    took_back(item, "bounced")
    Refund.objects.update(from_bank=False)
    assert "refunds that are not in the books" in found()


def test_a_gift_that_was_never_said_to_be_here_is_named(item: Donation) -> None:
    Charge.objects.all().delete()
    Donation.objects.update(received_at=None)
    assert f"entry {item.reference} is the gift of no item" in found()


def test_a_check_that_lies_about_for_weeks_is_overdue(item: Donation) -> None:
    OpenItem.objects.update(opened_at=clock.now() - timedelta(days=15))
    assert f"undeposited {item.reference} is open at $50.00" in found()
