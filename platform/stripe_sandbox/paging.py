"""Stripe's cursor pages: newest first, 1 to 100 a page."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stripe_sandbox.errors import StripeError, no_such
from stripe_sandbox.rendering import expansion, render
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

LIMIT, MOST = 10, 100
Wanted = Callable[[Json], bool]


def page(world: World, kind: str, params: Json, url: str, wanted: Wanted, candidates: list[Json] | None = None) -> Json:
    """One page of the wanted objects of whoever asks; `candidates` (oldest first) narrows where to look."""
    limit = _limit(params)
    tree = expansion(params.get("expand", []), in_list=True)
    before = params.get("ending_before")
    ordered = _ordered(world, kind, params, candidates)
    mine = (body for body in ordered if body.get("_owner") == world.account and wanted(body))
    found = _take(mine, limit + 1)
    shown = found[:limit]
    if before:
        shown.reverse()
    data = [render(world, body, tree, "data") for body in shown]
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": url}


def sliced(items: list[Json], params: Json, url: str, world: World) -> Json:
    """A page of a list that is part of an object, in its own order."""
    limit = _limit(params)
    tree = expansion(params.get("expand", []), in_list=True)
    ids = [item["id"] for item in items]
    start = 0
    if "starting_after" in params:
        start = _place(ids, params["starting_after"], "starting_after") + 1
    data = [render(world, item, tree, "data") for item in items[start : start + limit]]
    return {"object": "list", "data": data, "has_more": len(items) > start + limit, "url": url}


def _limit(params: Json) -> int:
    limit: int = params.get("limit", LIMIT)
    if limit < 1:
        message = "Invalid integer: must be greater than or equal to 1"
        raise StripeError(message, code="parameter_invalid_integer", param="limit")
    if limit > MOST:
        message = f"Invalid integer: must be less than or equal to {MOST}"
        raise StripeError(message, code="parameter_invalid_integer", param="limit")
    return limit


def _ordered(world: World, kind: str, params: Json, candidates: list[Json] | None) -> Iterator[Json]:
    """From the cursor on: older objects after `starting_after`, newer ones from `ending_before` upwards."""
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        message = "You may only specify one of these parameters: starting_after, ending_before."
        raise StripeError(message, code="parameters_exclusive")
    cursor = world.store.size(kind)
    if after or before:
        cursor = _position(world, kind, str(after or before), "starting_after" if after else "ending_before")
    step = 1 if before else -1
    if candidates is None:
        return world.store.walk(kind, cursor + step, step)
    places = ((world.store.position(kind, body["id"]) or 0, body) for body in candidates[::step])
    return (body for place, body in places if (place - cursor) * step > 0)


def _position(world: World, kind: str, identifier: str, name: str) -> int:
    position = world.store.position(kind, identifier)
    if position is None:
        raise no_such(kind, identifier, param=name, status=400)
    return position


def _place(ids: list[str], identifier: str, name: str) -> int:
    if identifier not in ids:
        raise no_such("item", identifier, param=name, status=400)
    return ids.index(identifier)


def _take(bodies: Iterable[Json], count: int) -> list[Json]:
    taken = []
    for body in bodies:
        taken.append(body)
        if len(taken) == count:
            break
    return taken


def within(created: Any, moment: int) -> bool:
    """Whether a moment satisfies a `created` filter: a number of seconds, or bounds gt, gte, lt, lte."""
    if created is None:
        return True
    if isinstance(created, int):
        return moment == created
    tests = {
        "gt": lambda bound: moment > bound,
        "gte": lambda bound: moment >= bound,
        "lt": lambda bound: moment < bound,
        "lte": lambda bound: moment <= bound,
    }
    return all(tests[name](bound) for name, bound in created.items())


def matching(params: Json, *fields: str) -> Wanted:
    """Wants objects whose `created` and these fields are as the parameters say."""
    asked = [(field, params[field]) for field in fields if field in params]

    def wanted(body: Json) -> bool:
        return within(params.get("created"), body["created"]) and all(body.get(f) == value for f, value in asked)

    return wanted
