"""Pays a checkout session: by card (with 3-D Secure, declines) or by debit of a US bank account."""

from dataclasses import dataclass
from typing import Any, Literal

from stripe_sandbox import cards, charges, intents, methods
from stripe_sandbox.balance import card_fee, debit_fee, record
from stripe_sandbox.cards import Behaviour
from stripe_sandbox.checkout import complete, save_session, tell_later
from stripe_sandbox.events import emit
from stripe_sandbox.methods import Account, Card, Payer
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

DAY = 86_400
# automatic_async: the balance transaction comes after the charge, with charge.updated.
CAPTURE_SECONDS = 2
DISPUTED_SECONDS = 1
CARD_DAYS, DEBIT_DAYS = 2, 4
DEBIT_CLEARS = 3 * DAY


@dataclass(frozen=True)
class Outcome:
    status: Literal["paid", "processing", "authenticate", "declined", "closed"]
    error: dict[str, Any] | None = None


def pay_by_card(world: World, session: Json, card: Card, payer: Payer, *, authenticated: bool = False) -> Outcome:
    """One attempt. A session that is not open is left alone: two tabs make one charge."""
    if session["status"] != "open":
        return Outcome("closed")
    behaviour = cards.behaviour_of(card.number)
    intent = intents.of_session(world, session)
    method = methods.of_card(world, card, payer)
    intent["payment_method"] = method["id"]
    if behaviour.authentication and not authenticated:
        return _challenge(world, session, intent, card, payer)
    session.pop("_challenge", None)
    if behaviour.code is None and world.faults.hit("decline"):
        behaviour = cards.CARDS["4000000000000002"]
    if behaviour.code is not None:
        return _decline(world, session, intent, method, behaviour, authenticated=authenticated)
    details = methods.card_details(method, authenticated=authenticated, intent=intent)
    charge = charges.attempt(world, intent, method, status="succeeded", details=details)
    charge["_refund"] = behaviour.refund
    charge["_days"] = 0 if behaviour.available_at_once else CARD_DAYS
    emit(world, "charge.succeeded", charge)
    intents.succeeded(world, intent)
    complete(world, session, payer, paid=True)
    world.plan("capture", charge["id"], world.clock.now() + CAPTURE_SECONDS)
    _plan_dispute(world, charge, behaviour.disputed)
    return Outcome("paid")


def _plan_dispute(world: World, charge: Json, reason: str) -> None:
    moment = world.clock.now() + DISPUTED_SECONDS
    if reason == "warning":
        world.plan("early_warning", charge["id"], moment)
    elif reason:
        world.plan("disputed", f"{charge['id']} {reason}", moment)


def _challenge(world: World, session: Json, intent: Json, card: Card, payer: Payer) -> Outcome:
    session["_challenge"] = {"card": vars(card), "payer": vars(payer)}
    save_session(world, session)
    intent["status"] = "requires_action"
    intent["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    intents.save(world, intent)
    emit(world, "payment_intent.requires_action", intent)
    return Outcome("authenticate")


def answer_challenge(world: World, session: Json, *, passed: bool) -> Outcome:
    """What the bank's 3-D Secure page says: go on with the payment, or not."""
    challenge = session.get("_challenge")
    if session["status"] != "open" or challenge is None:
        return Outcome("closed")
    card, payer = Card(**challenge["card"]), Payer(**challenge["payer"])
    if passed:
        return pay_by_card(world, session, card, payer, authenticated=True)
    session.pop("_challenge")
    save_session(world, session)
    intent = intents.of_session(world, session)
    error = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        "message": "We are unable to authenticate your payment method. Please choose a different payment method "
        "and try again.",
        "type": "card_error",
    }
    intents.failed(world, intent, error)
    return Outcome("declined", error)


