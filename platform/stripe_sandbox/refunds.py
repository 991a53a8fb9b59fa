"""Refunds: whole or in part; at once, later or waiting for money; and those that fail, even after they succeeded."""

from typing import Any, Literal

from stripe_sandbox import charges, disputes, early_warnings, metadata
from stripe_sandbox.balance import available, record
from stripe_sandbox.errors import StripeError
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

# How long the magic cards let one wait, and how often one without money is tried again, in sandbox time.
LATER, AGAIN = 86_400, 3600
ACTION_DAYS = 45
NEXT = {
    "pending": ("requires_action", "succeeded", "failed"),
    "requires_action": ("pending", "succeeded", "failed", "canceled"),
    "succeeded": ("failed",),
}
Status = Literal["pending", "requires_action", "succeeded", "failed", "canceled"]


def check(world: World, params: Json) -> None:
    if "charge" not in params and "payment_intent" not in params:
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    if params.get("amount", 1) < 1:
        message = "Invalid positive integer"
        raise StripeError(message, code="parameter_invalid_integer", param="amount")


def create(world: World, params: Json) -> Json:
    charge = _charge(world, params)
    amount = _amount(world, charge, params)
    refund = new(world, charge, amount, params)
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    count(world, charge, amount)
    if charge["_refund"] == "later":
        refund |= {"status": "pending", "pending_reason": "processing"}
        world.plan("refund_succeeds", refund["id"], world.clock.now() + LATER)
    else:
        _take_or_wait(world, refund, charge)
    if charge["_refund"] == "fails later":
        world.plan("refund_fails", refund["id"], world.clock.now() + LATER)
    world.store.put("refund", refund["id"], refund)
    emit(world, "refund.created", refund)
    emit(world, "charge.refunded", charge, previous=before)
    if refund["status"] == "pending" and not _is_of_card(refund):
        become(world, refund, "failed", "insufficient_funds")
    disputes.close_inquiries(world, charge)
    early_warnings.settle(world, charge)
    return shown(world, refund, params)


def _charge(world: World, params: Json) -> Json:
    """The charge that is asked for, by its id or as the one that succeeded of a PaymentIntent."""
    if "charge" in params:
        charge: Json | None = found(world, "charge", params["charge"], param="charge", saved=True)
        if charge and params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            raise StripeError("The charge does not belong to the payment_intent.", param="charge", saved=True)
    else:
        intent = found(world, "payment_intent", params["payment_intent"], param="payment_intent", saved=True)
        charge = world.store.get("charge", intent["latest_charge"] or "")
    if charge is None or charge["status"] != "succeeded":
        owner = params.get("payment_intent") or params.get("charge")
        message = f"This payment ({owner}) does not have a successful charge to refund."
        raise StripeError(message, code="payment_intent_unexpected_state", saved=True)
    return charge


def _amount(world: World, charge: Json, params: Json) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    amount: int = params.get("amount", left)
    if not disputes.refundable(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed", saved=True)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded", saved=True)
    if amount > left:
        what = "charge amount" if not charge["amount_refunded"] else "unrefunded amount on charge"
        message = f"Refund amount ({dollars(amount)}) is greater than {what} ({dollars(left)})"
        raise StripeError(message, param="amount", saved=True)
    return amount


def dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02}"


DESTINATIONS: dict[str, dict[str, Any]] = {
    "card": {
        "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
        "type": "card",
    },
    "us_bank_account": {
        "us_bank_transfer": {"reference": None, "reference_status": "pending"},
        "type": "us_bank_transfer",
    },
}


