"""Early fraud warnings: a card network says a payment may be fraudulent, before anybody disputes it."""

from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

KIND = "radar.early_fraud_warning"


def warn(world: World, identifier: str) -> None:
    charge = world.store.get("charge", identifier)
    if charge is None:
        return
    warning: Json = {
        "id": world.ids.new("issfr_1", 23),
        "object": KIND,
        "actionable": not charge["refunded"],
        "charge": identifier,
        "created": world.clock.now(),
        "fraud_type": "misc",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    world.store.put(KIND, warning["id"], warning)
    emit(world, f"{KIND}.created", warning)


def settle(world: World, charge: Json) -> None:
    """Nothing is left to do about a charge that was refunded."""
    for warning in world.store.having(KIND, "charge", charge["id"]):
        if charge["refunded"] and warning["actionable"]:
            warning["actionable"] = False
            world.store.put(KIND, warning["id"], warning)
            emit(world, f"{KIND}.updated", warning, previous={"actionable": True})


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, KIND, identifier, "early fraud warning"), params)


def list_warnings(world: World, params: Json) -> Json:
    fits = matching(params, "charge", "payment_intent")
    return page(world, KIND, params, "/v1/radar/early_fraud_warnings", fits)
