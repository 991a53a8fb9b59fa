"""Objects as Stripe shows them, with what `expand` asks for; what may be expanded is read from the SDK's classes."""

import typing
from functools import cache
from typing import Any, ForwardRef

import stripe
from stripe import ListObject

from stripe_sandbox.errors import StripeError
from stripe_sandbox.identifiers import kind_of
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

DEPTH = 4
CLASSES: dict[str, type] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "balance_transaction": stripe.BalanceTransaction,
    "customer": stripe.Customer,
    "payment_method": stripe.PaymentMethod,
    "item": stripe.LineItem,
    "dispute": stripe.Dispute,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
    "payout": stripe.Payout,
    "bank_account": stripe.BankAccount,
    "topup": stripe.Topup,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
    "account": stripe.Account,
}
Tree = dict[str, Any]


def expansion(paths: list[str], *, in_list: bool) -> Tree:
    """The tree of an `expand` parameter: ["a.b", "a.c"] is {"a": {"b": {}, "c": {}}}."""
    tree: Tree = {}
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEPTH:
            message = f"You cannot expand more than {DEPTH} levels of a property. Property: {path}"
            raise StripeError(message, param="expand")
        if in_list:
            if steps[0] != "data":
                raise _not_expandable(path, f" You may want to try expanding 'data.{path}' instead.")
            steps = steps[1:]
        branch = tree
        for step in steps:
            branch = branch.setdefault(step, {})
    return tree


def check_expansion(kind: str, paths: list[str]) -> None:
    """Refuses before anything is done what cannot be expanded on the object a request makes."""
    fields, lists = _expandable(kind)
    known = getattr(CLASSES.get(kind), "__annotations__", {})
    for name, branch in expansion(paths, in_list=False).items():
        if name not in fields | lists and not (branch and name in known):
            raise _not_expandable(name)


def render(world: World, stored: Json, tree: Tree | None = None, path: str = "") -> Json:
    """The public copy of a stored object; fields that begin with an underscore are the sandbox's own."""
    shown = {name: value for name, value in stored.items() if not name.startswith("_")}
    if stored.get("object") == "checkout.session" and stored["status"] == "open":
        shown["url"] = f"{world.base_url}/c/pay/{stored['id']}"
    shown |= _embedded(world, stored)
    for name, branch in (tree or {}).items():
        shown[name] = _expanded(world, stored, name, branch, f"{path}.{name}" if path else name)
    return shown


def _embedded(world: World, stored: Json) -> Json:
    """Objects that an object always shows whole."""
    match stored.get("object"):
        case "dispute":
            found = [world.store.get("balance_transaction", identifier) for identifier in stored["_transactions"]]
            return {"balance_transactions": [render(world, transaction) for transaction in found if transaction]}
        case "transfer":
            return {"reversals": _included(world, stored, "reversals", {}, "")}
        case "account":
            return {"external_accounts": _included(world, stored, "external_accounts", {}, "")}
    return {}


def _expanded(world: World, stored: Json, name: str, branch: Tree, path: str) -> Any:
    fields, lists = _expandable(stored.get("object", ""))
    if name in lists:
        return _included(world, stored, name, branch, path)
    value = stored.get(name)
    if name in fields:
        found = world.store.get(kind_of(value) or "", value) if isinstance(value, str) else None
        return render(world, found, branch, path) if found else value
    if isinstance(value, dict) and branch:
        return render(world, value, branch, path)
    raise _not_expandable(path)


def _included(world: World, stored: Json, name: str, branch: Tree, path: str) -> Json:
    """Lists that belong to an object, newest first; some are shown only when asked for."""
    identifier = stored["id"]
    match stored["object"], name:
        case "checkout.session", "line_items":
            items, url = stored["_line_items"], f"/v1/checkout/sessions/{identifier}/line_items"
        case "charge", "refunds":
            items = world.store.having("refund", "charge", identifier)[::-1]
            url = f"/v1/charges/{identifier}/refunds"
        case "transfer", "reversals":
            items = world.store.having("transfer_reversal", "transfer", identifier)[::-1]
            url = f"/v1/transfers/{identifier}/reversals"
        case "account", "external_accounts":
            items = world.store.having("bank_account", "account", identifier)
            url = f"/v1/accounts/{identifier}/external_accounts"
        case _:
            items, url = [], ""
    inner = branch.get("data", {})
    data = [render(world, item, inner, f"{path}.data") for item in items[:10]]
    return {"object": "list", "data": data, "has_more": len(items) > 10, "url": url}


@cache
def _expandable(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the fields that hold an id or an object, and of those that hold a list of objects."""
    annotations = getattr(CLASSES.get(kind), "__annotations__", {})
    fields, lists = set(), set()
    for name, hint in annotations.items():
        options = typing.get_args(hint)
        if str in options and any(isinstance(option, ForwardRef) for option in options):
            fields.add(name)
        if any(typing.get_origin(option) is ListObject for option in (hint, *options)):
            lists.add(name)
    return frozenset(fields), frozenset(lists)


def _not_expandable(path: str, advice: str = "") -> StripeError:
    return StripeError(f"This property cannot be expanded ({path}).{advice}", param="expand")
