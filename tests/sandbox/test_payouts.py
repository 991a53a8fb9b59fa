"""Payouts: by the schedule, by hand, at once, into the red, failed and canceled."""

from typing import Any

import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import (
    DAY,
    advance,
    balance_of,
    charged,
    control,
    event_types,
    funded,
    paid,
    refused,
    running,
    transactions_of,
)

HOUR = 3600


def to_midnight(world: Sandbox, after: int = 0) -> None:
    """Moves to so many seconds after the coming midnight, UTC."""
    advance(world, DAY - control(world, "time")["now"] % DAY + after)


def parts(client: stripe.StripeClient, payout: stripe.Payout) -> list[stripe.BalanceTransaction]:
    return client.v1.balance_transactions.list({"payout": payout.id, "limit": 100}).data


def paid_out(world: Sandbox, cents: int = 5000) -> dict[str, Any]:
    """An automatic payout, made now."""
    funded(world, cents)
    made: list[dict[str, Any]] = control(world, "payouts/run", {})["payouts"]
    return made[0]


def payout_events(world: Sandbox) -> list[str]:
    return [name for name in event_types(world) if name.startswith("payout.")]


def test_nothing_is_paid_out_unless_it_is_switched_on(world: Sandbox, client: stripe.StripeClient) -> None:
    paid(world)
    advance(world, 10 * DAY)
    assert client.v1.payouts.list().data == []
    assert balance_of(world) == (4825, 0)


def test_every_midnight_pays_out_what_is_available(world: Sandbox, client: stripe.StripeClient) -> None:
    to_midnight(world, HOUR)
    control(world, "payouts", {"schedule": "daily"})
    first, _ = charged(world), charged(world)
    advance(world, DAY)
    third = charged(world)
    advance(world, DAY)
    assert client.v1.payouts.list().data == []
    advance(world, 2 * DAY)
    newer, older = client.v1.payouts.list().data
    assert (older.amount, older.automatic, older.method, older.status) == (9650, True, "standard", "paid")
    assert (newer.amount, newer.automatic, newer.status) == (4825, True, "in_transit")
    assert (older.created % DAY, older.arrival_date) == (0, older.created + DAY)
    rows = parts(client, older)
    assert [row.type for row in rows] == ["payout", "charge", "charge"]
    assert (rows[-1].source, sum(row.net for row in rows)) == (first.id, 0)
    assert [row.source for row in parts(client, newer)][1:] == [third.id]
    assert balance_of(world) == (0, 0)


