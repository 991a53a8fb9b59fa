"""Refunds: partial, full, late, failing, refused."""

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, client_of, event_types, opened, paid

PENDING, FAILING = "4000000000007726", "4000000000005126"


def charge_of(sandbox: Sandbox, intent: str) -> stripe.Charge:
    return client_of(sandbox).v1.charges.list({"payment_intent": intent}).data[0]


def test_partial_refunds_add_up_to_the_charge_and_no_further(world: Sandbox, client: stripe.StripeClient) -> None:
    intent = str(paid(world).payment_intent)
    charge = charge_of(world, intent)
    first = client.v1.refunds.create(
        {"charge": charge.id, "amount": 2000, "reason": "duplicate", "metadata": {"parts": "1"}}
    )
    assert (first.status, first.reason, first.metadata and first.metadata["parts"]) == ("succeeded", "duplicate", "1")
    transaction = client.v1.balance_transactions.retrieve(str(first.balance_transaction))
    assert (transaction.amount, transaction.fee, transaction.net) == (-2000, 0, -2000)
    assert (transaction.type, transaction.source) == ("refund", first.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent, "amount": 3001})
    assert "greater than unrefunded amount on charge ($30.00)" in str(caught.value)
    client.v1.refunds.create({"payment_intent": intent})
    charge = charge_of(world, intent)
    assert (charge.amount_refunded, charge.refunded, charge.status) == (5000, True, "succeeded")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_already_refunded"
    assert event_types(world)[-4:] == ["refund.created", "charge.refunded"] * 2
    assert len(client.v1.refunds.list({"charge": charge.id}).data) == 2
    assert len(client.v1.refunds.list({"payment_intent": intent}).data) == 2
    balance = client.v1.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == -175


def test_a_pending_refund_takes_the_money_when_it_succeeds(world: Sandbox, client: stripe.StripeClient) -> None:
    intent = str(paid(world, PENDING).payment_intent)
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert (refund.status, refund.balance_transaction) == ("pending", None)
    advance(world, DAY + 10)
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.balance_transaction is None) == ("succeeded", False)
    assert event_types(world)[-1] == "refund.updated"


def test_a_refund_may_fail_after_it_succeeded(world: Sandbox, client: stripe.StripeClient) -> None:
    intent = str(paid(world, FAILING).payment_intent)
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 2000})
    assert refund.status == "succeeded"
    advance(world, DAY + 10)
    refund = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert refund.status == "failed"
    back = refund.failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert (back.type, back.reporting_category, back.amount) == ("refund_failure", "refund_failure", 2000)
    assert charge_of(world, intent).amount_refunded == 0
    assert event_types(world)[-2:] == ["refund.updated", "refund.failed"]


def test_what_was_not_paid_cannot_be_refunded(world: Sandbox, client: stripe.StripeClient) -> None:
    opened(world)
    for params in ({"charge": "ch_none"}, {"payment_intent": "pi_none"}, {}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(params)  # type: ignore[arg-type]
