"""Events: snapshots of an object at a change, and who is to be told."""

import json
import time
from typing import Any

from stripe_sandbox.identifiers import OF_INTENTS
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import matching, page
from stripe_sandbox.rendering import render
from stripe_sandbox.store import Json, encoded
from stripe_sandbox.world import API_VERSION, World

# The endpoint of the command line; registered ones have ids of their own.
CONFIGURED = "we_configured"


def emit(world: World, name: str, stored: Json, *, previous: Json | None = None) -> None:
    """Keeps an event with the object as it is now, and queues it for every endpoint that wants it."""
    data: Json = {"object": render(world, stored)}
    if previous is not None:
        data["previous_attributes"] = previous
    owner = stored.get("_owner")
    endpoints = [one for one in world.store.all("webhook_endpoint") if _wants(one, name, connected=owner is not None)]
    event: Json = {
        "id": _new_id(world, stored),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.clock.now(),
        # A copy: what happens to the object later is not in the event.
        "data": json.loads(encoded(data)),
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": dict(world.request),
        "type": name,
        "_endpoints": len(endpoints),
        "_undelivered": len(endpoints),
    }
    if owner is not None:
        event |= {"account": owner, "_owner": owner}
    world.store.put("event", event["id"], event)
    for endpoint in endpoints:
        _queue(world, event, endpoint["id"], stored)


def _new_id(world: World, stored: Json) -> str:
    return world.ids.new("evt_3" if stored["object"] in OF_INTENTS else "evt_1", 23)


def _wants(endpoint: Json, name: str, *, connected: bool) -> bool:
    """Connected accounts' events go to the endpoints registered with `connect`, and only to those."""
    if endpoint["status"] != "enabled" or endpoint.get("_connect", False) != connected:
        return False
    return "*" in endpoint["enabled_events"] or name in endpoint["enabled_events"]


def _queue(world: World, event: Json, endpoint: str, stored: Json) -> None:
    copies = world.faults.webhook_plan()
    if not copies:
        event["pending_webhooks"] -= 1
        count(world, "dropped")
    for wait, renamed in copies:
        told = event
        if renamed:
            # Stripe says so itself: now and then two events, with two ids, are made for one change.
            told = {**event, "id": _new_id(world, stored)}
            world.store.put("event", told["id"], told)
        delivery = {
            "id": world.ids.new("dlv_", 12),
            "event": told["id"],
            "type": told["type"],
            "endpoint": endpoint,
            "attempts": 0,
            "due": time.time() + wait,
            "state": "queued",
        }
        world.store.put("_delivery", delivery["id"], delivery)
        world.notify(delivery)


def count(world: World, what: str) -> None:
    """Counts deliveries by how they ended; they themselves are not kept."""
    meta = world.store.get("_meta", "deliveries") or {"delivered": 0, "failed": 0, "dropped": 0}
    world.store.put("_meta", "deliveries", {**meta, what: meta[what] + 1})


def counts(world: World) -> Json:
    meta = world.store.get("_meta", "deliveries") or {"delivered": 0, "failed": 0, "dropped": 0}
    queued = sum(1 for delivery in world.store.all("_delivery") if delivery["state"] == "queued")
    return {"queued": queued, **meta}


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "event", identifier), params)


def list_events(world: World, params: Json) -> Json:
    fits = matching(params, "type")
    types, success = params.get("types"), params.get("delivery_success")

    def wanted(event: Json) -> bool:
        delivered: Any = event["_undelivered"] == 0
        return fits(event) and (not types or event["type"] in types) and (success is None or delivered == success)

    return page(world, "event", params, "/v1/events", wanted)
