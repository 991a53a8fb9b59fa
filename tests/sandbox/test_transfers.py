"""Transfers to connected accounts and back, and what those accounts see."""

from typing import Any

import pytest
import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import (
    DAY,
    advance,
    balance_of,
    charged,
    client_of,
    control,
    event_types,
    funded,
    opened,
    receiving,
    refused,
    running,
    transactions_of,
)

CHARITY, OTHER = "acct_breaking_free", "acct_source"


def transferred(client: stripe.StripeClient, cents: int = 3000, **more: Any) -> stripe.Transfer:
    params: Any = {"amount": cents, "currency": "usd", "destination": CHARITY, **more}
    return client.v1.transfers.create(params)


def test_three_accounts_are_connected(world: Sandbox, client: stripe.StripeClient) -> None:
    assert [account.id for account in client.v1.accounts.list().data] == ["acct_the_link", OTHER, CHARITY]
    account: Any = client.v1.accounts.retrieve(CHARITY)
    assert (account.business_profile.name, account.payouts_enabled) == ("Breaking Free", True)
    assert account.external_accounts.data[0].last4 == "6789"
    assert client.v1.accounts.retrieve_current().id == "acct_platform"
    assert client.v1.accounts.retrieve_current({}, {"stripe_account": OTHER}).id == OTHER
    control(world, "accounts", {"id": "acct_fourth", "name": "A fourth"})
    assert len(client.v1.accounts.list().data) == 4
    assert "not there yet" in control(world, "accounts", {"id": "acct_fourth"})["error"]["message"]


