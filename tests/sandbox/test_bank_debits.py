"""ACH: complete at once, money or bad news days later."""

from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, control, event_types, opened, typed_account, visit


def submitted(world: Sandbox, client: stripe.StripeClient, account: str) -> tuple[str, Any]:
    session = opened(world)
    assert visit(str(session.url), typed_account(account)).status == 303
    return session.id, charge_of(client, session.id)


def charge_of(client: stripe.StripeClient, session_id: str) -> Any:
    expand = ["payment_intent.latest_charge.balance_transaction", "payment_intent.latest_charge.refunds"]
    session: Any = client.v1.checkout.sessions.retrieve(session_id, {"expand": expand})
    return session.payment_intent.latest_charge


def test_a_debit_is_complete_but_unpaid_and_in_the_balance_feed_at_once(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    session_id, charge = submitted(world, client, "000123456789")
    session: Any = client.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert session.payment_intent.status == "processing"
    assert (charge.status, charge.id[:3]) == ("pending", "py_")
    transaction = charge.balance_transaction
    assert (transaction.type, transaction.reporting_category) == ("payment", "charge")
    assert (transaction.amount, transaction.fee, transaction.status) == (5000, 40, "pending")


def test_a_debit_clears_after_three_days(world: Sandbox, client: stripe.StripeClient) -> None:
    session_id, charge = submitted(world, client, "000123456789")
    advance(world, 2 * DAY)
    assert charge_of(client, session_id).status == "pending"
    advance(world, DAY + 60)
    assert charge_of(client, session_id).status == "succeeded"
    assert client.v1.checkout.sessions.retrieve(session_id).payment_status == "paid"
    assert event_types(world)[-3:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    last = client.v1.events.list({"limit": 1}).data[0]
    assert last.created == charge.created + 3 * DAY
    assert len(client.v1.balance_transactions.list().data) == 1


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ("000111111113", "account_closed"),
        ("000111111116", "no_account"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
    ],
)
def test_a_debit_that_fails_takes_its_money_back_in_a_second_transaction(
    world: Sandbox, client: stripe.StripeClient, account: str, code: str
) -> None:
    session_id, _ = submitted(world, client, account)
    advance(world, 3 * DAY + 60)
    charge = charge_of(client, session_id)
    assert (charge.status, charge.failure_code) == ("failed", code)
    back = client.v1.balance_transactions.retrieve(charge.failure_balance_transaction)
    assert (back.type, back.amount, back.source) == ("payment_failure_refund", -5000, charge.id)
    assert client.v1.checkout.sessions.retrieve(session_id).payment_status == "unpaid"
    assert event_types(world)[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]
    advance(world, 10 * DAY)
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 0)


def test_one_account_stays_pending(world: Sandbox, client: stripe.StripeClient) -> None:
    session_id, _ = submitted(world, client, "000000000009")
    advance(world, 30 * DAY)
    assert charge_of(client, session_id).status == "pending"


def test_the_fee_of_a_debit_is_at_most_five_dollars(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world, 500_000)
    control(world, f"pay/{session.id}", {"account": "000123456789"})
    assert client.v1.balance_transactions.list().data[0].fee == 500
