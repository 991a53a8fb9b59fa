"""Transfers from the platform's balance to a connected account's, and their reversals."""

from stripe_sandbox import charges, metadata, refunds
from stripe_sandbox.accounts import PLATFORM
from stripe_sandbox.balance import available, insufficient, pending_until, record
from stripe_sandbox.errors import StripeError, missing_parameter, no_such
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page, sliced
from stripe_sandbox.refunds import dollars
from stripe_sandbox.store import Json
from stripe_sandbox.world import World


def check(world: World, params: Json) -> None:
    if "amount" not in params and "source_transaction" not in params:
        raise missing_parameter("amount")
    _check_positive(world, params)


def _check_positive(world: World, params: Json) -> None:
    if params.get("amount", 1) < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")


check_reversal = _check_positive


def create(world: World, params: Json) -> Json:
    """Out of what is available; with a `source_transaction` out of that charge, as soon as it is available itself."""
    account = params["destination"]
    if account == PLATFORM or world.store.get("account", account) is None:
        raise no_such("destination", account, param="destination", status=400, saved=True)
    currency = params["currency"].lower()
    charge = _source(world, params, currency)
    left = _left(world, charge) if charge else available(world, None, currency)
    cents = params.get("amount", left)
    if not 0 < cents <= left:
        raise _exceeds(charge, left) if charge else insufficient("transfer")
    transfer = _new(world, params, cents, charge)
    _move(world, transfer, charge)
    emit(world, "transfer.created", transfer)
    return shown(world, transfer, params)


def _source(world: World, params: Json, currency: str) -> Json | None:
    if "source_transaction" not in params:
        return None
    charge = found(world, "charge", params["source_transaction"], param="source_transaction", saved=True)
    if charge["status"] == "failed" or charge["currency"] != currency:
        message = f"The charge {charge['id']} cannot be the source of this transfer: it failed or has another currency."
        raise StripeError(message, param="source_transaction", saved=True)
    return charge


def _exceeds(charge: Json, left: int) -> StripeError:
    message = (
        "Transfers using this transaction as a source must not exceed the source amount of "
        f"{dollars(charge['amount'])}. (There is already {dollars(charge['amount'] - left)} transferred using this "
        "source.)"
    )
    return StripeError(message, param="amount", saved=True)


def _left(world: World, charge: Json) -> int:
    """What transfers have left of a charge; reversed ones give it back."""
    of_charge = world.store.having("transfer", "source_transaction", charge["id"])
    return int(charge["amount"] - sum(transfer["amount"] - transfer["amount_reversed"] for transfer in of_charge))


def _new(world: World, params: Json, cents: int, charge: Json | None) -> Json:
    group = params.get("transfer_group")
    if charge is not None:
        group = charge["transfer_group"] = group or charge["transfer_group"] or f"group_{charge['payment_intent']}"
        charges.save(world, charge)
    return {
        "id": world.ids.new("tr_1", 23),
        "object": "transfer",
        "amount": cents,
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": world.clock.now(),
        "currency": params["currency"].lower(),
        "description": params.get("description"),
        "destination": params["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": metadata.merged({}, params.get("metadata")),
        "reversed": False,
        "source_transaction": charge["id"] if charge else None,
        "source_type": "card",
        "transfer_group": group,
    }


def _move(world: World, transfer: Json, charge: Json | None) -> None:
    """A transaction on each side; both are available when the charge they are of is."""
    cents, available_on = transfer["amount"], charges.available_on(world, charge) if charge else 0
    sent = record(world, "transfer", transfer, -cents, available_on=available_on, description=transfer["description"])
    transfer["balance_transaction"] = sent["id"]
    payment = charges.received(world, transfer)
    got = record(world, "payment", payment, cents, available_on=available_on)
    payment["balance_transaction"] = got["id"]
    charges.save(world, payment)
    transfer["destination_payment"] = payment["id"]
    world.store.put("transfer", transfer["id"], transfer)


def reverse(world: World, params: Json, identifier: str) -> Json:
    """Takes back a part or all, as far as the connected account has it."""
    transfer = found(world, "transfer", identifier, saved=True)
    left = transfer["amount"] - transfer["amount_reversed"]
    cents = params.get("amount", left)
    if cents > left or not left:
        message = f"Transfer {identifier} has {dollars(left)} left that can be reversed, less than {dollars(cents)}."
        raise StripeError(message, param="amount", saved=True)
    payment = world.store.get("charge", transfer["destination_payment"])
    assert payment is not None, "a transfer has a payment on the other side"
    available_on = pending_until(world, payment["balance_transaction"])
    if not available_on and available(world, transfer["destination"], transfer["currency"]) < cents:
        raise insufficient("reversal on the connected account")
    reversal = _take_back(world, transfer, payment, cents, available_on)
    reversal |= {"metadata": metadata.merged({}, params.get("metadata"))}
    world.store.put("transfer_reversal", reversal["id"], reversal)
    before = {"amount_reversed": transfer["amount_reversed"], "reversed": transfer["reversed"]}
    transfer["amount_reversed"] += cents
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    world.store.put("transfer", identifier, transfer)
    emit(world, "transfer.reversed", transfer, previous=before)
    return shown(world, reversal, params)


def _take_back(world: World, transfer: Json, payment: Json, cents: int, available_on: int) -> Json:
    refund = refunds.new(world, payment, cents, {})
    refund["balance_transaction"] = record(world, "payment_refund", refund, -cents, available_on=available_on)["id"]
    world.store.put("refund", refund["id"], refund)
    refunds.count(world, payment, cents)
    reversal: Json = {
        "id": world.ids.new("trr_1", 23),
        "object": "transfer_reversal",
        "amount": cents,
        "balance_transaction": None,
        "created": world.clock.now(),
        "currency": transfer["currency"],
        "destination_payment_refund": refund["id"],
        "metadata": {},
        "source_refund": None,
        "transfer": transfer["id"],
    }
    description = f"REFUND FOR TRANSFER ({transfer['description'] or transfer['id']})"
    back = record(world, "transfer_refund", reversal, cents, available_on=available_on, description=description)
    reversal["balance_transaction"] = back["id"]
    return reversal


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "transfer", identifier), params)


def update(world: World, params: Json, identifier: str) -> Json:
    return metadata.update(world, found(world, "transfer", identifier, saved=True), params, "transfer.updated")


def list_transfers(world: World, params: Json) -> Json:
    return page(world, "transfer", params, "/v1/transfers", matching(params, "destination", "transfer_group"))


def retrieve_reversal(world: World, params: Json, transfer: str, identifier: str) -> Json:
    return shown(world, _reversal(world, transfer, identifier), params)


def update_reversal(world: World, params: Json, transfer: str, identifier: str) -> Json:
    return metadata.update(world, _reversal(world, transfer, identifier), params, None)


def _reversal(world: World, transfer: str, identifier: str) -> Json:
    reversal = found(world, "transfer_reversal", identifier)
    if reversal["transfer"] != transfer:
        raise no_such("transfer_reversal", identifier)
    return reversal


def list_reversals(world: World, params: Json, identifier: str) -> Json:
    found(world, "transfer", identifier)
    items = world.store.having("transfer_reversal", "transfer", identifier)[::-1]
    return sliced(items, params, f"/v1/transfers/{identifier}/reversals", world)
