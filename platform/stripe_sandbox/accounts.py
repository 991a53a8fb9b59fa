"""The platform's account and the connected ones: each with a balance, a bank account and a payout schedule."""

from typing import Literal

from stripe_sandbox.cards import ROUTING_NUMBER
from stripe_sandbox.lookup import found, shown
from stripe_sandbox.paging import page, within
from stripe_sandbox.store import Json
from stripe_sandbox.world import World

PLATFORM = "acct_platform"
# Who is there from the beginning; the control surface opens more.
NAMES = {
    PLATFORM: "The platform",
    "acct_breaking_free": "Breaking Free",
    "acct_source": "Source",
    "acct_the_link": "The Link",
}
DAY = 86_400
BANK_ACCOUNT = "000123456789"
Interval = Literal["manual", "daily"]


def open_all(world: World, interval: Interval) -> None:
    for identifier, name in NAMES.items():
        if world.store.get("account", identifier) is None:
            schedule(world, open_account(world, identifier, name), interval)


def open_account(world: World, identifier: str, name: str) -> Json:
    account: Json = {
        "id": identifier,
        "object": "account",
        "business_profile": {"mcc": "8398", "name": name, "support_email": None, "url": None},
        "business_type": "non_profit",
        "capabilities": {"transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "created": world.clock.now(),
        "default_currency": "usd",
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "requirements": {"currently_due": [], "disabled_reason": None, "errors": [], "past_due": []},
        "settings": {
            "payouts": {
                "debit_negative_balances": True,
                "schedule": {"delay_days": 2, "interval": "manual"},
                "statement_descriptor": None,
            }
        },
        "type": "standard",
    }
    set_bank(world, account, BANK_ACCOUNT)
    return world.store.put("account", identifier, account)


def set_bank(world: World, account: Json, number: str) -> Json:
    """The bank account that payouts go to; another number makes it a new one."""
    bank: Json = {
        "id": f"ba_{account['id'].removeprefix('acct_')}",
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": account["business_profile"]["name"],
        "account_holder_type": "company",
        "account_type": "checking",
        "available_payout_methods": ["standard", "instant"],
        "bank_name": "STRIPE TEST BANK",
        "country": "US",
        "currency": "usd",
        "default_for_currency": True,
        "fingerprint": f"sandbox{number[-4:]}",
        "last4": number[-4:],
        "metadata": {},
        "routing_number": ROUTING_NUMBER,
        "status": "new",
        "_number": number,
    }
    return world.store.put("bank_account", bank["id"], bank)


def schedule(world: World, account: Json, interval: Interval) -> None:
    """Switches automatic payouts on (every midnight, UTC) or off."""
    account["settings"]["payouts"]["schedule"]["interval"] = interval
    world.store.put("account", account["id"], account)
    if interval == "daily":
        plan_payout(world, account)


def plan_payout(world: World, account: Json) -> None:
    """Plans the payout of the coming midnight, once."""
    midnight = (world.clock.now() // DAY + 1) * DAY
    if account.get("_planned") != midnight:
        account["_planned"] = midnight
        world.store.put("account", account["id"], account)
        world.plan("pay_out", account["id"], midnight)


def of(world: World, owner: str | None) -> Json:
    account = world.store.get("account", owner or PLATFORM)
    assert account is not None, "every owner of an object has an account"
    return account


def bank_of(world: World, owner: str | None) -> Json:
    return world.store.having("bank_account", "account", owner or PLATFORM)[0]


def retrieve_current(world: World, params: Json) -> Json:
    return shown(world, of(world, world.account), params)


def retrieve(world: World, params: Json, identifier: str) -> Json:
    return shown(world, found(world, "account", identifier), params)


def list_accounts(world: World, params: Json) -> Json:
    """The connected accounts; the platform itself is /v1/account."""

    def wanted(account: Json) -> bool:
        return account["id"] != PLATFORM and within(params.get("created"), account["created"])

    return page(world, "account", params, "/v1/accounts", wanted)
