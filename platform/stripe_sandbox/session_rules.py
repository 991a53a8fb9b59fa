"""What a new checkout session must satisfy, beyond the types of its parameters."""

from urllib.parse import urlsplit

from stripe_sandbox.errors import StripeError, missing_parameter, no_such, shout
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

LEAST, MOST = 50, 99_999_999
ITEMS = 100
HALF_HOUR, DAY = 1800, 86_400
# Stripe knows these; the sandbox would have to change sums or flows for them, and says so instead of ignoring them.
NOT_PLAYED = {
    "discounts",
    "allow_promotion_codes",
    "shipping_options",
    "optional_items",
    "automatic_tax",
    "subscription_data",
    "setup_intent_data",
    "invoice_creation",
    "after_expiration",
    "custom_fields",
    "managed_payments",
}
NOT_PLAYED_ITEM = {"adjustable_quantity", "tax_rates"}
NOT_PLAYED_INTENT = {"application_fee_amount", "on_behalf_of", "transfer_data", "setup_future_usage", "shipping"}
SUFFIX = 22


def check_session(world: World, params: Json) -> None:
    """Refuses with Stripe's error, or loudly what the sandbox cannot play."""
    for name in ("mode", "line_items", "success_url"):
        if name not in params:
            raise missing_parameter(name)
    if params["mode"] != "payment":
        raise not_played(f"mode={params['mode']}")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_played(f"ui_mode={params['ui_mode']}")
    _refuse_not_played(params, NOT_PLAYED, "")
    _check_urls(params)
    _check_customer(world, params)
    reference = params.get("client_reference_id", "")
    if len(reference) > 200:
        message = f"Invalid string: {reference[:20]}…; must be at most 200 characters"
        raise StripeError(message, param="client_reference_id")
    _check_intent_data(params.get("payment_intent_data", {}))
    _check_methods(params)
    _check_expiry(params, world.clock.now())
    check_items(params["line_items"])


def not_played(what: str) -> StripeError:
    shout(f"NOT IN THE SANDBOX: checkout session with {what}")
    return StripeError(f"The Stripe sandbox of this project does not play {what}; Stripe itself does.", param=what)


def _refuse_not_played(params: Json, names: set[str], path: str) -> None:
    for name in sorted(names & set(params)):
        value = params[name]
        # Switched off is what the sandbox does anyway.
        if value is False or (isinstance(value, dict) and value.get("enabled") is False):
            continue
        raise not_played(path + name)


def _check_urls(params: Json) -> None:
    for name in ("success_url", "cancel_url"):
        if name in params:
            parts = urlsplit(params[name])
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise StripeError("Not a valid URL", code="url_invalid", param=name)


def _check_customer(world: World, params: Json) -> None:
    if "customer" in params and "customer_email" in params:
        message = "You may only specify one of these parameters: customer, customer_email."
        raise StripeError(message, code="parameters_exclusive")
    if "customer" in params and world.store.get("customer", params["customer"]) is None:
        raise no_such("customer", params["customer"], param="customer", status=400)
    email = params.get("customer_email")
    if email is not None and not plausible_email(email):
        raise StripeError(f"Invalid email address: {email}", code="email_invalid", param="customer_email")


def plausible_email(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".")) and not any(letter.isspace() for letter in text)


def _check_intent_data(data: Json) -> None:
    _refuse_not_played(data, NOT_PLAYED_INTENT, "payment_intent_data.")
    if data.get("capture_method", "automatic_async") != "automatic_async":
        raise not_played(f"payment_intent_data.capture_method={data['capture_method']}")
    suffix = data.get("statement_descriptor_suffix", "")
    if len(suffix) > SUFFIX:
        message = f"The statement descriptor suffix must be at most {SUFFIX} characters."
        raise StripeError(message, param="payment_intent_data[statement_descriptor_suffix]")


def _check_methods(params: Json) -> None:
    if "allowed_payment_method_types" in params and "excluded_payment_method_types" in params:
        message = (
            "You may only specify one of these parameters: allowed_payment_method_types, excluded_payment_method_types."
        )
        raise StripeError(message, code="parameters_exclusive")
    if not payment_methods(params):
        raise StripeError("No valid payment method types for this Checkout Session.")


def payment_methods(params: Json) -> list[str]:
    """The methods the page offers: the sandbox has cards and debits of US bank accounts."""
    offered = ["card", "us_bank_account"]
    if "allowed_payment_method_types" in params:
        return [method for method in offered if method in params["allowed_payment_method_types"]]
    return [method for method in offered if method not in params.get("excluded_payment_method_types", [])]


def _check_expiry(params: Json, now: int) -> None:
    moment = params.get("expires_at", now + DAY)
    if moment < now + HALF_HOUR:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise StripeError(message, param="expires_at")
    if moment > now + DAY:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise StripeError(message, param="expires_at")


def check_items(items: list[Json]) -> None:
    if not items:
        raise missing_parameter("line_items")
    if len(items) > ITEMS:
        message = f"You can specify at most {ITEMS} line items, but you passed in {len(items)}"
        raise StripeError(message, param="line_items")
    for number, item in enumerate(items):
        _check_item(item, f"line_items[{number}]")
    currencies = {item["price_data"]["currency"].lower() for item in items}
    if len(currencies) > 1:
        raise StripeError("All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    if not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        raise StripeError(f"Invalid currency: {currency}", param="line_items[0][price_data][currency]")
    total = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
    if total < LEAST:
        message = "The Checkout Session's total amount due must add up to at least $0.50 usd"
        raise StripeError(message, code="amount_too_small")
    if total > MOST:
        message = "The Checkout Session's total amount due must be no more than $999,999.99"
        raise StripeError(message, code="amount_too_large")


def _check_item(item: Json, path: str) -> None:
    _refuse_not_played(item, NOT_PLAYED_ITEM, f"{path}.")
    if "price" in item:
        # The sandbox keeps no prices, so none is ever found.
        raise no_such("price", item["price"], param=f"{path}[price]", status=400)
    if "price_data" not in item:
        raise missing_parameter(f"{path}[price_data]")
    if "quantity" not in item:
        raise missing_parameter(f"{path}[quantity]")
    if item["quantity"] < 1:
        message = "Invalid integer: must be greater than or equal to 1"
        raise StripeError(message, code="parameter_invalid_integer", param=f"{path}[quantity]")
    price = item["price_data"]
    if "recurring" in price or "unit_amount_decimal" in price:
        raise not_played(f"{path}.price_data.{'recurring' if 'recurring' in price else 'unit_amount_decimal'}")
    if "unit_amount" not in price:
        raise missing_parameter(f"{path}[price_data][unit_amount]")
    if price["unit_amount"] < 0:
        message = "Invalid non-negative integer"
        raise StripeError(message, code="parameter_invalid_integer", param=f"{path}[price_data][unit_amount]")
    if "product_data" not in price:
        if "product" in price:
            raise no_such("product", price["product"], param=f"{path}[price_data][product]", status=400)
        raise missing_parameter(f"{path}[price_data][product_data]")