def test_a_transfer_moves_money_from_one_balance_to_the_other(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    transfer = transferred(client, metadata={"batch": "1"}, description="September")
    assert (balance_of(world), balance_of(world, CHARITY), balance_of(world, OTHER)) == ((2000, 0), (3000, 0), (0, 0))
    sent = transactions_of(world)[-1]
    assert (sent.type, sent.reporting_category, sent.net) == ("transfer", "transfer", -3000)
    assert isinstance(sent.source, stripe.Transfer)
    (got,) = transactions_of(world, CHARITY)
    assert (got.type, got.reporting_category, got.net) == ("payment", "charge", 3000)
    assert isinstance(got.source, stripe.Charge)
    assert (got.source.id, got.source.source_transfer) == (transfer.destination_payment, transfer.id)
    assert event_types(world)[-1] == "transfer.created"
    assert client.v1.transfers.update(transfer.id, {"metadata": {"batch": "2"}}).metadata["batch"] == "2"
    assert event_types(world)[-1] == "transfer.updated"
    assert [one.id for one in client.v1.transfers.list({"destination": CHARITY}).data] == [transfer.id]
    assert client.v1.transfers.list({"destination": OTHER}).data == []


def test_a_transfer_needs_available_money(world: Sandbox, client: stripe.StripeClient) -> None:
    charged(world)
    with refused("balance_insufficient"):
        transferred(client)
    wrong: list[tuple[dict[str, Any], str | None]] = [
        ({"destination": "acct_none"}, "resource_missing"),
        ({"destination": "acct_platform"}, "resource_missing"),
        ({"amount": 0}, "parameter_invalid_integer"),
        ({"amount": None}, "parameter_missing"),
    ]
    for change, code in wrong:
        with refused(code):
            transferred(client, **change)
    advance(world, 3 * DAY)
    assert transferred(client).amount == 3000


def test_with_a_source_it_goes_at_once_and_is_available_with_the_charge(
    world: Sandbox, client: stripe.StripeClient
) -> None:
    charge = charged(world)
    transfer = transferred(client, source_transaction=charge.id)
    assert transfer.transfer_group == f"group_{charge.payment_intent}"
    assert client.v1.charges.list({"transfer_group": str(transfer.transfer_group)}).data[0].id == charge.id
    assert (balance_of(world), balance_of(world, CHARITY)) == ((0, 1825), (0, 3000))
    with refused():
        transferred(client, 2001, source_transaction=charge.id)
    assert transferred(client, None, source_transaction=charge.id).amount == 2000  # type: ignore[arg-type]
    with refused():
        transferred(client, None, source_transaction=charge.id)  # type: ignore[arg-type]
    advance(world, 3 * DAY)
    assert (balance_of(world), balance_of(world, CHARITY)) == ((-175, 0), (5000, 0))


def test_a_source_that_failed_or_is_not_there_is_refused(world: Sandbox, client: stripe.StripeClient) -> None:
    control(world, f"pay/{opened(world).id}", {"card": "4000000000000002"})
    declined = client.v1.charges.list().data[0]
    with refused():
        transferred(client, source_transaction=declined.id)
    with pytest.raises(stripe.InvalidRequestError):
        transferred(client, source_transaction="ch_none")


def test_a_reversal_takes_back_a_part_or_all(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    transfer = transferred(client)
    part = client.v1.transfers.reversals.create(transfer.id, {"amount": 1000, "metadata": {"why": "typing error"}})
    assert (part.amount, part.metadata and part.metadata["why"]) == (1000, "typing error")
    assert (balance_of(world), balance_of(world, CHARITY)) == ((3000, 0), (2000, 0))
    back = transactions_of(world)[-1]
    assert (back.type, back.reporting_category, back.net) == ("transfer_refund", "transfer_reversal", 1000)
    assert isinstance(back.source, stripe.TransferReversal)
    taken = transactions_of(world, CHARITY)[-1]
    assert (taken.type, taken.reporting_category, taken.net) == ("payment_refund", "refund", -1000)
    transfer = client.v1.transfers.retrieve(transfer.id)
    assert (transfer.amount_reversed, transfer.reversed, transfer.reversals.data[0].id) == (1000, False, part.id)
    with refused():
        client.v1.transfers.reversals.create(transfer.id, {"amount": 2001})
    client.v1.transfers.reversals.create(transfer.id)
    assert client.v1.transfers.retrieve(transfer.id).reversed
    assert event_types(world)[-2:] == ["transfer.reversed"] * 2
    assert len(client.v1.transfers.reversals.list(transfer.id).data) == 2
    assert client.v1.transfers.reversals.retrieve(transfer.id, part.id).amount == 1000
    renamed = client.v1.transfers.reversals.update(transfer.id, part.id, {"metadata": {"why": "double"}})
    assert renamed.to_dict()["metadata"] == {"why": "double"}
    with refused():
        client.v1.transfers.reversals.create(transfer.id)


def test_a_reversal_needs_money_on_the_other_side(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    transfer = transferred(client)
    client.v1.payouts.create({"amount": 2500, "currency": "usd"}, {"stripe_account": CHARITY})
    with refused("balance_insufficient"):
        client.v1.transfers.reversals.create(transfer.id)
    assert client.v1.transfers.reversals.create(transfer.id, {"amount": 500}).amount == 500


def test_refunds_and_disputes_leave_transfers_alone(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    transferred(client, source_transaction=charge.id)
    client.v1.refunds.create({"charge": charge.id})
    assert (sum(balance_of(world)), sum(balance_of(world, CHARITY))) == (4825 - 3000 - 5000, 3000)


def test_a_connected_account_pays_out_to_its_own_bank(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    transferred(client)
    control(world, "payouts", {"schedule": "daily", "account": CHARITY})
    advance(world, 3 * DAY)
    mine: Any = {"stripe_account": CHARITY}
    (payout,) = client.v1.payouts.list({}, mine).data
    assert (payout.amount, payout.status, payout.destination) == (3000, "paid", "ba_breaking_free")
    rows = client.v1.balance_transactions.list({"payout": payout.id}, mine).data
    assert [row.net for row in rows] == [-3000, 3000]
    assert (balance_of(world), balance_of(world, CHARITY)) == ((2000, 0), (0, 0))
    assert client.v1.payouts.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payouts.retrieve(payout.id)
    assert "payout.paid" in [event.type for event in client.v1.events.list({}, mine).data]
    assert "payout.paid" not in event_types(world)


def test_accounts_do_not_share_idempotency_keys(world: Sandbox, client: stripe.StripeClient) -> None:
    funded(world, 5000)
    transferred(client)
    params: Any = {"amount": 1000, "currency": "usd"}
    ours = client.v1.payouts.create(params, {"idempotency_key": "k"})
    theirs = client.v1.payouts.create(params, {"idempotency_key": "k", "stripe_account": CHARITY})
    assert ours.id != theirs.id
    again = client.v1.payouts.create(params, {"idempotency_key": "k", "stripe_account": CHARITY})
    assert again.id == theirs.id


def test_an_unknown_account_and_what_only_the_platform_has_are_refused(
    world: Sandbox, client: stripe.StripeClient, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve({}, {"stripe_account": "acct_1"})
    with pytest.raises(stripe.PermissionError):
        client.v1.topups.list({}, {"stripe_account": CHARITY})
    assert "NOT IN THE SANDBOX: GET /v1/topups" in capfd.readouterr().err


def test_events_of_connected_accounts_go_to_endpoints_for_them_only() -> None:
    with receiving() as ours, receiving() as theirs, running(webhook_url=ours.url) as sandbox:
        client = client_of(sandbox)
        endpoint = client.v1.webhook_endpoints.create(
            {"url": theirs.url, "enabled_events": ["payout.created"], "connect": True}
        )
        funded(sandbox, 5000)
        transferred(client)
        client.v1.payouts.create({"amount": 1000, "currency": "usd"}, {"stripe_account": CHARITY})
        client.v1.payouts.create({"amount": 500, "currency": "usd"})
        assert control(sandbox, "deliver", {"timeout": 5})["empty"]
        assert [event["type"] for event in ours.events] == ["transfer.created", "payout.created"]
        (event,) = theirs.events
        assert (event["account"], event["data"]["object"]["amount"]) == (CHARITY, 1000)
        assert client.construct_event(*theirs.got[0], str(endpoint.secret)).account == CHARITY
