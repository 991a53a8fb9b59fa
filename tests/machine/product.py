"""The product as the machine sees it: what its accounts hold, and acts that must change nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from donations.giving.models import Donation
from donations.ledger.models import Balance, Entry, OpenItem
from tests.machine.world import Item, Place


def held() -> dict[Place, int]:
    """What the product's accounts and keys hold, in the world's words."""
    sums: dict[Place, int] = {}
    for row in Balance.objects.select_related("account"):
        if not row.account.keyed:
            name = f"payable:{row.account.beneficiary_id}" if row.account.beneficiary_id else row.account.role
            sums[name, ""] = sums.get((name, ""), 0) + row.cents
    for item in OpenItem.objects.select_related("account"):
        sums[item.account.role, item.key] = item.cents
    return {place: cents for place, cents in sums.items() if cents}


def as_told(item: Donation) -> Item:
    """A form's item in the world's words."""
    weights = tuple((who, weight) for who, weight in item.weights)
    return Item(item.reference, item.kind, item.amount_cents, item.cover_cents, weights, item.start)


def one_of(some: list[Any], which: int) -> Any:
    return some[which % len(some)]


def books_stay(act: Callable[[], object]) -> None:
    """Does it, and makes sure that it moved nothing."""
    before = Entry.objects.count()
    act()
    assert Entry.objects.count() == before


def refused(error: type[Exception], act: Callable[[], object]) -> None:
    """Tries what is not permitted: it is refused, and the books are as before."""
    before = Entry.objects.count()
    with pytest.raises(error), transaction.atomic():
        act()
    assert Entry.objects.count() == before
