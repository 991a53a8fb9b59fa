"""Metadata: keys are added, changed, and unset by an empty value."""

from stripe_sandbox.events import emit
from stripe_sandbox.lookup import shown
from stripe_sandbox.store import Json
from stripe_sandbox.world import World


def merged(old: dict[str, str], changes: dict[str, str] | str | None) -> dict[str, str]:
    if changes is None:
        return dict(old)
    if isinstance(changes, str):
        return {}
    return {name: value for name, value in {**old, **changes}.items() if value != ""}


def update(world: World, stored: Json, params: Json, event: str | None) -> Json:
    """What the update of most objects may change: metadata and description. Stripe has not an event for each."""
    before: Json = {name: stored[name] for name in ("metadata", "description") if name in params}
    if "metadata" in params:
        stored["metadata"] = merged(stored["metadata"], params["metadata"])
    if "description" in params:
        stored["description"] = params["description"]
    world.store.put(stored["object"], stored["id"], stored)
    if event:
        emit(world, event, stored, previous=before)
    return shown(world, stored, params)
