"""Checkout sessions: open, then complete or expired."""

from stripe_sandbox import customers, intents
from stripe_sandbox.errors import StripeError
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.metadata import merged
from stripe_sandbox.methods import Payer
from stripe_sandbox.paging import matching, page, sliced
from stripe_sandbox.session_rules import DAY, payment_methods
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

# Fields that are shown as they were given, or as null.
ECHOED = (
    "allowed_payment_method_types",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "customer_email",
    "excluded_payment_method_types",
    "integration_identifier",
    "locale",
    "name_collection",
    "origin_context",
    "submit_type",
)
ABSENT = (
    "after_expiration",
    "client_secret",
    "consent",
    "currency_conversion",
    "customer_account",
    "invoice",
    "payment_link",
    "presentment_details",
    "recovered_from",
    "return_url",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "allow_promotion_codes",
    "payment_intent",
    "payment_method_configuration_details",
    "permissions",
    "url",
    "wallet_options",
)
EMPTY = ("custom_fields", "discounts", "shipping_options")


def create(world: World, params: Json) -> Json:
    session = _new(world, params)
    save_session(world, session)
    world.plan("expire", session["id"], session["expires_at"])
    return shown(world, session, params)


def _new(world: World, params: Json) -> Json:
    now = world.clock.now()
    identifier = world.ids.new("cs_test_a1", 56)
    items = [_line_item(world, item) for item in params["line_items"]]
    total = sum(item["amount_total"] for item in items)
    intent_data = params.get("payment_intent_data", {})
    return {
        "id": identifier,
        "object": "checkout.session",
        **{name: params.get(name) for name in ECHOED},
        **dict.fromkeys(ABSENT),
        **{name: [] for name in EMPTY},
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "collected_information": {"business_name": None, "individual_name": None, "shipping_details": None},
        "created": now,
        "currency": items[0]["currency"],
        "custom_text": params.get("custom_text") or dict.fromkeys(CUSTOM_TEXT),
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": _first_details(world, params),
        "expires_at": params.get("expires_at", now + DAY),
        "invoice_creation": {"enabled": False, "invoice_data": {"metadata": {}}},
        "livemode": False,
        "metadata": merged({}, params.get("metadata")),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": payment_methods(params),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "status": "open",
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "_line_items": items,
        "_payment_intent_data": {**intent_data, "metadata": merged({}, intent_data.get("metadata"))},
    }


CUSTOM_TEXT = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def _line_item(world: World, item: Json) -> Json:
    price, product = item["price_data"], item["price_data"]["product_data"]
    amount = price["unit_amount"] * item["quantity"]
    currency = price["currency"].lower()
    shown_price = {
        "id": world.ids.new("price_1", 23),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": world.clock.now(),
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "product": world.ids.new("prod_", 14),
        "recurring": None,
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }
    return {
        "id": world.ids.new("li_1", 23),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": product["name"],
        "metadata": merged({}, item.get("metadata")),
        "price": shown_price,
        "quantity": item["quantity"],
        "_note": product.get("description"),
    }


def _first_details(world: World, params: Json) -> Json | None:
    customer = world.store.get("customer", params.get("customer", ""))
    email = params.get("customer_email") or (customer or {}).get("email")
    return _details(email, None) if email else None


def _details(email: str, name: str | None) -> Json:
    address = {"city": None, "country": "US", "line1": None, "line2": None, "postal_code": None, "state": None}
    more: Json = {"business_name": None, "individual_name": None, "phone": None, "tax_exempt": "none", "tax_ids": []}
    return {"address": address if name else None, "email": email, "name": name, **more}


def save_session(world: World, session: Json) -> None:
    world.store.put("checkout.session", session["id"], session)


def complete(world: World, session: Json, payer: Payer, *, paid: bool) -> None:
    session["status"] = "complete"
    session["payment_status"] = "paid" if paid else "unpaid"
    session["customer_details"] = _details(payer.email, payer.name)
    if session["customer_creation"] == "always" and session["customer"] is None:
        session["customer"] = customers.add(world, {"email": payer.email, "name": payer.name})["id"]
    save_session(world, session)
    emit(world, "checkout.session.completed", session)


def tell_later(world: World, intent: Json, *, paid: bool) -> None:
    """What became of a payment that was still under way when its session completed."""
    for session in world.store.having("checkout.session", "payment_intent", intent["id"]):
        session["payment_status"] = "paid" if paid else "unpaid"
        save_session(world, session)
        emit(world, f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "checkout.session", identifier, param="session"), params)


def list_sessions(world: World, params: Json) -> Json:
    candidates = None
    if "payment_intent" in params:
        candidates = world.store.having("checkout.session", "payment_intent", params["payment_intent"])
    fits = matching(params, "customer", "payment_intent", "status", "payment_link", "subscription")
    email = params.get("customer_details", {}).get("email")

    def wanted(session: Json) -> bool:
        return fits(session) and (email is None or (session["customer_details"] or {}).get("email") == email)

    return page(world, "checkout.session", params, "/v1/checkout/sessions", wanted, candidates)


def list_line_items(world: World, params: Json, identifier: str) -> Json:
    session = found(world, "checkout.session", identifier, param="session")
    return sliced(session["_line_items"], params, f"/v1/checkout/sessions/{identifier}/line_items", world)


def expire(world: World, params: Json, identifier: str) -> Json:
    session = found(world, "checkout.session", identifier, param="session")
    if session["status"] != "open":
        message = (
            f'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
        raise StripeError(message, saved=True)
    _close(world, session)
    return shown(world, session, params)


def expire_in_time(world: World, identifier: str) -> None:
    session = world.store.get("checkout.session", identifier)
    if session is not None and session["status"] == "open":
        _close(world, session)


def _close(world: World, session: Json) -> None:
    session["status"] = "expired"
    session.pop("_challenge", None)
    save_session(world, session)
    if session["payment_intent"]:
        intents.canceled(world, intents.of_session(world, session), "expired")
    emit(world, "checkout.session.expired", session)
