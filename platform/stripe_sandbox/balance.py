"""The balance and its transactions: the one record of what Stripe holds."""

from stripe_sandbox.errors import no_such
from stripe_sandbox.paging import matching, page
from stripe_sandbox.rendering import expansion, render
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

DAY = 86_400
CARD_RATE, CARD_FIXED = 29, 30
DEBIT_RATE, DEBIT_MOST = 8, 500
# Stripe's names for what reports call the types the sandbox makes.
CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "charge_failure",
}


def card_fee(cents: int) -> int:
    """2.9% and 30 cents, half a cent rounded up."""
    return (cents * CARD_RATE + 500) // 1000 + CARD_FIXED


def debit_fee(cents: int) -> int:
    """0.8%, at most $5."""
    return min((cents * DEBIT_RATE + 500) // 1000, DEBIT_MOST)


def record(
    world: World, kind: str, source: Json, cents: int, *, fee: int = 0, days: int = 0, description: str | None = None
) -> Json:
    """A new balance transaction of `cents` less `fee`, available after so many days."""
    now = world.clock.now()
    details = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    transaction: Json = {
        "id": world.ids.new("txn_3", 23),
        "object": "balance_transaction",
        "amount": cents,
        "available_on": now + days * DAY,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{**details, "description": "Stripe processing fees"}] if fee else [],
        "net": cents - fee,
        "reporting_category": CATEGORIES[kind],
        "source": source["id"],
        "status": "pending" if days else "available",
        "type": kind,
    }
    world.store.put("balance_transaction", transaction["id"], transaction)
    world.add_to_total(transaction)
    if days:
        world.plan("mature", transaction["id"], transaction["available_on"])
    return transaction


def mature(world: World, identifier: str) -> None:
    transaction = world.store.get("balance_transaction", identifier)
    if transaction is not None and transaction["status"] == "pending":
        world.add_to_total(transaction, -1)
        transaction["status"] = "available"
        world.add_to_total(transaction)
        world.store.put("balance_transaction", identifier, transaction)


def retrieve_balance(world: World, params: Json) -> Json:
    currencies = sorted({currency for currency, _ in world.totals} | {"usd"})

    def sums(status: str) -> list[Json]:
        amounts = [(currency, world.totals.get((currency, status), 0)) for currency in currencies]
        return [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}} for currency, amount in amounts
        ]

    return {"object": "balance", "available": sums("available"), "livemode": False, "pending": sums("pending")}


def retrieve(world: World, params: Json, identifier: str) -> Json:
    transaction = world.store.get("balance_transaction", identifier)
    if transaction is None:
        raise no_such("balance transaction", identifier)
    return render(world, transaction, expansion(params.get("expand", []), in_list=False))


def list_transactions(world: World, params: Json) -> Json:
    candidates = None
    if "source" in params:
        candidates = world.store.having("balance_transaction", "source", params["source"])
    elif "payout" in params:
        # The sandbox makes no payouts, so no transaction is in one.
        candidates = []
    wanted = matching(params, "type", "currency", "source")
    return page(world, "balance_transaction", params, "/v1/balance_transactions", wanted, candidates)