def _decline(
    world: World, session: Json, intent: Json, method: Json, behaviour: Behaviour, *, authenticated: bool
) -> Outcome:
    assert behaviour.code is not None
    details = methods.card_details(method, authenticated=authenticated, intent=intent)
    if behaviour.code == "incorrect_cvc":
        details["card"]["checks"] = {**details["card"]["checks"], "cvc_check": "fail"}
    charge = charges.attempt(world, intent, method, status="failed", details=details)
    charges.declined(charge, code=behaviour.code, message=behaviour.message, decline_code=behaviour.decline_code)
    charges.save(world, charge)
    emit(world, "charge.failed", charge)
    intent["payment_method"] = None
    error = charges.error_of(charge, method, behaviour.decline_code)
    intents.failed(world, intent, error)
    save_session(world, session)
    return Outcome("declined", error)


def capture(world: World, identifier: str) -> None:
    """Gives a charge by card its balance transaction."""
    charge = world.store.get("charge", identifier)
    if charge is None or charge["balance_transaction"]:
        return
    fee, available_on = card_fee(charge["amount"]), world.clock.now() + charge["_days"] * DAY
    transaction = record(
        world,
        "charge",
        charge,
        charge["amount"],
        fee=fee,
        available_on=available_on,
        description=charge["description"],
    )
    charge["balance_transaction"] = transaction["id"]
    charges.save(world, charge)
    emit(world, "charge.updated", charge, previous={"balance_transaction": None})


def pay_by_debit(world: World, session: Json, account: Account, payer: Payer) -> Outcome:
    """Submits a debit: the session is complete, the money is not there yet, the balance transaction is."""
    if session["status"] != "open":
        return Outcome("closed")
    session.pop("_challenge", None)
    intent = intents.of_session(world, session)
    method = methods.of_account(world, account, payer)
    intent["payment_method"] = method["id"]
    charge = charges.attempt(world, intent, method, status="pending", details=methods.account_details(method))
    charge["_refund"] = "succeeds"
    charge["_debited"] = account.number
    fee, available_on = debit_fee(charge["amount"]), world.clock.now() + DEBIT_DAYS * DAY
    transaction = record(
        world,
        "payment",
        charge,
        charge["amount"],
        fee=fee,
        available_on=available_on,
        description=charge["description"],
    )
    charge["balance_transaction"] = transaction["id"]
    charges.save(world, charge)
    intent["status"] = "processing"
    intent["last_payment_error"] = None
    intents.save(world, intent)
    emit(world, "charge.pending", charge)
    emit(world, "payment_intent.processing", intent)
    complete(world, session, payer, paid=False)
    if not cards.ACCOUNTS[account.number].stays:
        world.plan("clear", charge["id"], world.clock.now() + DEBIT_CLEARS)
    return Outcome("processing")


def clear(world: World, identifier: str) -> None:
    """What the bank says days later about a debit."""
    charge = world.store.get("charge", identifier)
    if charge is None or charge["status"] != "pending":
        return
    intent = world.store.get("payment_intent", charge["payment_intent"])
    assert intent is not None
    debit = cards.ACCOUNTS[charge["_debited"]]
    if debit.code is None:
        charge["status"], charge["paid"] = "succeeded", True
        charges.save(world, charge)
        emit(world, "charge.succeeded", charge)
        intents.succeeded(world, intent)
        tell_later(world, intent, paid=True)
        _plan_dispute(world, charge, debit.disputed)
        return
    _bounce(world, charge, intent, debit)


def _bounce(world: World, charge: Json, intent: Json, debit: cards.Debit) -> None:
    assert debit.code is not None
    charges.declined(charge, code=debit.code, message=debit.message, decline_code=None)
    charge["status"] = "failed"
    # The fee goes back with the money: a debit that failed costs nothing here (unchecked against Stripe).
    fee, available_on = -debit_fee(charge["amount"]), world.clock.now() + DAY
    back = record(world, "payment_failure_refund", charge, -charge["amount"], fee=fee, available_on=available_on)
    charge["failure_balance_transaction"] = back["id"]
    charges.save(world, charge)
    emit(world, "charge.failed", charge)
    method = world.store.get("payment_method", charge["payment_method"])
    assert method is not None
    intent["payment_method"] = None
    intents.failed(world, intent, charges.error_of(charge, method, None))
    tell_later(world, intent, paid=False)
