"""Drift on purpose: transactions that vanish, appear or change behind the books' back.

The balance goes with them, so that Stripe still agrees with itself: only the books differ from it.
"""

import random

from stripe_sandbox import balance
from stripe_sandbox.categories import NAMES
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

ALTERABLE = ("amount", "fee", "type", "reporting_category", "source", "description", "created", "available_on")
NUMBERS = ("amount", "fee", "created", "available_on")


def insert(world: World, wanted: Json) -> Json:
    """A transaction out of nothing: a fee Stripe bills, a hold, or a type nobody knows."""
    fields = _checked(wanted)
    kind: str = fields.get("type", "stripe_fee")
    amount: int = fields.get("amount", 0)
    fee: int = fields.get("fee", 0)
    now = world.clock.now()
    # What Stripe has no category for comes without one.
    category = NAMES[kind][1] if kind in NAMES else ""
    transaction: Json = {
        "id": world.ids.new("txn_1", 23),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": fields.get("available_on", now),
        "balance_type": "payments",
        "created": fields.get("created", now),
        "currency": str(wanted.get("currency", "usd")),
        "description": fields.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": fields.get("reporting_category", category),
        "source": fields.get("source"),
        "type": kind,
    }
    return balance.add(world, transaction)


def change(world: World, transaction: Json, wanted: Json) -> Json:
    """Other values for these fields; the net goes with them."""
    fields = _checked(wanted)
    after = {**transaction, **fields}
    balance.alter(world, transaction, {**fields, "net": after["amount"] - after["fee"]})
    return transaction


def _checked(wanted: Json) -> Json:
    fields = {name: value for name, value in wanted.items() if name != "currency"}
    for name, value in fields.items():
        if name not in ALTERABLE:
            raise ValueError(f"A transaction has no {name} to set. There are: {', '.join(ALTERABLE)}.")
        if name in NUMBERS and type(value) is not int:
            raise ValueError(f"{name} is a whole number.")
    return fields


def inject(world: World, seed: int) -> Json:
    """One drift, the same for the same seed and feed: what was done to which transaction, before and after."""
    chance = random.Random(seed)
    feed = [row for row in world.store.all("balance_transaction") if "_owner" not in row]
    if not feed:
        raise ValueError("There is no transaction yet that could drift.")
    victim = chance.choice(feed)
    match chance.choice(("deleted", "added", "altered")):
        case "deleted":
            balance.remove(world, victim)
            return {"kind": "deleted", "id": victim["id"], "before": _shown(victim), "after": None}
        case "added":
            # As like a real one as can be: another's, once more.
            twin = {name: victim[name] for name in ALTERABLE if name not in ("created", "available_on")}
            added = insert(world, {**twin, "currency": victim["currency"]})
            return {"kind": "added", "id": added["id"], "before": None, "after": _shown(added)}
    before = _shown(victim)
    field = chance.choice(("amount", "fee"))
    change(world, victim, {field: victim[field] + chance.choice((-1, 1)) * chance.randint(1, 5000)})
    return {"kind": "altered", "id": victim["id"], "before": before, "after": _shown(victim)}


def _shown(transaction: Json) -> Json:
    return {name: value for name, value in transaction.items() if not name.startswith("_")}
