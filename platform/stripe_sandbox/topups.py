"""Top-ups: money from the own bank account into the balance, a day on its way, and sometimes called back."""

from typing import Literal

from stripe_sandbox import metadata
from stripe_sandbox.balance import record
from stripe_sandbox.errors import StripeError
from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page, within
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

ARRIVES = 86_400
DESCRIPTOR = 15
FAILING_SOURCE = "btok_us_verified_noAccount"
NEXT = {"pending": ("succeeded", "failed", "canceled"), "succeeded": ("reversed",)}
Status = Literal["succeeded", "failed", "canceled", "reversed"]


def check(world: World, params: Json) -> None:
    if params["amount"] < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    descriptor = params.get("statement_descriptor", "")
    if len(descriptor) > DESCRIPTOR or not descriptor.isascii():
        message = f"The statement descriptor must be at most {DESCRIPTOR} ASCII characters."
        raise StripeError(message, param="statement_descriptor")


def create(world: World, params: Json) -> Json:
    now = world.clock.now()
    topup: Json = {
        "id": world.ids.new("tu_1", 23),
        "object": "topup",
        "amount": params["amount"],
        "balance_transaction": None,
        "created": now,
        "currency": params["currency"].lower(),
        "description": params.get("description"),
        "expected_availability_date": now + ARRIVES,
        "failure_code": None,
        "failure_message": None,
        "initiated_by": "user",
        "livemode": False,
        "metadata": metadata.merged({}, params.get("metadata")),
        "payment_method": params.get("payment_method"),
        "payment_method_options": params.get("payment_method_options"),
        "source": None,
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "transfer_group": params.get("transfer_group"),
        "_source": params.get("source"),
    }
    world.store.put("topup", topup["id"], topup)
    world.plan("topup_arrives", topup["id"], topup["expected_availability_date"])
    emit(world, "topup.created", topup)
    return shown(world, topup, params)


def arrive(world: World, identifier: str) -> None:
    topup = world.store.get("topup", identifier)
    if topup is not None and topup["status"] == "pending":
        become(world, topup, "failed" if topup["_source"] == FAILING_SOURCE else "succeeded")


def become(world: World, topup: Json, status: Status) -> None:
    """The next state; one that moves money has a transaction of its own."""
    if status not in NEXT.get(topup["status"], ()):
        raise StripeError(f"A top-up that is {topup['status']} cannot become {status}.", saved=True)
    topup["status"] = status
    match status:
        case "succeeded":
            description = topup["description"] or "Top-up"
            topup["balance_transaction"] = record(world, "topup", topup, topup["amount"], description=description)["id"]
        case "reversed":
            record(world, "topup_reversal", topup, -topup["amount"], description="Top-up reversal")
        case "failed":
            topup["failure_code"] = "no_account"
            topup["failure_message"] = "The bank account could not be located."
    world.store.put("topup", topup["id"], topup)
    emit(world, f"topup.{status}", topup)


def cancel(world: World, params: Json, identifier: str) -> Json:
    topup = found(world, "topup", identifier, saved=True)
    become(world, topup, "canceled")
    return shown(world, topup, params)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "topup", identifier), params)


def update(world: World, params: Json, identifier: str) -> Json:
    return metadata.update(world, found(world, "topup", identifier, saved=True), params, None)


def list_topups(world: World, params: Json) -> Json:
    fits = matching(params, "status")

    def wanted(topup: Json) -> bool:
        return fits(topup) and within(params.get("amount"), topup["amount"])

    return page(world, "topup", params, "/v1/topups", wanted)
