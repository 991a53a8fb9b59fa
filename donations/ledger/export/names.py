"""Our accounts under names that beancount and hledger take, and the words of both made safe."""

import re
from collections.abc import Iterable

from donations.ledger.models import Account, Role

# The organizer is an agent: what came in is owed on, so that no gift is income. The fee pool is what is left for fees.
_NAMES = {
    Role.CLEARING: "Assets:Stripe:Clearing",
    Role.STRIPE: "Assets:Stripe:Balance",
    Role.IN_TRANSIT: "Assets:Bank:In-transit",
    Role.BANK: "Assets:Bank:Account",
    Role.UNDEPOSITED: "Assets:Undeposited",
    Role.FEE_POOL: "Equity:Fee-pool",
    Role.SUSPENSE: "Liabilities:Suspense",
}


def names_of(accounts: Iterable[Account]) -> dict[int, str]:
    """Account id to its name, each name once."""
    names: dict[int, str] = {}
    for account in accounts:
        name = _NAMES.get(Role(account.role)) or _payable(account)
        names[account.pk] = f"{name}-{account.pk}" if name in names.values() else name
    return names


def _payable(account: Account) -> str:
    assert account.beneficiary
    lane = account.beneficiary
    return f"Liabilities:Payable:{_segment(lane.event.slug)}:{_segment(lane.slug)}"


def _segment(slug: str) -> str:
    """A part of a name: it begins with a capital or a digit, and holds letters, digits and hyphens."""
    word = re.sub(r"[^A-Za-z0-9-]", "-", slug).strip("-")
    return word[:1].upper() + word[1:] or "X"


def one_line(text: str) -> str:
    """What people and banks wrote, without line breaks and whatever else is no sign."""
    if text.isprintable():
        return text.strip()
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
