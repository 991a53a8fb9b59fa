"""Payouts to the bank: by schedule or by hand, standard or instant, and negative ones that take from the bank.

A payout that was paid can still fail. Only automatic ones can say what they consist of.
"""

from typing import Literal

from stripe_sandbox import metadata
from stripe_sandbox.accounts import PLATFORM, bank_of, plan_payout
from stripe_sandbox.balance import available, insufficient, record
from stripe_sandbox.cards import ACCOUNTS
from stripe_sandbox.errors import StripeError, no_such
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page, within
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

HOUR, DAY = 3600, 86_400
# Seconds until the bank has it, and until it should have arrived: no weekends here.
TIMES = {"standard": (HOUR, DAY), "instant": (60, 1800)}
RECONCILED = 1800
INSTANT_RATE, INSTANT_LEAST = 15, 50
DESCRIPTOR = 22
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "no_account": "The bank account could not be located.",
    "insufficient_funds": "The bank account has insufficient funds to cover this debit.",
    "debit_not_authorized": "Debits of this bank account are not allowed.",
    "could_not_process": "The bank could not process this payout.",
}


def instant_fee(cents: int) -> int:
    """1.5%, half a cent rounded up, at least 50 cents."""
    return max((cents * INSTANT_RATE + 500) // 1000, INSTANT_LEAST)


def check(world: World, params: Json) -> None:
    if params["amount"] < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if len(params.get("statement_descriptor", "")) > DESCRIPTOR:
        message = f"The statement descriptor must be at most {DESCRIPTOR} characters."
        raise StripeError(message, param="statement_descriptor")
    if "payout_method" in params or params.get("source_type", "card") != "card":
        raise StripeError("The Stripe sandbox of this project pays out card balances to bank accounts only.")


def create(world: World, params: Json) -> Json:
    """A payout by hand, out of what is available."""
    cents, currency, method = params["amount"], params["currency"].lower(), params.get("method", "standard")
    bank = bank_of(world, world.account)
    if params.get("destination", bank["id"]) != bank["id"]:
        raise no_such("external account", params["destination"], param="destination", saved=True)
    if bank["status"] == "errored":
        message = "Payouts to this bank account failed. Payouts are paused until it is replaced."
        raise StripeError(message, code="payouts_not_allowed", saved=True)
    fee = instant_fee(cents) if method == "instant" else 0
    if available(world, world.account, currency) < cents + fee:
        raise insufficient("payout")
    more: Json = {name: params[name] for name in ("description", "statement_descriptor") if name in params}
    payout = _new(world, world.account, cents, currency, method, automatic=False)
    payout |= {**more, "metadata": metadata.merged({}, params.get("metadata"))}
    _send(world, payout, fee)
    return shown(world, payout, params)


def _new(world: World, owner: str | None, cents: int, currency: str, method: str, *, automatic: bool) -> Json:
    payout: Json = {
        "id": world.ids.new("po_1", 23),
        "object": "payout",
        "amount": cents,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": world.clock.now() + TIMES[method][1],
        "automatic": automatic,
        "balance_transaction": None,
        "created": world.clock.now(),
        "currency": currency,
        "description": "STRIPE PAYOUT" if automatic else None,
        "destination": bank_of(world, owner)["id"],
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": method,
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
    if owner is not None:
        payout["_owner"] = owner
    return payout


def _send(world: World, payout: Json, fee: int = 0) -> None:
    transaction = record(world, "payout", payout, -payout["amount"], fee=fee, description="STRIPE PAYOUT")
    payout["balance_transaction"] = transaction["id"]
    if payout["automatic"]:
        _assign(world, transaction, payout)
        world.plan("payout_reconciled", payout["id"], payout["created"] + RECONCILED)
    world.store.put("payout", payout["id"], payout)
    world.plan("payout_moves", payout["id"], payout["created"] + TIMES[payout["method"]][0])
    emit(world, "payout.created", payout)


def _assign(world: World, transaction: Json, payout: Json) -> None:
    transaction["_payout"] = payout["id"]
    world.store.put("balance_transaction", transaction["id"], transaction)


def pay_out(world: World, identifier: str) -> None:
    """The schedule of one account comes round."""
    account = world.store.get("account", identifier)
    if account is not None and account["settings"]["payouts"]["schedule"]["interval"] == "daily":
        run(world, account)
        plan_payout(world, account)


def run(world: World, account: Json) -> list[Json]:
    """Pays out all that is available and in no payout yet, an automatic payout for each currency.

    Less than nothing is taken from the bank. What a payout by hand or a failed one moved is in the next automatic one.
    """
    owner = None if account["id"] == PLATFORM else account["id"]
    if bank_of(world, owner)["status"] == "errored":
        return []
    groups: dict[str, list[Json]] = {}
    for transaction in world.store.all("balance_transaction"):
        free = transaction["status"] == "available" and "_payout" not in transaction
        if free and transaction.get("_owner") == owner:
            groups.setdefault(transaction["currency"], []).append(transaction)
    return [payout for currency, rows in groups.items() if (payout := _sweep(world, owner, currency, rows))]


def _sweep(world: World, owner: str | None, currency: str, rows: list[Json]) -> Json | None:
    cents = sum(transaction["net"] for transaction in rows)
    if not cents:
        return None
    payout = _new(world, owner, cents, currency, "standard", automatic=True)
    for transaction in rows:
        _assign(world, transaction, payout)
    _send(world, payout)
    return payout


def reconciled(world: World, identifier: str) -> None:
    payout = world.store.get("payout", identifier)
    if payout is not None:
        payout["reconciliation_status"] = "completed"
        world.store.put("payout", identifier, payout)
        emit(world, "payout.reconciliation_completed", payout, previous={"reconciliation_status": "in_progress"})


def move_on(world: World, identifier: str) -> None:
    """Pending, then in transit, then paid; a bank account that does not take it makes it fail."""
    payout = world.store.get("payout", identifier)
    if payout is None or payout["status"] not in ("pending", "in_transit"):
        return
    if payout["status"] == "pending":
        _become(world, payout, "in_transit")
        world.plan("payout_moves", identifier, payout["arrival_date"])
        return
    bank = bank_of(world, payout.get("_owner"))
    code = ACCOUNTS[bank["_number"]].code
    if code is None:
        payout["trace_id"] = {"status": "supported", "value": payout["id"].removeprefix("po_1")[:15]}
        _become(world, payout, "paid")
        return
    bank["status"] = "errored"
    world.store.put("bank_account", bank["id"], bank)
    fail(world, payout, code)


def hurry(world: World, payout: Json, status: Literal["in_transit", "paid"]) -> None:
    """The next state before its time; not every day is a bank's day."""
    order = ("pending", "in_transit", "paid")
    if payout["status"] not in order[: order.index(status)]:
        raise StripeError(f"A payout that is {payout['status']} cannot become {status}.")
    while payout["status"] in order[: order.index(status)]:
        move_on(world, payout["id"])


def _become(world: World, payout: Json, status: Literal["in_transit", "paid", "failed", "canceled"]) -> None:
    before = {"status": payout["status"]}
    payout["status"] = status
    world.store.put("payout", payout["id"], payout)
    emit(world, "payout.updated", payout, previous=before)
    if status != "in_transit":
        emit(world, f"payout.{status}", payout)


def fail(world: World, payout: Json, code: str = "could_not_process") -> None:
    """The bank sends it back, also days after it was paid: money and fee return in a transaction of their own."""
    if payout["status"] not in ("pending", "in_transit", "paid"):
        raise StripeError(f"A payout that is {payout['status']} cannot fail.")
    if code not in FAILURES:
        raise StripeError(f"No such failure: {code}. There are: {', '.join(FAILURES)}.")
    payout["failure_code"], payout["failure_message"] = code, FAILURES[code]
    _give_back(world, payout, "payout_failure")
    _become(world, payout, "failed")


def _give_back(world: World, payout: Json, name: str) -> None:
    sent = world.store.get("balance_transaction", payout["balance_transaction"])
    fee = sent["fee"] if sent else 0
    description = f"REFUND FOR PAYOUT ({payout['description'] or 'STRIPE PAYOUT'})"
    back = record(world, name, payout, payout["amount"], fee=-fee, description=description)
    payout["failure_balance_transaction"] = back["id"]


def cancel(world: World, params: Json, identifier: str) -> Json:
    payout = found(world, "payout", identifier, saved=True)
    if payout["automatic"] or payout["status"] != "pending":
        raise StripeError("Only payouts made by hand can be canceled, while they are pending.", saved=True)
    _give_back(world, payout, "payout_cancel")
    _become(world, payout, "canceled")
    return shown(world, payout, params)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "payout", identifier), params)


def update(world: World, params: Json, identifier: str) -> Json:
    return metadata.update(world, found(world, "payout", identifier, saved=True), params, "payout.updated")


def list_payouts(world: World, params: Json) -> Json:
    fits = matching(params, "status", "destination")

    def wanted(payout: Json) -> bool:
        return fits(payout) and within(params.get("arrival_date"), payout["arrival_date"])

    return page(world, "payout", params, "/v1/payouts", wanted)
