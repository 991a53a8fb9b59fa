"""PaymentIntents: made when a session is confirmed for the first time, then one per session."""

from typing import Any

from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

# Fields of what the sandbox does not play, shown as null.
ABSENT = (
    "allowed_payment_method_types",
    "application",
    "application_fee_amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "customer_account",
    "excluded_payment_method_types",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "processing",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "transfer_data",
)


def of_session(world: World, session: Json) -> Json:
    """The session's PaymentIntent, made and announced when there is none yet."""
    if session["payment_intent"]:
        intent = world.store.get("payment_intent", session["payment_intent"])
        assert intent is not None, "a session names an intent that is not in the state"
        return intent
    intent = _new(world, session)
    save(world, intent)
    session["payment_intent"] = intent["id"]
    emit(world, "payment_intent.created", intent)
    return intent


def _new(world: World, session: Json) -> Json:
    data: Json = session["_payment_intent_data"]
    identifier = world.ids.new("pi_3", 23)
    return {
        "id": identifier,
        "object": "payment_intent",
        **dict.fromkeys(ABSENT),
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": world.ids.new(f"{identifier}_secret_", 25),
        "confirmation_method": "automatic",
        "created": world.clock.now(),
        "currency": session["currency"],
        "customer": session["customer"],
        "description": data.get("description"),
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "receipt_email": data.get("receipt_email"),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_group": data.get("transfer_group"),
    }


def save(world: World, intent: Json) -> None:
    world.store.put("payment_intent", intent["id"], intent)


def failed(world: World, intent: Json, error: dict[str, Any]) -> None:
    """Back to the start, with the reason; the customer may try another way."""
    intent["status"] = "requires_payment_method"
    intent["last_payment_error"] = error
    intent["next_action"] = None
    intent["processing"] = None
    save(world, intent)
    emit(world, "payment_intent.payment_failed", intent)


def succeeded(world: World, intent: Json) -> None:
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["last_payment_error"] = None
    intent["next_action"] = None
    intent["processing"] = None
    save(world, intent)
    emit(world, "payment_intent.succeeded", intent)


def canceled(world: World, intent: Json, reason: str) -> None:
    intent["status"] = "canceled"
    intent["canceled_at"] = world.clock.now()
    intent["cancellation_reason"] = reason
    intent["next_action"] = None
    save(world, intent)
    emit(world, "payment_intent.canceled", intent)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "payment_intent", identifier, param="intent"), params)


def list_intents(world: World, params: Json) -> Json:
    return page(world, "payment_intent", params, "/v1/payment_intents", matching(params, "customer"))
