"""The part of the control surface that moves money: what banks, card networks and Stripe itself would do."""

from collections.abc import Callable
from typing import Any

from stripe_sandbox import accounts, balance, dispute_answers, disputes, drift, payouts, refunds, topups
from stripe_sandbox.cards import ACCOUNTS
from stripe_sandbox.rendering import render
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

Action = Callable[[World, Json, str], Json]


def _object(world: World, kind: str, identifier: str) -> Json:
    """Of whichever account."""
    found = world.store.get(kind, identifier)
    if found is None:
        raise ValueError(f"There is no {kind} {identifier}.")
    return found


def _account(world: World, wanted: Json) -> Json:
    return _object(world, "account", str(wanted.get("account", accounts.PLATFORM)))


def _choice(wanted: Json, name: str, choices: tuple[str, ...]) -> Any:
    if wanted.get(name) not in choices:
        raise ValueError(f'Give {{"{name}": …}}, one of: {", ".join(choices)}.')
    return wanted[name]


def _cents(wanted: Json, name: str, default: int) -> int:
    cents = wanted.get(name, default)
    if type(cents) is not int:
        raise ValueError(f"{name} is a whole number of cents.")
    return cents


def open_account(world: World, wanted: Json, _: str) -> Json:
    identifier = str(wanted.get("id", ""))
    if not identifier.startswith("acct_") or world.store.get("account", identifier):
        raise ValueError('Give {"id": "acct_…", "name": …} of an account that is not there yet.')
    return render(world, accounts.open_account(world, identifier, str(wanted.get("name", identifier))))


def set_bank(world: World, wanted: Json, _: str) -> Json:
    number = _choice(wanted, "number", tuple(ACCOUNTS))
    return render(world, accounts.set_bank(world, _account(world, wanted), number))


def schedule(world: World, wanted: Json, _: str) -> Json:
    account = _account(world, wanted)
    accounts.schedule(world, account, _choice(wanted, "schedule", ("manual", "daily")))
    return {"account": account["id"], "schedule": wanted["schedule"]}


def run_payouts(world: World, wanted: Json, _: str) -> Json:
    made = payouts.run(world, _account(world, wanted))
    return {"payouts": [render(world, payout) for payout in made]}


def move_payout(world: World, wanted: Json, identifier: str) -> Json:
    payout = _object(world, "payout", identifier)
    if _choice(wanted, "becomes", ("in_transit", "paid", "failed")) == "failed":
        payouts.fail(world, payout, str(wanted.get("code", "could_not_process")))
    else:
        payouts.hurry(world, payout, wanted["becomes"])
    return render(world, payout)


def move_refund(world: World, wanted: Json, identifier: str) -> Json:
    refund = _object(world, "refund", identifier)
    status = _choice(wanted, "becomes", ("pending", "requires_action", "succeeded", "failed", "canceled"))
    refunds.become(world, refund, status, str(wanted.get("reason", "expired_or_canceled_card")))
    return render(world, refund)


def move_topup(world: World, wanted: Json, identifier: str) -> Json:
    topup = _object(world, "topup", identifier)
    topups.become(world, topup, _choice(wanted, "becomes", ("succeeded", "failed", "reversed")))
    return render(world, topup)


def open_dispute(world: World, wanted: Json, _: str) -> Json:
    charge = _object(world, "charge", str(wanted.get("charge", "")))
    amount = _cents(wanted, "amount", charge["amount"])
    inquiry = bool(wanted.get("inquiry", False))
    reason = str(wanted.get("reason", "fraudulent"))
    return render(world, disputes.begin(world, charge, amount, reason, inquiry=inquiry))


def decide_dispute(world: World, wanted: Json, identifier: str) -> Json:
    dispute = _object(world, "dispute", identifier)
    outcome = _choice(wanted, "outcome", ("won", "lost", "escalated"))
    dispute_answers.decide(world, dispute, outcome, _cents(wanted, "returned", 0))
    return render(world, dispute)


def insert_transaction(world: World, wanted: Json, _: str) -> Json:
    return render(world, drift.insert(world, wanted))


def change_transaction(world: World, wanted: Json, identifier: str) -> Json:
    transaction = _object(world, "balance_transaction", identifier)
    if wanted == {"delete": True}:
        balance.remove(world, transaction)
        return {"id": identifier, "deleted": True}
    return render(world, drift.change(world, transaction, wanted))


def inject_drift(world: World, wanted: Json, _: str) -> Json:
    return drift.inject(world, _cents(wanted, "seed", 0))


ACTIONS: dict[str, Action] = {
    "accounts": open_account,
    "bank": set_bank,
    "payouts": schedule,
    "payouts/run": run_payouts,
    "payouts/{id}": move_payout,
    "refunds/{id}": move_refund,
    "topups/{id}": move_topup,
    "disputes": open_dispute,
    "disputes/{id}": decide_dispute,
    "transactions": insert_transaction,
    "transactions/{id}": change_transaction,
    "drift": inject_drift,
}


def act(world: World, name: str, wanted: Json) -> Json | None:
    """What an action (all are POST) answers, or None when there is none of this name."""
    collection, _, identifier = name.partition("/")
    action = ACTIONS.get(name) or ACTIONS.get(f"{collection}/{{id}}")
    if action is None:
        return None
    with world.step():
        return action(world, wanted, identifier)
