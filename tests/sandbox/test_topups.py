"""Top-ups: a day on their way from the bank, and sometimes called back."""

from typing import Any

import stripe

from stripe_sandbox.sandbox import Sandbox
from tests.sandbox.worlds import DAY, advance, balance_of, control, event_types, refused, transactions_of


def topped_up(client: stripe.StripeClient, **more: Any) -> stripe.Topup:
    params: Any = {"amount": 20_000, "currency": "usd", "description": "Fee pool", **more}
    return client.v1.topups.create(params)


def test_a_topup_arrives_after_a_day(world: Sandbox, client: stripe.StripeClient) -> None:
    topup = topped_up(client, metadata={"sponsor": "3"}, statement_descriptor="Fees")
    assert (topup.status, topup.balance_transaction, topup.metadata["sponsor"]) == ("pending", None, "3")
    assert balance_of(world) == (0, 0)
    advance(world, DAY + 10)
    topup = client.v1.topups.retrieve(topup.id)
    assert topup.status == "succeeded"
    (row,) = transactions_of(world)
    assert (row.id, row.type, row.reporting_category) == (topup.balance_transaction, "topup", "topup")
    assert (row.net, row.status) == (20_000, "available")
    assert isinstance(row.source, stripe.Topup)
    assert event_types(world) == ["topup.created", "topup.succeeded"]
    assert [one.id for one in client.v1.topups.list({"status": "succeeded", "amount": {"gte": 20_000}}).data] == [
        topup.id
    ]


def test_a_topup_may_fail(world: Sandbox, client: stripe.StripeClient) -> None:
    topup = topped_up(client, source="btok_us_verified_noAccount")
    advance(world, DAY + 10)
    topup = client.v1.topups.retrieve(topup.id)
    assert (topup.status, topup.failure_code) == ("failed", "no_account")
    assert transactions_of(world) == []
    assert event_types(world)[-1] == "topup.failed"


def test_a_pending_topup_can_be_canceled(world: Sandbox, client: stripe.StripeClient) -> None:
    topup = topped_up(client)
    assert client.v1.topups.cancel(topup.id).status == "canceled"
    advance(world, 2 * DAY)
    assert balance_of(world) == (0, 0)
    with refused():
        client.v1.topups.cancel(topup.id)
    assert event_types(world) == ["topup.created", "topup.canceled"]


def test_the_bank_may_call_a_topup_back(world: Sandbox, client: stripe.StripeClient) -> None:
    topup = topped_up(client)
    early = control(world, f"topups/{topup.id}", {"becomes": "reversed"})
    assert "cannot become reversed" in early["error"]["message"]
    control(world, f"topups/{topup.id}", {"becomes": "succeeded"})
    control(world, f"topups/{topup.id}", {"becomes": "reversed"})
    advance(world, 2 * DAY)
    rows = transactions_of(world)
    assert [(row.type, row.reporting_category, row.net) for row in rows] == [
        ("topup", "topup", 20_000),
        ("topup_reversal", "topup_reversal", -20_000),
    ]
    assert client.v1.topups.retrieve(topup.id).status == "reversed"
    assert event_types(world)[-1] == "topup.reversed"


def test_a_wrong_topup_is_refused(world: Sandbox, client: stripe.StripeClient) -> None:
    wrong: list[tuple[dict[str, Any], str | None]] = [
        ({"amount": 0}, "parameter_invalid_integer"),
        ({"statement_descriptor": "x" * 16}, None),
        ({"method": "instant"}, "parameter_unknown"),
    ]
    for change, code in wrong:
        with refused(code):
            topped_up(client, **change)


def test_description_and_metadata_can_be_changed(world: Sandbox, client: stripe.StripeClient) -> None:
    topup = topped_up(client, metadata={"a": "1", "b": "2"})
    topup = client.v1.topups.update(topup.id, {"description": "For fees", "metadata": {"a": "", "c": "3"}})
    assert (topup.description, topup.metadata.to_dict()) == ("For fees", {"b": "2", "c": "3"})