def new(world: World, charge: Json, amount: int, params: Json) -> Json:
    """Not yet kept: the caller says what becomes of it."""
    method = charge["payment_method_details"]["type"]
    refund: Json = {
        "id": world.ids.new("re_3" if method == "card" else "pyr_3", 23),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": world.clock.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": DESTINATIONS.get(method),
        "metadata": metadata.merged({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    if "_owner" in charge:
        refund["_owner"] = charge["_owner"]
    return refund


def count(world: World, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    charges.save(world, charge)


def _is_of_card(refund: Json) -> bool:
    return str(refund["id"]).startswith("re_")


def _take_or_wait(world: World, refund: Json, charge: Json) -> None:
    """Takes the money out of the balance; the fee of the charge stays paid.

    What a charge brought that is not available yet pays its own refund. Else the available balance must cover it: a
    refund to a card waits until it does (docs.stripe.com/refunds).
    """
    available_on = charges.available_on(world, charge)
    if not available_on and available(world, None, refund["currency"]) < refund["amount"]:
        refund |= {"status": "pending", "pending_reason": "insufficient_funds"}
        world.plan("refund_again", refund["id"], world.clock.now() + AGAIN)
        return
    kind = "refund" if _is_of_card(refund) else "payment_refund"
    description = f"REFUND FOR CHARGE ({charge['description']})" if charge["description"] else "REFUND FOR CHARGE"
    taken = record(world, kind, refund, -refund["amount"], available_on=available_on, description=description)
    refund["balance_transaction"] = taken["id"]
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)


def succeed(world: World, identifier: str) -> None:
    """Does what was put off, if the balance has the money by now."""
    refund = world.store.get("refund", identifier)
    if refund is not None and refund["status"] == "pending":
        become(world, refund, "succeeded")


def become(world: World, refund: Json, status: Status, reason: str = "expired_or_canceled_card") -> None:
    """The next state. One that failed or was canceled counts as not refunded; money that was taken comes back."""
    if status not in NEXT.get(refund["status"], ()):
        raise StripeError(f"A refund that is {refund['status']} cannot become {status}.", saved=True)
    before = {"status": refund["status"], "balance_transaction": refund["balance_transaction"]}
    charge = world.store.get("charge", refund["charge"])
    assert charge is not None, "a refund is of a charge"
    if status == "succeeded":
        _take_or_wait(world, refund, charge)
    else:
        refund["status"] = status
        _show_action(world, refund)
    if status in ("failed", "canceled"):
        count(world, charge, -refund["amount"])
    if status == "failed":
        _give_back(world, refund, reason)
    world.store.put("refund", refund["id"], refund)
    if refund["status"] != before["status"]:
        changed = {name: value for name, value in before.items() if refund[name] != value}
        emit(world, "refund.updated", refund, previous=changed)
    if status == "failed":
        emit(world, "refund.failed", refund)


def _show_action(world: World, refund: Json) -> None:
    """What the customer must do first, while that is so."""
    refund.pop("next_action", None)
    refund.pop("pending_reason", None)
    if refund["status"] == "requires_action":
        sent = {"expires_at": world.clock.now() + ACTION_DAYS * LATER, "email_sent": {"email_sent_at": None}}
        refund["next_action"] = {"type": "display_details", "display_details": sent}


def _give_back(world: World, refund: Json, reason: str) -> None:
    refund["failure_reason"] = reason
    if refund["balance_transaction"] is not None:
        back = record(world, "refund_failure", refund, refund["amount"], description="REFUND FAILURE")
        refund["failure_balance_transaction"] = back["id"]


def fail(world: World, identifier: str) -> None:
    """The bank sends the money back."""
    refund = world.store.get("refund", identifier)
    if refund is not None and refund["status"] == "succeeded":
        become(world, refund, "failed")


def fail_disputed(world: World, identifier: str) -> None:
    """What was under way when its charge was charged back does not arrive any more; nor what an escalation overtook."""
    dispute = world.store.get("dispute", identifier) or {}
    since = dispute.get("_escalating")
    for refund in world.store.having("refund", "charge", dispute.get("charge", "")):
        late = since is not None and refund["status"] == "succeeded" and refund["created"] >= since
        if late or refund["status"] in ("pending", "requires_action"):
            become(world, refund, "failed", "charge_for_pending_refund_disputed")


def cancel(world: World, params: Json, identifier: str) -> Json:
    refund = found(world, "refund", identifier, saved=True)
    if refund["status"] != "requires_action":
        message = f"Refund {identifier} has status {refund['status']}; only one that requires_action can be canceled."
        raise StripeError(message, saved=True)
    become(world, refund, "canceled")
    return shown(world, refund, params)


def update(world: World, params: Json, identifier: str) -> Json:
    return metadata.update(world, found(world, "refund", identifier, saved=True), params, "refund.updated")


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "refund", identifier), params)


def list_refunds(world: World, params: Json) -> Json:
    candidates = None
    for field in ("charge", "payment_intent"):
        if field in params:
            candidates = world.store.having("refund", field, params[field])
    return page(world, "refund", params, "/v1/refunds", matching(params, "charge", "payment_intent"), candidates)
