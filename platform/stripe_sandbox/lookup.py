"""Finds an object of whoever asks, and shows it."""

from stripe_sandbox.errors import no_such
from stripe_sandbox.rendering import expansion, render
from stripe_sandbox.store import Json
from stripe_sandbox.world import World


def found(world: World, kind: str, identifier: str, noun: str = "", *, param: str = "id", saved: bool = False) -> Json:
    """The object, or Stripe's 404; what belongs to another account does not exist for this one."""
    body = world.store.get(kind, identifier)
    if body is None or body.get("_owner") != world.account:
        raise no_such(noun or kind, identifier, param=param, saved=saved)
    return body


def shown(world: World, stored: Json, params: Json) -> Json:
    """What a request about one object answers."""
    return render(world, stored, expansion(params.get("expand", []), in_list=False))
