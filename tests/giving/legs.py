"""The books as a small table: entry by entry, account and cents, for accounting stories."""

from django.db.models import Sum

from donations.ledger.models import Balance, Leg, OpenItem
from events.models import Beneficiary
from fundraisers.models import Fundraiser

SHORT = {"stripe:clearing": "clearing", "stripe:balance": "stripe"}
Table = list[tuple[str, dict[str, int]]]


def short(code: str) -> str:
    """`breaking-free` for `payable:not-in-our-city-5k:breaking-free`."""
    return SHORT.get(code, code.rpartition(":")[2])


def table() -> Table:
    """(kind, account to cents) of every entry in the order of posting; debits positive."""
    rows: Table = []
    last = 0
    legs = Leg.objects.order_by("entry_id", "id").values_list("entry_id", "entry__kind", "account__code", "cents")
    for entry_id, kind, code, cents in legs:
        if entry_id != last:
            rows.append((kind, {}))
            last = entry_id
        rows[-1][1][short(code)] = cents
    return rows


def balances() -> dict[str, int]:
    """Every account that is not at zero."""
    rows = Balance.objects.values_list("account__code").annotate(Sum("cents")).order_by()
    return {short(code): cents for code, cents in rows if cents}


def owed() -> list[int]:
    """What each organization is owed, in the order of the lanes."""
    now = balances()
    return [-now.get(slug, 0) for slug in Beneficiary.objects.values_list("slug", flat=True)]


def open_keys() -> dict[str, int]:
    return dict(OpenItem.objects.exclude(cents=0).values_list("key", "cents"))


def raised() -> tuple[int, int]:
    """Cents and gifts of the one page."""
    page = Fundraiser.objects.get()
    return page.raised_cents, page.gift_count
