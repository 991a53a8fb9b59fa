"""Refunds: partial or full, and the magic cards whose refunds come late or fail."""

from stripe_sandbox import charges
from stripe_sandbox.balance import record
from stripe_sandbox.errors import StripeError, no_such
from stripe_sandbox.events import emit
from stripe_sandbox.metadata import merged
from stripe_sandbox.paging import matching, page
from stripe_sandbox.rendering import expansion, render
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

# How long the magic cards let one wait, in sandbox time.
LATER = 86_400


def check(world: World, params: Json) -> None:
    if "charge" not in params and "payment_intent" not in params:
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    if params.get("amount", 1) < 1:
        message = "Invalid positive integer"
        raise StripeError(message, code="parameter_invalid_integer", param="amount")


def create(world: World, params: Json) -> Json:
    charge = _charge(world, params)
    amount = _amount(charge, params)
    refund = _new(world, charge, amount, params)
    world.store.put("refund", refund["id"], refund)
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    _count(world, charge, amount)
    if charge["_refund"] == "later":
        refund["status"] = "pending"
        world.plan("refund_succeeds", refund["id"], world.clock.now() + LATER)
    else:
        _take(world, refund)
    if charge["_refund"] == "fails later":
        world.plan("refund_fails", refund["id"], world.clock.now() + LATER)
    emit(world, "refund.created", refund)
    emit(world, "charge.refunded", charge, previous=before)
    return render(world, refund, expansion(params.get("expand", []), in_list=False))


def _charge(world: World, params: Json) -> Json:
    """The charge that is asked for, by its id or as the one that succeeded of a PaymentIntent."""
    if "charge" in params:
        charge = world.store.get("charge", params["charge"])
        if charge is None:
            raise no_such("charge", params["charge"], param="charge", saved=True)
        if params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            raise StripeError("The charge does not belong to the payment_intent.", param="charge", saved=True)
    else:
        intent = world.store.get("payment_intent", params["payment_intent"])
        if intent is None:
            raise no_such("payment_intent", params["payment_intent"], param="payment_intent", saved=True)
        charge = world.store.get("charge", intent["latest_charge"] or "")
    if charge is None or charge["status"] != "succeeded":
        owner = params.get("payment_intent") or params.get("charge")
        message = f"This payment ({owner}) does not have a successful charge to refund."
        raise StripeError(message, code="payment_intent_unexpected_state", saved=True)
    return charge


def _amount(charge: Json, params: Json) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    amount: int = params.get("amount", left)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded", saved=True)
    if amount > left:
        what = "charge amount" if not charge["amount_refunded"] else "unrefunded amount on charge"
        message = f"Refund amount ({_money(amount)}) is greater than {what} ({_money(left)})"
        raise StripeError(message, param="amount", saved=True)
    return amount


def _money(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02}"


def _new(world: World, charge: Json, amount: int, params: Json) -> Json:
    card = charge["payment_method_details"]["type"] == "card"
    destination = (
        {"card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}}
        if card
        else {"us_bank_transfer": {"reference": None, "reference_status": "pending"}}
    )
    return {
        "id": world.ids.new("re_3" if card else "pyr_3", 23),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": world.clock.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {**destination, "type": next(iter(destination))},
        "metadata": merged({}, params.get("metadata")),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def _count(world: World, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    charges.save(world, charge)


def _take(world: World, refund: Json) -> None:
    """Takes the money out of the balance; the fee of the charge stays paid."""
    kind = "refund" if refund["id"].startswith("re_") else "payment_refund"
    refund["balance_transaction"] = record(world, kind, refund, -refund["amount"])["id"]
    world.store.put("refund", refund["id"], refund)


def succeed(world: World, identifier: str) -> None:
    refund = world.store.get("refund", identifier)
    if refund is None or refund["status"] != "pending":
        return
    refund["status"] = "succeeded"
    _take(world, refund)
    emit(world, "refund.updated", refund, previous={"status": "pending", "balance_transaction": None})


def fail(world: World, identifier: str) -> None:
    """The bank sends the money back: its own transaction, and the charge counts as not refunded."""
    refund = world.store.get("refund", identifier)
    if refund is None or refund["status"] != "succeeded":
        return
    charge = world.store.get("charge", refund["charge"])
    assert charge is not None
    refund["status"] = "failed"
    refund["failure_reason"] = "expired_or_canceled_card"
    refund["failure_balance_transaction"] = record(world, "refund_failure", refund, refund["amount"])["id"]
    world.store.put("refund", identifier, refund)
    _count(world, charge, -refund["amount"])
    emit(world, "refund.updated", refund, previous={"status": "succeeded"})
    emit(world, "refund.failed", refund)


def update(world: World, params: Json, identifier: str) -> Json:
    refund = world.store.get("refund", identifier)
    if refund is None:
        raise no_such("refund", identifier, saved=True)
    before = refund["metadata"]
    refund["metadata"] = merged(before, params.get("metadata"))
    world.store.put("refund", identifier, refund)
    emit(world, "refund.updated", refund, previous={"metadata": before})
    return render(world, refund, expansion(params.get("expand", []), in_list=False))


def retrieve(world: World, params: Json, identifier: str) -> Json:
    refund = world.store.get("refund", identifier)
    if refund is None:
        raise no_such("refund", identifier)
    return render(world, refund, expansion(params.get("expand", []), in_list=False))


def list_refunds(world: World, params: Json) -> Json:
    candidates = None
    for field in ("charge", "payment_intent"):
        if field in params:
            candidates = world.store.having("refund", field, params[field])
    return page(world, "refund", params, "/v1/refunds", matching(params, "charge", "payment_intent"), candidates)
