"""Transfers that broke off while they were sent: the background work asks again, and tells a person of a no."""

import pytest

from donations.disbursements import services, tasks
from donations.disbursements.models import Disbursement, Method
from donations.ledger.models import Alarm, Ledger
from donations.payments import gateway
from events.models import Event
from tests.disbursements.payments import a_payee, an_event_with_money, approved, treasurer
from tests.disbursements.test_paying import Stripe
from tests.giving.legs import owed
from tests.payments.test_feed import a_row, read

pytestmark = pytest.mark.money


@pytest.fixture
def event(db: None) -> Event:
    return an_event_with_money()


@pytest.fixture
def broken_off(event: Event, monkeypatch: pytest.MonkeyPatch) -> Disbursement:
    """A transfer that Stripe did not answer."""
    a_payee(event.beneficiaries.all()[0], Method.TRANSFER, "acct_breaking_free")
    read(Ledger.objects.get(), a_row("topup", 10_000, source={"id": "tu_1"}))
    payment = approved(event, 10_000)[0]
    monkeypatch.setattr(gateway, "create_transfer", Stripe(gateway.Unavailable("no answer")))
    with pytest.raises(gateway.Unavailable):
        services.send_transfer(payment=payment, by=treasurer())
    return payment


def test_it_is_asked_for_again_and_sent_once(broken_off: Disbursement, monkeypatch: pytest.MonkeyPatch) -> None:
    stripe = Stripe("tr_1")
    monkeypatch.setattr(gateway, "create_transfer", stripe)
    for _turn in range(2):
        tasks.send_transfers()
    broken_off.refresh_from_db()
    assert (broken_off.state, broken_off.evidence, owed()[0]) == ("sent", "tr_1", 0)
    assert broken_off.sent_by == treasurer()
    assert stripe.keys == [f"disbursement-{broken_off.token}"]


def test_a_silent_stripe_is_asked_at_the_next_turn(broken_off: Disbursement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "create_transfer", Stripe(gateway.Unavailable("no answer"), "tr_1"))
    tasks.send_transfers()
    assert owed()[0] == 10_000
    tasks.send_transfers()
    assert owed()[0] == 0


def test_a_no_is_told_to_a_person_and_the_payment_waits(
    broken_off: Disbursement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "create_transfer", Stripe(gateway.Refused("No such destination")))
    tasks.send_transfers()
    broken_off.refresh_from_db()
    assert (broken_off.state, owed()[0]) == ("waiting", 10_000)
    assert "No such destination" in Alarm.objects.get(reference=broken_off.key).sentence
