"""Stripe's magic test cards and bank accounts, and what a typed number means."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Behaviour:
    """What a card does when it is charged. `code` None: it pays."""

    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    authentication: bool = False
    refund: Literal["succeeds", "later", "fails later"] = "succeeds"
    available_at_once: bool = False
    # Why it is disputed a moment later: a reason, "inquiry", or "warning" for an early fraud warning only.
    disputed: str = ""


def _declined(
    decline_code: str, message: str = "Your card was declined.", *, authentication: bool = False
) -> Behaviour:
    return Behaviour("card_declined", decline_code, message, authentication)


PAYS = Behaviour()
NO_TEST_CARD = _declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card.",
)
CARDS = {
    "4242424242424242": PAYS,
    "4000056655665556": PAYS,
    "5555555555554444": PAYS,
    "2223003122003222": PAYS,
    "378282246310005": PAYS,
    "6011111111111117": PAYS,
    "4000000000000077": Behaviour(available_at_once=True),
    "4000000000007726": Behaviour(refund="later"),
    "4000000000005126": Behaviour(refund="fails later"),
    "4000000000000259": Behaviour(disputed="fraudulent"),
    "4000000000002685": Behaviour(disputed="product_not_received"),
    "4000000000001976": Behaviour(disputed="inquiry"),
    "4000000000005423": Behaviour(disputed="warning"),
    "4000000000000341": _declined("generic_decline"),
    "4000000000000002": _declined("generic_decline"),
    "4000000000009995": _declined("insufficient_funds", "Your card has insufficient funds."),
    "4000000000009987": _declined("lost_card"),
    "4000000000009979": _declined("stolen_card"),
    "4000000000006975": _declined(
        "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    ),
    "4000000000000069": Behaviour("expired_card", "expired_card", "Your card has expired."),
    "4000000000000127": Behaviour("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    "4000000000000119": Behaviour(
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "4242424242424241": Behaviour("incorrect_number", "incorrect_number", "Your card number is incorrect."),
    "4000002500003155": Behaviour(authentication=True),
    "4000002760003184": Behaviour(authentication=True),
    "4000008400001629": _declined("generic_decline", authentication=True),
}

BRANDS = {"4": "visa", "5": "mastercard", "2": "mastercard", "3": "amex", "6": "discover"}
DEBIT = {"4000056655665556"}

ROUTING_NUMBER = "110000000"


@dataclass(frozen=True)
class Debit:
    """How a debit of a bank account ends. `code` None: the money comes, perhaps to be disputed; `stays`: no news."""

    code: str | None = None
    message: str = ""
    stays: bool = False
    disputed: str = ""


ACCOUNTS = {
    "000123456789": Debit(),
    "000111111113": Debit("account_closed", "The customer's bank account has been closed."),
    "000111111116": Debit("no_account", "The customer's bank account could not be located."),
    "000222222227": Debit("insufficient_funds", "The customer's account has insufficient funds to cover this payment."),
    "000333333335": Debit(
        "debit_not_authorized", "The customer has notified their bank that this payment was unauthorized."
    ),
    "000555555559": Debit(disputed="debit_not_authorized"),
    "000000000009": Debit(stays=True),
}


def behaviour_of(number: str) -> Behaviour:
    return CARDS.get(number, NO_TEST_CARD)


def plausible(number: str) -> bool:
    """Whether a number could be a card's: Stripe's page checks the last digit before it asks anybody."""
    if number in CARDS:
        return True
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def brand(number: str) -> str:
    return BRANDS.get(number[:1], "unknown")


def funding(number: str) -> str:
    return "debit" if number in DEBIT else "credit"
