"""What was typed on the payment page, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from stripe_sandbox import cards
from stripe_sandbox.methods import Account, Card, Payer
from stripe_sandbox.session_rules import plausible_email
from stripe_sandbox.store import Json

FIELDS = ("method", "email", "name", "card_number", "expiry", "cvc", "routing_number", "account_number")


@dataclass
class PayForm:
    """Values by field, kept as typed; errors by field, in the order of the page."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def payer(self) -> Payer:
        return Payer(self.values["email"].strip(), self.values["name"].strip())

    @property
    def card(self) -> Card:
        month, year = _expiry(self.values["expiry"]) or (0, 0)
        return Card(_digits(self.values["card_number"]), month, year)

    @property
    def account(self) -> Account:
        return Account(_digits(self.values["account_number"]), _digits(self.values["routing_number"]))


def empty(session: Json) -> PayForm:
    details = session["customer_details"] or {}
    values = dict.fromkeys(FIELDS, "")
    values["method"] = session["payment_method_types"][0]
    values["email"] = session["customer_email"] or details.get("email") or ""
    return PayForm(values)


def read(session: Json, body: bytes, now: int) -> PayForm:
    form = empty(session)
    typed = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    form.values.update({name: typed[name][:200] for name in FIELDS if name in typed})
    errors = {"email": "" if plausible_email(form.payer.email) else "Enter an email address, like name@example.org"}
    if form.values["method"] not in session["payment_method_types"]:
        errors["method"] = "Choose how to pay"
    elif form.values["method"] == "card":
        errors.update(_card_errors(form, now))
    else:
        errors.update(_account_errors(form))
    if not form.payer.name:
        errors["name"] = "Enter the name on the card or account"
    form.errors = {name: errors[name] for name in ("method", "email", *FIELDS[3:], "name") if errors.get(name)}
    return form


def _card_errors(form: PayForm, now: int) -> dict[str, str]:
    errors = {}
    if not form.card.number:
        errors["card_number"] = "Enter the card number"
    elif not cards.plausible(form.card.number):
        errors["card_number"] = "Your card number is invalid"
    expiry, today = _expiry(form.values["expiry"]), datetime.fromtimestamp(now, UTC)
    if expiry is None:
        errors["expiry"] = "Enter the expiry date as month and year, like 12 / 34"
    elif (expiry[1], expiry[0]) < (today.year, today.month):
        errors["expiry"] = "Your card's expiration date is in the past"
    if not re.fullmatch(r"[0-9]{3,4}", form.values["cvc"].strip()):
        errors["cvc"] = "Enter the security code: 3 or 4 digits"
    return errors


def _account_errors(form: PayForm) -> dict[str, str]:
    errors = {}
    if form.account.routing != cards.ROUTING_NUMBER:
        errors["routing_number"] = f"Enter the test bank's routing number, {cards.ROUTING_NUMBER}"
    if form.account.number not in cards.ACCOUNTS:
        errors["account_number"] = "Enter one of Stripe's test account numbers, like 000123456789"
    return errors


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _expiry(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"\s*([0-9]{1,2})\s*/?\s*(?:20)?([0-9]{2})\s*", text)
    if match is None or not 1 <= int(match.group(1)) <= 12:
        return None
    return int(match.group(1)), 2000 + int(match.group(2))
