"""Payment methods: what a payer typed, as Stripe keeps it (never the whole number)."""

from dataclasses import dataclass
from typing import Any

from stripe_sandbox import cards
from stripe_sandbox.store import Json
from stripe_sandbox.world import World


@dataclass(frozen=True)
class Payer:
    email: str
    name: str


@dataclass(frozen=True)
class Card:
    number: str
    month: int = 12
    year: int = 2099


@dataclass(frozen=True)
class Account:
    number: str
    routing: str = cards.ROUTING_NUMBER


def of_card(world: World, card: Card, payer: Payer) -> Json:
    shown = {
        "brand": cards.brand(card.number),
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": cards.brand(card.number),
        "exp_month": card.month,
        "exp_year": card.year,
        "fingerprint": f"sandbox{card.number[-4:]}",
        "funding": cards.funding(card.number),
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [cards.brand(card.number)], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _method(world, "card", shown, payer)


def of_account(world: World, account: Account, payer: Payer) -> Json:
    shown = {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": f"sandbox{account.number[-4:]}",
        "last4": account.number[-4:],
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": account.routing,
        "status_details": {},
    }
    return _method(world, "us_bank_account", shown, payer)


def _method(world: World, kind: str, shown: Json, payer: Payer) -> Json:
    method: Json = {
        "id": world.ids.new("pm_1", 23),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {
            "address": {
                "city": None,
                "country": "US",
                "line1": None,
                "line2": None,
                "postal_code": None,
                "state": None,
            },
            "email": payer.email,
            "name": payer.name,
            "phone": None,
            "tax_id": None,
        },
        "created": world.clock.now(),
        "customer": None,
        kind: shown,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
    return world.store.put("payment_method", method["id"], method)


def card_details(method: Json, *, authenticated: bool, intent: Json) -> dict[str, Any]:
    """payment_method_details of a charge by card."""
    card = method["card"]
    secure = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    same = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    details = {name: card[name] for name in same}
    more = {
        "amount_authorized": intent["amount"],
        "authorization_code": "123456",
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "three_d_secure": secure if authenticated else None,
        "wallet": None,
    }
    return {"card": {**details, **more}, "type": "card"}


def account_details(method: Json) -> dict[str, Any]:
    """payment_method_details of a debit of a bank account."""
    account = method["us_bank_account"]
    same = ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number")
    details = {name: account[name] for name in same}
    return {"type": "us_bank_account", "us_bank_account": {**details, "mandate": None, "payment_reference": None}}
