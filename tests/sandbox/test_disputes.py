"""Chargebacks: withdrawn with a fee, answered, won, lost, in part, late; and inquiries, which take nothing."""

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
    opened,
    refused,
    transactions_of,
)

FRAUDULENT, NOT_RECEIVED, INQUIRY, WARNING = (
    "4000000000000259",
    "4000000000002685",
    "4000000000001976",
    "4000000000005423",
)


def dispute_of(client: stripe.StripeClient, charge: stripe.Charge) -> stripe.Dispute:
    return client.v1.disputes.list({"charge": charge.id}).data[0]


def answered(world: Sandbox, client: stripe.StripeClient, dispute: stripe.Dispute, text: str) -> stripe.Dispute:
    """After the bank has looked at it."""
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})
    advance(world, 5)
    return client.v1.disputes.retrieve(dispute.id)


def decided(world: Sandbox, dispute: stripe.Dispute, outcome: str, **more: Any) -> dict[str, Any]:
    return control(world, f"disputes/{dispute.id}", {"outcome": outcome, **more})


def amounts(dispute: stripe.Dispute) -> list[tuple[str, int, int, int]]:
    return [(row.reporting_category, row.amount, row.fee, row.net) for row in dispute.balance_transactions]


def dispute_events(world: Sandbox) -> list[str]:
    return [name.removeprefix("charge.dispute.") for name in event_types(world) if name.startswith("charge.dispute.")]


@pytest.mark.parametrize(("card", "reason"), [(FRAUDULENT, "fraudulent"), (NOT_RECEIVED, "product_not_received")])
def test_a_chargeback_takes_amount_and_fee_in_one_transaction(
    world: Sandbox, client: stripe.StripeClient, card: str, reason: str
) -> None:
    charge = charged(world, card)
    dispute = dispute_of(client, charge)
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 5000)
    assert (dispute.charge, dispute.payment_intent) == (charge.id, charge.payment_intent)
    assert charge.disputed
    assert not dispute.is_charge_refundable
    assert amounts(dispute) == [("dispute", -5000, 1500, -6500)]
    assert dispute.balance_transactions[0].type == "adjustment"
    assert dispute.balance_transactions[0].fee_details[0].description == "Dispute fee"
    assert dispute_events(world) == ["created", "funds_withdrawn"]
    assert sum(balance_of(world)) == 4825 - 6500
    expanded = [row.source for row in transactions_of(world) if row.type == "adjustment"]
    assert isinstance(expanded[0], stripe.Dispute)


def test_who_does_not_answer_in_time_has_lost(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, FRAUDULENT))
    due_by = dispute.evidence_details.due_by
    assert due_by is not None
    assert 9 * DAY <= due_by - dispute.created < 10 * DAY
    advance(world, due_by - dispute.created - 60)
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    advance(world, 60)
    assert client.v1.disputes.retrieve(dispute.id).status == "lost"
    assert dispute_events(world)[-2:] == ["updated", "closed"]
    with refused():
        client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})


def test_winning_returns_the_amount_and_the_fee_for_countering(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, FRAUDULENT)
    dispute = client.v1.disputes.update(
        dispute_of(client, charge).id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    assert (dispute.status, dispute.evidence_details.submission_count) == ("under_review", 1)
    countered = transactions_of(world)[-1]
    assert (countered.type, countered.reporting_category, countered.net) == ("adjustment", "fee", -1500)
    assert countered.source is None
    assert str(countered.description).startswith("Card Dispute Countered Fee (")
    advance(world, 5)
    dispute = client.v1.disputes.retrieve(dispute.id)
    assert dispute.status == "won"
    assert amounts(dispute) == [("dispute", -5000, 1500, -6500), ("dispute_reversal", 5000, -1500, 6500)]
    assert sum(balance_of(world)) == 4825 - 1500
    assert dispute_events(world)[-4:] == ["updated", "funds_reinstated", "updated", "closed"]
    assert client.v1.refunds.create({"charge": charge.id, "amount": 100}).amount == 100


def test_losing_keeps_amount_and_both_fees(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, FRAUDULENT))
    assert answered(world, client, dispute, "losing_evidence").status == "lost"
    assert sum(balance_of(world)) == 4825 - 6500 - 1500
    assert "funds_reinstated" not in dispute_events(world)


def test_a_part_may_come_back_of_one_that_is_lost(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, FRAUDULENT))
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "Ana ran the race."}})
    advance(world, 60 * DAY)
    assert client.v1.disputes.retrieve(dispute.id).status == "under_review"
    assert "less than what was withdrawn" in decided(world, dispute, "lost", returned=5000)["error"]["message"]
    decided(world, dispute, "lost", returned=2000)
    dispute = client.v1.disputes.retrieve(dispute.id)
    assert (dispute.status, dispute.amount) == ("lost", 5000)
    assert amounts(dispute)[1:] == [("dispute_reversal", 2000, 0, 2000)]
    assert dispute_events(world)[-3:] == ["funds_reinstated", "updated", "closed"]


def test_a_lost_one_may_be_won_late(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, FRAUDULENT))
    assert answered(world, client, dispute, "losing_evidence").status == "lost"
    decided(world, dispute, "lost", returned=1000)
    decided(world, dispute, "won")
    dispute = client.v1.disputes.retrieve(dispute.id)
    assert dispute.status == "won"
    assert [row[1:3] for row in amounts(dispute)] == [(-5000, 1500), (1000, 0), (4000, -1500)]
    assert sum(balance_of(world)) == 4825 - 1500
    assert "won; this is for" in decided(world, dispute, "won")["error"]["message"]


