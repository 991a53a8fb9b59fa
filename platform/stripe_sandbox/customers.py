"""Customers, as far as a checkout needs them."""

from stripe_sandbox.events import emit
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.metadata import merged
from stripe_sandbox.paging import matching, page
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

PLAIN = ("address", "description", "email", "name", "phone", "shipping", "business_name", "individual_name")


def add(world: World, params: Json) -> Json:
    customer = {
        "id": world.ids.new("cus_", 14),
        "object": "customer",
        **{name: params.get(name) for name in PLAIN},
        "balance": 0,
        "created": world.clock.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": world.ids.new("", 8).upper(),
        "livemode": False,
        "metadata": merged({}, params.get("metadata")),
        "preferred_locales": params.get("preferred_locales", []),
        "tax_exempt": params.get("tax_exempt", "none"),
        "test_clock": None,
    }
    world.store.put("customer", customer["id"], customer)
    emit(world, "customer.created", customer)
    return customer


def create(world: World, params: Json) -> Json:
    return shown(world, add(world, params), params)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "customer", identifier), params)


def list_customers(world: World, params: Json) -> Json:
    return page(world, "customer", params, "/v1/customers", matching(params, "email"))