def test_an_automatic_payout_lists_its_parts_when_it_is_reconciled(world: Sandbox, client: stripe.StripeClient) -> None:
    payout = client.v1.payouts.retrieve(paid_out(world)["id"])
    assert payout.reconciliation_status == "in_progress"
    assert [row.type for row in parts(client, payout)] == ["payout"]
    advance(world, HOUR - 60)
    payout = client.v1.payouts.retrieve(payout.id, {"expand": ["destination", "balance_transaction"]})
    assert payout.reconciliation_status == "completed"
    assert [(row.type, row.net) for row in parts(client, payout)] == [("payout", -5000), ("adjustment", 5000)]
    assert isinstance(payout.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(payout.destination, stripe.BankAccount)
    assert payout_events(world) == ["payout.created", "payout.reconciliation_completed"]


def test_a_payout_is_pending_then_in_transit_then_paid(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    payout = client.v1.payouts.create({"amount": 3000, "currency": "usd", "metadata": {"week": "1"}})
    assert (payout.status, payout.automatic, payout.reconciliation_status) == ("pending", False, "not_applicable")
    assert balance_of(world) == (2000, 0)
    advance(world, HOUR + 10)
    assert client.v1.payouts.retrieve(payout.id).status == "in_transit"
    advance(world, DAY)
    payout = client.v1.payouts.retrieve(payout.id)
    assert payout.status == "paid"
    assert payout.trace_id is not None
    assert payout.trace_id.status == "supported"
    assert payout_events(world) == ["payout.created", "payout.updated", "payout.updated", "payout.paid"]
    assert [one.id for one in client.v1.payouts.list({"status": "paid"}).data] == [payout.id]
    assert client.v1.payouts.list({"arrival_date": {"lt": payout.arrival_date}}).data == []
    assert client.v1.payouts.update(payout.id, {"metadata": {"week": "2"}}).to_dict()["metadata"] == {"week": "2"}


def test_a_payout_by_hand_cannot_say_what_it_consists_of(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    payout = client.v1.payouts.create({"amount": 3000, "currency": "usd"})
    with refused():
        parts(client, payout)
    # The next automatic one carries it as a part of its own, so that its sum is right.
    control(world, "payouts/run", {})
    advance(world, HOUR)
    automatic = client.v1.payouts.list().data[0]
    assert automatic.amount == 2000
    assert [row.net for row in parts(client, automatic)] == [-2000, -3000, 5000]


def test_no_more_is_paid_out_by_hand_than_is_available(world: Sandbox, client: stripe.StripeClient) -> None:
    charged(world)
    params: Any = {"amount": 1, "currency": "usd"}
    with refused("balance_insufficient"):
        client.v1.payouts.create(params)
    funded(world, 100)
    wrong: list[tuple[dict[str, Any], str | None]] = [
        ({"amount": 101}, "balance_insufficient"),
        ({"amount": 60, "method": "instant"}, "balance_insufficient"),
        ({"currency": "eur"}, "balance_insufficient"),
        ({"amount": 0}, "parameter_invalid_integer"),
        ({"statement_descriptor": "x" * 23}, None),
        ({"source_type": "bank_account"}, None),
        ({"method": "slow"}, None),
    ]
    for change, code in wrong:
        with refused(code):
            client.v1.payouts.create(params | change)
    assert balance_of(world)[0] == 100


def test_an_instant_payout_costs_a_fee_and_arrives_within_the_hour(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 20_000)
    small = client.v1.payouts.create({"amount": 1000, "currency": "usd", "method": "instant"})
    large = client.v1.payouts.create({"amount": 10_000, "currency": "usd", "method": "instant"})
    rows = transactions_of(world, type="payout")
    assert [(row.amount, row.fee, row.net) for row in rows] == [(-1000, 50, -1050), (-10_000, 150, -10_150)]
    advance(world, HOUR)
    assert {client.v1.payouts.retrieve(one.id).status for one in (small, large)} == {"paid"}


def test_a_debt_is_taken_from_the_bank(world: Sandbox, client: stripe.StripeClient) -> None:
    control(world, "payouts", {"schedule": "daily"})
    charge = charged(world)
    to_midnight(world)
    advance(world, 2 * DAY + 10)
    control(world, "disputes", {"charge": charge.id})
    assert balance_of(world) == (-6500, 0)
    to_midnight(world, HOUR)
    payout = client.v1.payouts.list().data[0]
    assert payout.amount == -6500
    assert [(row.type, row.net) for row in parts(client, payout)] == [("payout", 6500), ("adjustment", -6500)]
    assert balance_of(world) == (0, 0)
    control(world, f"payouts/{payout.id}", {"becomes": "failed", "code": "insufficient_funds"})
    assert balance_of(world) == (-6500, 0)


def test_a_payout_may_fail_after_it_was_paid_and_the_next_one_carries_it(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    payout = paid_out(world)
    advance(world, DAY + 10)
    control(world, f"payouts/{payout['id']}", {"becomes": "failed", "code": "account_closed"})
    failed = client.v1.payouts.retrieve(payout["id"], {"expand": ["failure_balance_transaction"]})
    back = failed.failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert (back.type, back.reporting_category, back.amount) == ("payout_failure", "payout_reversal", 5000)
    assert payout_events(world)[-2:] == ["payout.updated", "payout.failed"]
    assert balance_of(world) == (5000, 0)
    assert "cannot fail" in control(world, f"payouts/{payout['id']}", {"becomes": "failed"})["error"]["message"]
    again = client.v1.payouts.retrieve(control(world, "payouts/run", {})["payouts"][0]["id"])
    advance(world, HOUR)
    assert [row.id for row in parts(client, again)][1:] == [back.id]


def test_a_bad_bank_account_stops_payouts_until_it_is_replaced(world: Sandbox, client: stripe.StripeClient) -> None:
    control(world, "bank", {"number": "000111111116"})
    control(world, "payouts", {"schedule": "daily"})
    funded(world, 5000)
    to_midnight(world)
    advance(world, 3 * DAY)
    (payout,) = client.v1.payouts.list().data
    assert (payout.status, payout.failure_code) == ("failed", "no_account")
    with refused("payouts_not_allowed"):
        client.v1.payouts.create({"amount": 1000, "currency": "usd"})
    control(world, "bank", {"number": "000123456789"})
    advance(world, 3 * DAY)
    assert [one.status for one in client.v1.payouts.list().data] == ["paid", "failed"]


def test_only_a_pending_payout_by_hand_can_be_canceled(world: Sandbox, client: stripe.StripeClient) -> None:
    automatic = paid_out(world)
    with refused():
        client.v1.payouts.cancel(automatic["id"])
    funded(world, 5000)
    payout = client.v1.payouts.create({"amount": 1000, "currency": "usd", "method": "instant"})
    assert client.v1.payouts.cancel(payout.id).status == "canceled"
    back = transactions_of(world)[-1]
    assert (back.type, back.reporting_category, back.fee, back.net) == ("payout_cancel", "payout_reversal", -50, 1050)
    assert balance_of(world) == (5000, 0)
    advance(world, DAY)
    assert client.v1.payouts.retrieve(payout.id).status == "canceled"
    assert "payout.canceled" in payout_events(world)


def test_a_payout_can_be_hurried(world: Sandbox, client: stripe.StripeClient) -> None:
    payout = paid_out(world)
    assert control(world, f"payouts/{payout['id']}", {"becomes": "paid"})["status"] == "paid"
    told = control(world, f"payouts/{payout['id']}", {"becomes": "in_transit"})
    assert "cannot become in_transit" in told["error"]["message"]
    advance(world, 2 * DAY)
    assert payout_events(world).count("payout.paid") == 1


def test_the_schedule_can_be_switched_off_and_on_again(world: Sandbox, client: stripe.StripeClient) -> None:
    for interval in ("daily", "manual", "daily"):
        control(world, "payouts", {"schedule": interval})
    for _ in range(3):
        funded(world, 1000)
        to_midnight(world, 10)
    assert [payout.amount for payout in client.v1.payouts.list().data] == [1000, 1000, 1000]
    control(world, "payouts", {"schedule": "manual"})
    funded(world, 1000)
    advance(world, 3 * DAY)
    assert len(client.v1.payouts.list().data) == 3
    assert "one of: manual, daily" in control(world, "payouts", {"schedule": "weekly"})["error"]["message"]


def test_the_command_can_switch_it_on_from_the_start() -> None:
    with running(payouts="daily") as sandbox:
        for _ in range(2):
            funded(sandbox, 1000)
            to_midnight(sandbox, 10)
            assert balance_of(sandbox) == (0, 0)
            control(sandbox, "reset", {})
