"""The balance and its transactions: the one record of what Stripe holds, for each account."""

from stripe_sandbox.categories import NAMES
from stripe_sandbox.errors import StripeError
from stripe_sandbox.identifiers import OF_INTENTS
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

CARD_RATE, CARD_FIXED = 29, 30
DEBIT_RATE, DEBIT_MOST = 8, 500
FEES = {"dispute": "Dispute fee", "dispute_reversal": "Dispute fee refund", "payout": "Instant Payout fee"}


def card_fee(cents: int) -> int:
    """2.9% and 30 cents, half a cent rounded up."""
    return (cents * CARD_RATE + 500) // 1000 + CARD_FIXED


def debit_fee(cents: int) -> int:
    """0.8%, at most $5."""
    return min((cents * DEBIT_RATE + 500) // 1000, DEBIT_MOST)


def record(
    world: World,
    name: str,
    source: Json,
    cents: int,
    *,
    fee: int = 0,
    available_on: int = 0,
    description: str | None = None,
) -> Json:
    """A new transaction of `cents` less `fee`, of the account that owns its source; `name` is one of `categories`."""
    kind, category = NAMES[name]
    details = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    transaction: Json = {
        "id": world.ids.new("txn_3" if source["object"] in OF_INTENTS else "txn_1", 23),
        "object": "balance_transaction",
        "amount": cents,
        "available_on": max(available_on, world.clock.now()),
        "balance_type": "payments",
        "created": world.clock.now(),
        "currency": source["currency"],
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{**details, "description": FEES.get(name, "Stripe processing fees")}] if fee else [],
        "net": cents - fee,
        "reporting_category": category,
        "source": source["id"],
        "type": kind,
    }
    if "_owner" in source:
        transaction["_owner"] = source["_owner"]
    return add(world, transaction)


def add(world: World, transaction: Json) -> Json:
    """Keeps a transaction and counts it: as available, or as pending until it is."""
    later = transaction["available_on"] > world.clock.now()
    transaction["status"] = "pending" if later else "available"
    world.store.put("balance_transaction", transaction["id"], transaction)
    world.add_to_total(transaction)
    if later:
        world.plan("mature", transaction["id"], transaction["available_on"])
    return transaction


def mature(world: World, identifier: str) -> None:
    transaction = world.store.get("balance_transaction", identifier)
    if transaction is not None and transaction["status"] == "pending":
        alter(world, transaction, {"status": "available"})


def alter(world: World, transaction: Json, changes: Json) -> None:
    """Changes a transaction and the balance with it: the two never differ, not even by drift on purpose."""
    world.add_to_total(transaction, -1)
    transaction.update(changes)
    world.add_to_total(transaction)
    world.store.put("balance_transaction", transaction["id"], transaction)


def remove(world: World, transaction: Json) -> None:
    world.add_to_total(transaction, -1)
    world.store.delete("balance_transaction", transaction["id"])


def available(world: World, owner: str | None, currency: str) -> int:
    return world.totals.get((owner, currency, "available"), 0)


def pending_until(world: World, identifier: str | None) -> int:
    """When the money of a transaction becomes available; 0 when it is, or there is no such transaction."""
    transaction = world.store.get("balance_transaction", identifier or "")
    pending = transaction is not None and transaction["status"] == "pending"
    return int(transaction["available_on"]) if transaction is not None and pending else 0


def insufficient(what: str) -> StripeError:
    message = (
        f"You have insufficient available funds in your Stripe account for this {what}. Try adding funds directly to "
        "your available balance by creating Charges using the 4000000000000077 test card."
    )
    return StripeError(message, code="balance_insufficient", saved=True)


def retrieve_balance(world: World, params: Json) -> Json:
    owner = world.account
    currencies = sorted({currency for whose, currency, _ in world.totals if whose == owner} | {"usd"})

    def sums(*statuses: str, least: int | None = None) -> list[Json]:
        totals = [sum(world.totals.get((owner, currency, status), 0) for status in statuses) for currency in currencies]
        amounts = totals if least is None else [max(amount, least) for amount in totals]
        return [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in zip(currencies, amounts, strict=True)
        ]

    return {
        "object": "balance",
        "available": sums("available"),
        "instant_available": sums("available", least=0),
        "livemode": False,
        "pending": sums("pending"),
    }


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "balance_transaction", identifier, "balance transaction"), params)


def list_transactions(world: World, params: Json) -> Json:
    candidates = None
    if "source" in params:
        candidates = world.store.having("balance_transaction", "source", params["source"])
    if "payout" in params:
        candidates = _of_payout(world, params["payout"])
    wanted = matching(params, "type", "currency", "source")
    return page(world, "balance_transaction", params, "/v1/balance_transactions", wanted, candidates)


def _of_payout(world: World, identifier: str) -> list[Json]:
    """What an automatic payout consists of, its own transaction included; only that until the rest is worked out."""
    payout = found(world, "payout", identifier, param="payout")
    if not payout["automatic"]:
        raise StripeError("Balance transaction history can only be filtered on automatic transfers, not manual.")
    everything = world.store.having("balance_transaction", "_payout", identifier)
    if payout["reconciliation_status"] == "completed":
        return everything
    return [transaction for transaction in everything if transaction["id"] == payout["balance_transaction"]]
