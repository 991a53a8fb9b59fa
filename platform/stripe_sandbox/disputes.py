"""Disputes: from the bank's question (an inquiry) or withdrawal (a chargeback) to its end.

A chargeback takes amount and fee in one transaction. What comes back has one of its own: all when it is won, also late,
or a part of one that stays lost. The fee for receiving it is kept; the fee for countering it is a transaction of its
own and returns with a win (support.stripe.com/questions/june-2025-pricing-updates-for-disputes). Debits of bank
accounts are lost at once.
"""

from datetime import UTC, datetime

import stripe

from stripe_sandbox import charges
from stripe_sandbox.balance import record
from stripe_sandbox.errors import StripeError
from stripe_sandbox.events import emit
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

DAY = 86_400
RECEIVED_FEE = COUNTERED_FEE = 1500
# End of the day so many days on, and how long an inquiry stays open that nobody answers.
DUE_DAYS, INQUIRY_DAYS = 9, 120
INQUIRY = ("warning_needs_response", "warning_under_review")
OPEN = ("needs_response", "under_review")
# After these a charge may be disputed again.
ENDED = ("warning_closed", "won")
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "duplicate": "12.6", "general": "10.4"}


def refundable(world: World, charge: Json) -> bool:
    """A charge that was charged back cannot be refunded, unless that was won."""
    return all(dispute["is_charge_refundable"] for dispute in world.store.having("dispute", "charge", charge["id"]))


def by_magic(world: World, subject: str) -> None:
    """What a magic card or bank account does a moment after it paid; the subject is the charge and the reason."""
    identifier, reason = subject.split()
    charge = world.store.get("charge", identifier)
    if charge is not None and not charge["disputed"]:
        inquiry = reason == "inquiry"
        begin(world, charge, charge["amount"], "general" if inquiry else reason, inquiry=inquiry)


def begin(world: World, charge: Json, amount: int, reason: str, *, inquiry: bool = False) -> Json:
    """The bank tells of a dispute of `amount` cents of a charge."""
    if charge["status"] != "succeeded" or not 0 < amount <= charge["amount"]:
        raise StripeError(f"Nothing like that can be disputed of {charge['id']}.")
    if inquiry and charge["payment_method_details"]["type"] != "card":
        raise StripeError("Only about cards do banks inquire first.")
    if any(one["status"] not in ENDED for one in world.store.having("dispute", "charge", charge["id"])):
        raise StripeError(f"Charge {charge['id']} is disputed already.")
    dispute = _new(world, charge, amount, reason)
    charge["disputed"] = True
    charges.save(world, charge)
    _set_deadline(world, dispute)
    if inquiry:
        dispute["status"] = "warning_needs_response"
        dispute["payment_method_details"]["card"]["case_type"] = "inquiry"
        world.plan("inquiry_ends", dispute["id"], world.clock.now() + INQUIRY_DAYS * DAY)
    else:
        _withdraw(world, dispute)
    final = not inquiry and dispute["payment_method_details"] is None
    if final:
        dispute["status"] = "lost"
        dispute["evidence_details"]["due_by"] = 0
    save(world, dispute)
    emit(world, "charge.dispute.created", dispute)
    if not inquiry:
        emit(world, "charge.dispute.funds_withdrawn", dispute)
    if final:
        emit(world, "charge.dispute.closed", dispute)
    return dispute


def _new(world: World, charge: Json, amount: int, reason: str) -> Json:
    card = charge["payment_method_details"].get("card")
    return {
        "id": world.ids.new("du_1", 23),
        "object": "dispute",
        "amount": amount,
        "charge": charge["id"],
        "created": world.clock.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(stripe.Dispute.Evidence.__annotations__), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "network_reason_code": NETWORK_CODES.get(reason) if card else None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method(card, reason) if card else None,
        "reason": reason,
        "status": "needs_response",
        "_transactions": [],
        "_returned": 0,
        "_countered": 0,
    }


def _method(card: Json, reason: str) -> Json:
    network = {"case_type": "chargeback", "network": card["brand"], "network_reason_code": NETWORK_CODES.get(reason)}
    return {"type": "card", "card": {"brand": card["brand"], **network}}


def save(world: World, dispute: Json) -> None:
    world.store.put("dispute", dispute["id"], dispute)


