"""Webhook endpoints registered over the API, beside the one of the command line."""

from urllib.parse import urlsplit

from stripe_sandbox.errors import StripeError, no_such
from stripe_sandbox.events import CONFIGURED
from stripe_sandbox.lookup import shown
from stripe_sandbox.metadata import merged
from stripe_sandbox.paging import matching, page
from stripe_sandbox.rendering import render
from stripe_sandbox.store import Json
from stripe_sandbox.world import API_VERSION, World

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def configure(world: World, url: str | None, secret: str) -> None:
    """Makes the command line's endpoint be there, or not."""
    if url is None:
        world.store.delete("webhook_endpoint", CONFIGURED)
        return
    endpoint = _new(world, CONFIGURED, url, ["*"], secret)
    world.store.put("webhook_endpoint", CONFIGURED, endpoint)


def _new(world: World, identifier: str, url: str, names: list[str], secret: str, *, connect: bool = False) -> Json:
    return {
        "id": identifier,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": world.clock.now(),
        "description": None,
        "enabled_events": names,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_connect": connect,
        "_secret": secret,
    }


def check(world: World, params: Json) -> None:
    parts = urlsplit(params["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StripeError("Not a valid URL", code="url_invalid", param="url")
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise StripeError("The Stripe sandbox of this project delivers over http to this machine only.", param="url")
    version = params.get("api_version", API_VERSION)
    if version != API_VERSION:
        raise StripeError(f"The Stripe sandbox of this project speaks {API_VERSION} only.", param="api_version")


def create(world: World, params: Json) -> Json:
    secret = world.ids.new("whsec_", 32)
    connect = params.get("connect", False)
    endpoint = _new(world, world.ids.new("we_1", 23), params["url"], params["enabled_events"], secret, connect=connect)
    endpoint["description"] = params.get("description")
    endpoint["metadata"] = merged({}, params.get("metadata"))
    world.store.put("webhook_endpoint", endpoint["id"], endpoint)
    # Shown once, as Stripe does.
    return {**render(world, endpoint), "secret": secret}


def _found(world: World, identifier: str) -> Json:
    endpoint = world.store.get("webhook_endpoint", identifier)
    if endpoint is None or identifier == CONFIGURED:
        raise no_such("webhook endpoint", identifier)
    return endpoint


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, _found(world, identifier), params)


def delete(world: World, params: Json, identifier: str) -> Json:
    _found(world, identifier)
    world.store.delete("webhook_endpoint", identifier)
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def list_endpoints(world: World, params: Json) -> Json:
    fits = matching(params)
    wanted = lambda endpoint: endpoint["id"] != CONFIGURED and fits(endpoint)  # noqa: E731
    return page(world, "webhook_endpoint", params, "/v1/webhook_endpoints", wanted)