def test_closing_accepts_a_dispute_as_lost(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, NOT_RECEIVED))
    assert client.v1.disputes.close(dispute.id).status == "lost"
    assert sum(balance_of(world)) == 4825 - 6500
    with refused():
        client.v1.disputes.close(dispute.id)


def test_evidence_can_be_staged_and_is_sent_once(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, FRAUDULENT))
    staged: Any = {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": False, "metadata": {"case": "1"}}
    dispute = client.v1.disputes.update(dispute.id, staged)
    assert (dispute.status, dispute.evidence_details.has_evidence) == ("needs_response", True)
    advance(world, 60)
    dispute = client.v1.disputes.update(dispute.id, {"submit": True})
    assert (dispute.status, dispute.metadata["case"]) == ("under_review", "1")
    with refused():
        client.v1.disputes.update(dispute.id, {"submit": True, "metadata": {"case": "lost"}})
    assert client.v1.disputes.retrieve(dispute.id).metadata["case"] == "1"
    assert client.v1.disputes.update(dispute.id, {"metadata": {"case": "2"}}).metadata["case"] == "2"
    unknown: Any = {"evidence": {"proof": "x"}}
    with refused("parameter_unknown"):
        client.v1.disputes.update(dispute.id, unknown)


def test_a_part_of_a_charge_can_be_disputed_even_after_refunds(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    client.v1.refunds.create({"charge": charge.id, "amount": 2000})
    told = control(world, "disputes", {"charge": charge.id, "amount": 5000, "reason": "duplicate"})
    assert told["payment_method_details"]["card"]["case_type"] == "chargeback"
    assert (told["amount"], told["reason"], told["balance_transactions"][0]["net"]) == (5000, "duplicate", -6500)
    assert "disputed already" in control(world, "disputes", {"charge": charge.id})["error"]["message"]
    for amount in (0, 5001):
        other = charged(world)
        told = control(world, "disputes", {"charge": other.id, "amount": amount})
        assert "Nothing like that" in told["error"]["message"]


def test_the_dispute_of_a_debit_is_final(world: Sandbox, client: stripe.StripeClient) -> None:
    session = opened(world)
    control(world, f"pay/{session.id}", {"account": "000555555559"})
    advance(world, 4 * DAY)
    dispute = dispute_of(client, charge_of(world, client.v1.checkout.sessions.retrieve(session.id)))
    assert (dispute.status, dispute.reason, dispute.evidence_details.due_by) == ("lost", "debit_not_authorized", 0)
    assert amounts(dispute) == [("dispute", -5000, 1500, -6500)]
    assert dispute_events(world) == ["created", "funds_withdrawn", "closed"]
    told = control(world, "disputes", {"charge": dispute.charge, "inquiry": True})
    assert "Only about cards" in told["error"]["message"]


def test_an_inquiry_takes_nothing_and_ends_by_itself(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, INQUIRY)
    dispute = dispute_of(client, charge)
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    assert dispute.is_charge_refundable
    assert dispute.evidence_details.due_by is not None
    assert sum(balance_of(world)) == 4825
    advance(world, 121 * DAY)
    assert client.v1.disputes.retrieve(dispute.id).status == "warning_closed"
    assert dispute_events(world) == ["created", "updated", "closed"]


def test_an_answered_inquiry_is_closed_and_costs_nothing(world: Sandbox, client: stripe.StripeClient) -> None:
    dispute = dispute_of(client, charged(world, INQUIRY))
    assert answered(world, client, dispute, "winning_evidence").status == "warning_closed"
    assert [row.type for row in transactions_of(world)] == ["charge"]


def test_an_inquiry_may_become_a_chargeback(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, INQUIRY)
    client.v1.disputes.update(
        dispute_of(client, charge).id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}}
    )
    late = client.v1.refunds.create({"charge": charge.id, "amount": 2000})
    assert late.status == "succeeded"
    advance(world, 5)
    dispute = dispute_of(client, charge)
    assert (dispute.status, amounts(dispute)) == ("needs_response", [("dispute", -5000, 1500, -6500)])
    # Stripe takes a refund during these seconds, and fails it when the chargeback is there.
    assert client.v1.refunds.retrieve(late.id).status == "failed"
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert answered(world, client, dispute, "winning_evidence").status == "won"


def test_a_refund_of_everything_settles_an_inquiry(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, INQUIRY)
    client.v1.refunds.create({"charge": charge.id, "amount": 4000})
    assert dispute_of(client, charge).status == "warning_needs_response"
    client.v1.refunds.create({"charge": charge.id})
    assert dispute_of(client, charge).status == "warning_closed"


def test_an_inquiry_can_be_opened_and_ended_from_outside(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world)
    control(world, "disputes", {"charge": charge.id, "inquiry": True})
    dispute = dispute_of(client, charge)
    assert "escalate it" in decided(world, dispute, "lost")["error"]["message"]
    assert decided(world, dispute, "won")["status"] == "warning_closed"
    with refused():
        client.v1.disputes.close(dispute.id)
    assert control(world, "disputes", {"charge": charge.id})["status"] == "needs_response"
    assert "one of: won, lost" in decided(world, dispute, "settled")["error"]["message"]


def test_an_early_fraud_warning_is_settled_by_a_refund(world: Sandbox, client: stripe.StripeClient) -> None:
    charge = charged(world, WARNING)
    warning = client.v1.radar.early_fraud_warnings.list({"charge": charge.id}).data[0]
    assert (warning.charge, warning.actionable) == (charge.id, True)
    client.v1.refunds.create({"charge": charge.id})
    assert not client.v1.radar.early_fraud_warnings.retrieve(warning.id).actionable
    assert "radar.early_fraud_warning.updated" in event_types(world)
    assert client.v1.disputes.list().data == []
