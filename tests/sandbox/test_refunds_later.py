"""Refunds that wait, fail, are canceled or overtaken by a dispute."""

from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import (
    DAY,
    advance,
    balance_of,
    charge_of,
    charged,
    control,
    event_types,
    funded,
    opened,
    paid,
    refused,
    transactions_of,
)

HOUR = 3600


def refund_of(client: stripe.StripeClient, charge: str, cents: int | None = None) -> stripe.Refund:
    params: Any = {"charge": charge} | ({"amount": cents} if cents else {})
    return client.v1.refunds.create(params)


def moved(world: Sandbox, refund: str, status: str, **more: Any) -> dict[str, Any]:
    return control(world, f"refunds/{refund}", {"becomes": status, **more})


def test_a_refund_comes_out_of_its_own_charge_while_that_is_pending(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    charge = charged(world)
    assert refund_of(client, charge.id).status == "succeeded"
    assert balance_of(world) == (0, -175)
    charge_row, refund_row = transactions_of(world)
    assert (refund_row.status, refund_row.available_on) == ("pending", charge_row.available_on)
    advance(world, 3 * DAY)
    assert balance_of(world) == (-175, 0)


def test_a_refund_to_a_card_waits_until_the_balance_has_the_money(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    advance(world, 3 * DAY)
    refund = refund_of(client, charge.id)
    assert (refund.status, refund.pending_reason, refund.balance_transaction) == ("pending", "insufficient_funds", None)
    advance(world, 5 * HOUR)
    assert client.v1.refunds.retrieve(refund.id).status == "pending"
    funded(world, 175)
    advance(world, HOUR + 10)
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.balance_transaction is None) == ("succeeded", False)
    assert "pending_reason" not in refund
    assert balance_of(world) == (0, 0)
    assert event_types(world)[-3:] == ["refund.created", "charge.refunded", "refund.updated"]


def test_a_refund_of_a_debit_fails_when_the_balance_is_short(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    control(world, f"pay/{session.id}", {"account": "000123456789"})
    advance(world, 5 * DAY)
    charge = charge_of(world, client.v1.checkout.sessions.retrieve(session.id))
    refund = refund_of(client, charge.id)
    assert (refund.status, refund.failure_reason, refund.balance_transaction) == ("failed", "insufficient_funds", None)
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert event_types(world)[-2:] == ["refund.updated", "refund.failed"]
    funded(world, 40)
    assert refund_of(client, charge.id).status == "succeeded"
    assert transactions_of(world)[-1].type == "payment_refund"


def test_a_pending_refund_that_fails_has_no_transaction(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, "4000000000007726")
    refund = refund_of(client, charge.id, 2000)
    failed = moved(world, refund.id, "failed", reason="declined")
    assert (failed["status"], failed["failure_reason"]) == ("failed", "declined")
    advance(world, 2 * DAY)
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, "failure_balance_transaction" in refund) == ("failed", False)
    assert [row.type for row in transactions_of(world)] == ["charge"]
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0


def test_a_refund_that_waits_for_the_customer_can_be_canceled(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, "4000000000007726")
    refund = refund_of(client, charge.id, 2000)
    with refused():
        client.v1.refunds.cancel(refund.id)
    assert moved(world, refund.id, "requires_action")["next_action"]["type"] == "display_details"
    canceled = client.v1.refunds.cancel(refund.id)
    assert (canceled.status, "next_action" in canceled) == ("canceled", False)
    advance(world, 2 * DAY)
    assert client.v1.refunds.retrieve(refund.id).status == "canceled"
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert event_types(world)[-2:] == ["refund.updated", "refund.updated"]
    assert refund_of(client, charge.id).amount == 5000


def test_a_succeeded_refund_fails_once_and_the_charge_can_be_refunded_again(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    charge = charged(world)
    refund = refund_of(client, charge.id)
    moved(world, refund.id, "failed")
    assert "cannot become failed" in moved(world, refund.id, "failed")["error"]["message"]
    refund = client.v1.refunds.retrieve(refund.id)
    assert [row.id for row in transactions_of(world)][-1] == refund.failure_balance_transaction
    assert sum(balance_of(world)) == 4825
    assert refund_of(client, charge.id).status == "succeeded"


@pytest.mark.parametrize("number", ["4000000000000259", "4000000000002685"])
def test_a_charge_that_was_charged_back_is_not_refunded(
    world: Sandbox, client: stripe.StripeClient, number: str
) -> None:
    session = paid(world, number)
    with refused("charge_disputed"):
        client.v1.refunds.create({"payment_intent": str(session.payment_intent)})


def test_a_pending_refund_fails_when_its_charge_is_charged_back(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, "4000000000007726")
    refund = refund_of(client, charge.id, 2000)
    control(world, "disputes", {"charge": charge.id})
    refund = client.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    assert [row.reporting_category for row in transactions_of(world)] == ["charge", "dispute"]