def _withdraw(world: World, dispute: Json) -> None:
    dispute["is_charge_refundable"] = False
    description = f"Chargeback withdrawal for {dispute['charge']}"
    taken = record(world, "dispute", dispute, -dispute["amount"], fee=RECEIVED_FEE, description=description)
    dispute["_transactions"].append(taken["id"])
    world.plan("refunds_of_disputed", dispute["id"], world.clock.now())


def _set_deadline(world: World, dispute: Json) -> None:
    due_by = (world.clock.now() // DAY + DUE_DAYS + 1) * DAY - 1
    dispute["evidence_details"]["due_by"] = due_by
    world.plan("dispute_due", dispute["id"], due_by)


def become(world: World, dispute: Json, status: str) -> None:
    before = {"status": dispute["status"]}
    dispute["status"] = status
    save(world, dispute)
    emit(world, "charge.dispute.updated", dispute, previous=before)
    if status in ("won", "lost", "warning_closed"):
        emit(world, "charge.dispute.closed", dispute)


def counter(world: World, dispute: Json) -> None:
    """Evidence goes to the bank; for a chargeback that costs."""
    if dispute["status"] == "warning_needs_response":
        become(world, dispute, "warning_under_review")
        return
    date = datetime.fromtimestamp(world.clock.now(), UTC).date()
    # As on real accounts: a fee of its own that names no source.
    source = {**dispute, "id": None}
    record(world, "dispute_countered", source, -COUNTERED_FEE, description=f"Card Dispute Countered Fee ({date})")
    dispute["_countered"] = COUNTERED_FEE
    become(world, dispute, "under_review")


def escalate(world: World, dispute: Json) -> None:
    """An inquiry becomes a chargeback: now the money goes."""
    _refuse_unless(dispute, INQUIRY)
    dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    _set_deadline(world, dispute)
    _withdraw(world, dispute)
    become(world, dispute, "needs_response")
    emit(world, "charge.dispute.funds_withdrawn", dispute)


def win(world: World, dispute: Json) -> None:
    """What was withdrawn comes back, with the fee for countering; an inquiry just ends."""
    if dispute["status"] in INQUIRY:
        become(world, dispute, "warning_closed")
        return
    _refuse_unless(dispute, (*OPEN, "lost"))
    dispute["is_charge_refundable"] = True
    _reinstate(world, dispute, dispute["amount"] - dispute["_returned"], dispute["_countered"])
    dispute["_countered"] = 0
    become(world, dispute, "won")


def lose(world: World, dispute: Json, returned: int = 0) -> None:
    """The bank keeps what it took, or returns a part, perhaps later."""
    if dispute["status"] in INQUIRY:
        raise StripeError("An inquiry takes no money, so none can be lost: escalate it.")
    _refuse_unless(dispute, (*OPEN, "lost") if returned else OPEN)
    if not 0 <= returned < dispute["amount"] - dispute["_returned"]:
        raise StripeError("What comes back of a lost dispute is less than what was withdrawn.")
    if returned:
        _reinstate(world, dispute, returned, 0)
    if dispute["status"] != "lost":
        become(world, dispute, "lost")


def _refuse_unless(dispute: Json, statuses: tuple[str, ...]) -> None:
    if dispute["status"] not in statuses:
        raise StripeError(f"Dispute {dispute['id']} is {dispute['status']}; this is for {' or '.join(statuses)}.")


def _reinstate(world: World, dispute: Json, cents: int, fee: int) -> None:
    description = f"Chargeback reversal for {dispute['charge']}"
    back = record(world, "dispute_reversal", dispute, cents, fee=-fee, description=description)
    dispute["_transactions"].append(back["id"])
    dispute["_returned"] += cents
    save(world, dispute)
    emit(world, "charge.dispute.funds_reinstated", dispute)


def close_inquiries(world: World, charge: Json) -> None:
    """A refund of the whole charge settles the bank's question."""
    if charge["refunded"]:
        for dispute in world.store.having("dispute", "charge", charge["id"]):
            if dispute["status"] in INQUIRY:
                become(world, dispute, "warning_closed")


def pass_deadline(world: World, identifier: str) -> None:
    """Who sends nothing in time has lost."""
    dispute = world.store.get("dispute", identifier)
    if dispute is None or dispute["status"] != "needs_response":
        return
    # One that was an inquiry before has a later deadline.
    if dispute["evidence_details"]["due_by"] <= world.clock.now():
        become(world, dispute, "lost")


def end_inquiry(world: World, identifier: str) -> None:
    dispute = world.store.get("dispute", identifier)
    if dispute is not None and dispute["status"] in INQUIRY:
        become(world, dispute, "warning_closed")
