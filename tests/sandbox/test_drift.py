"""Transactions that Stripe books on its own, and ones that vanish, appear or change on purpose."""

from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import balance_of, charged, control, funded, transactions_of


def snapshot(world: Sandbox) -> dict[str, Any]:
    return {row.id: row.to_dict() for row in transactions_of(world)}


@pytest.mark.parametrize(
    ("wanted", "category"),
    [
        ({"type": "stripe_fee", "amount": -250, "description": "Connect ($2 per active account)"}, "fee"),
        ({"type": "adjustment", "amount": 700}, "other_adjustment"),
        ({"type": "reserve_hold", "amount": -900}, "risk_reserved_funds"),
        ({"type": "time_travel_levy", "amount": -100}, ""),
        ({"type": "payment_reversal", "amount": -5000, "reporting_category": ""}, ""),
        ({"type": "network_fee", "amount": 0, "fee": 30, "reporting_category": "network_cost"}, "network_cost"),
    ],
)
def test_stripes_own_and_unknown_transactions_can_be_booked(
    world: Sandbox, wanted: dict[str, Any], category: str
) -> None:
    control(world, "transactions", wanted)
    (row,) = transactions_of(world)
    assert (row.type, row.reporting_category) == (wanted["type"], category)
    assert row.net == wanted["amount"] - wanted.get("fee", 0) == sum(balance_of(world))


def test_a_transaction_may_come_late_in_another_currency(world: Sandbox, client: stripe.StripeClient) -> None:
    now = control(world, "time")["now"]
    control(
        world, "transactions", {"amount": 300, "currency": "eur", "created": now - 3600, "available_on": now + 3600}
    )
    assert transactions_of(world)[0].created == now - 3600
    balance = client.v1.balance.retrieve()
    assert [(part.currency, part.amount) for part in balance.pending] == [("eur", 300), ("usd", 0)]


def test_a_transaction_can_be_changed_and_deleted(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    name = str(charge.balance_transaction)
    control(world, f"transactions/{name}", {"amount": 5100, "fee": 200, "reporting_category": "other"})
    row = client.v1.balance_transactions.retrieve(name)
    assert (row.amount, row.fee, row.net, row.reporting_category) == (5100, 200, 4900, "other")
    assert sum(balance_of(world)) == 4900
    assert "has no net" in control(world, f"transactions/{name}", {"net": 1})["error"]["message"]
    assert "whole number" in control(world, f"transactions/{name}", {"amount": 1.5})["error"]["message"]


def test_the_sandbox_goes_on_when_a_transaction_is_gone(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    dispute = control(world, "disputes", {"charge": charge.id})
    for row in transactions_of(world):
        assert control(world, f"transactions/{row.id}", {"delete": True}) == {"id": row.id, "deleted": True}
    assert transactions_of(world) == []
    assert balance_of(world) == (0, 0)
    assert client.v1.disputes.retrieve(dispute["id"]).balance_transactions == []
    control(world, f"disputes/{dispute['id']}", {"outcome": "won"})
    assert sum(balance_of(world)) == 5000


def test_drift_comes_from_its_seed_and_says_what_it_did(world: Sandbox) -> None:
    assert "no transaction yet" in control(world, "drift", {"seed": 1})["error"]["message"]
    kinds = set()
    for seed in range(30):
        funded(world, 5000)
        before = snapshot(world)
        told = control(world, "drift", {"seed": seed})
        after = snapshot(world)
        kinds.add(told["kind"])
        changed = {name for name in before | after if before.get(name) != after.get(name)}
        assert changed == {told["id"]}
        assert (told["before"] is None, told["after"] is None) == (told["kind"] == "added", told["kind"] == "deleted")
        assert sum(balance_of(world)) == sum(row["net"] for row in after.values())
    assert kinds == {"deleted", "added", "altered"}
