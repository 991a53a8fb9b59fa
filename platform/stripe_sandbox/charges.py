"""Charges: each attempt of a PaymentIntent to take money."""

from typing import Any

from stripe_sandbox.balance import pending_until
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

DAY = 86_400
APPROVED = {"network_status": "approved_by_network", "reason": None, "type": "authorized"}
APPROVED_MESSAGE = "Payment complete."


# Fields that are null at first, most of them for good.
ABSENT = (
    "application",
    "application_fee",
    "application_fee_amount",
    "balance_transaction",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "on_behalf_of",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "transfer_data",
)


# What a PaymentIntent brings along, and a transfer does not.
OF_PAYER = ("id", "customer", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")


def attempt(world: World, intent: Json, method: Json, *, status: str, details: Json) -> Json:
    """A new charge of a PaymentIntent, with a copy of its metadata as it is now."""
    prefix = "ch_3" if method["type"] == "card" else "py_3"
    charge: Json = {
        "id": world.ids.new(prefix, 23),
        "object": "charge",
        **dict.fromkeys(ABSENT),
        "amount": intent["amount"],
        "amount_captured": 0 if status == "failed" else intent["amount"],
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "STRIPE SANDBOX",
        "captured": status != "failed",
        "created": world.clock.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": {**APPROVED, "risk_level": "normal", "risk_score": 20, "seller_message": APPROVED_MESSAGE},
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_group": intent["transfer_group"],
    }
    intent["latest_charge"] = charge["id"]
    save(world, charge)
    return charge


def received(world: World, transfer: Json) -> Json:
    """The payment that a transfer is on the connected account's side: one without an intent or a payer."""
    nobody = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    method = {"id": None, "type": "stripe_account", "billing_details": nobody}
    same = {name: transfer[name] for name in ("amount", "currency", "description", "transfer_group")}
    intent = {**dict.fromkeys(OF_PAYER), **same, "metadata": {}}
    details = {"stripe_account": {}, "type": "stripe_account"}
    charge = attempt(world, intent, method, status="succeeded", details=details)
    charge |= {"outcome": None, "source_transfer": transfer["id"], "_owner": transfer["destination"]}
    save(world, charge)
    return charge


def available_on(world: World, charge: Json) -> int:
    """When a charge's money is available; 0 when it is already. Before the balance has it, as late as it will be."""
    if charge["balance_transaction"] is None:
        return int(world.clock.now() + charge["_days"] * DAY)
    return pending_until(world, charge["balance_transaction"])


def save(world: World, charge: Json) -> None:
    world.store.put("charge", charge["id"], charge)


def declined(charge: Json, *, code: str, message: str, decline_code: str | None) -> None:
    charge["failure_code"] = code
    charge["failure_message"] = message
    charge["outcome"] = {
        "advice_code": "try_again_later" if decline_code in ("generic_decline", "insufficient_funds") else None,
        "network_status": "declined_by_network",
        "reason": decline_code or code,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def error_of(charge: Json, method: Json, decline_code: str | None) -> dict[str, Any]:
    """The card_error that a failed charge leaves on its PaymentIntent."""
    error = {
        "charge": charge["id"],
        "code": charge["failure_code"],
        "doc_url": f"https://stripe.com/docs/error-codes/{charge['failure_code'].replace('_', '-')}",
        "message": charge["failure_message"],
        "payment_method": render_method(method),
        "type": "card_error",
    }
    if decline_code:
        error["decline_code"] = decline_code
    return error


def render_method(method: Json) -> Json:
    return {name: value for name, value in method.items() if not name.startswith("_")}


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "charge", identifier), params)


def list_charges(world: World, params: Json) -> Json:
    candidates = None
    if "payment_intent" in params:
        candidates = world.store.having("charge", "payment_intent", params["payment_intent"])
    wanted = matching(params, "customer", "payment_intent", "transfer_group")
    return page(world, "charge", params, "/v1/charges", wanted, candidates)
