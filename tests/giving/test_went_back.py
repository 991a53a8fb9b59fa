"""returns.went_back as a pure function: never more of an item than it gave, and every cent is somebody's."""

from dataclasses import dataclass, field
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from donations.giving.models import Donation
from donations.giving.returns import Return, went_back


@dataclass(frozen=True)
class Refunded:
    amount_cents: int
    parts: dict[str, int] = field(default_factory=dict)
    from_bank: bool = False


def an_item(pk: int, cents: int, cover: int = 0) -> Donation:
    return Donation(pk=pk, amount_cents=cents, cover_cents=cover)


def items_of(amounts: list[tuple[int, int]]) -> list[Donation]:
    return [an_item(pk, cents, cover) for pk, (cents, cover) in enumerate(amounts, 1)]


money = st.integers(1, 400)
carts = st.lists(st.tuples(money, st.integers(0, 20)), min_size=1, max_size=4).map(items_of)
named = st.dictionaries(st.integers(1, 5).map("item:{}".format), st.integers(0, 500), max_size=4)
refunds = st.lists(st.builds(Refunded, money, named), max_size=4)
surpluses = st.integers(0, 500)


def shape(result: Return) -> tuple[dict[int, int], int, int]:
    return result.proceeds, result.covers, result.excess


@given(items=carts, surplus=surpluses, gone=refunds)
def test_every_cent_is_somebodys_and_nobody_pays_more_than_was_given(
    items: list[Donation], surplus: int, gone: list[Refunded]
) -> None:
    result = went_back(items, surplus, gone)
    for item in items:
        assert 0 <= result.proceeds[item.pk] <= item.amount_cents
    assert 0 <= result.covers <= sum(item.cover_cents for item in items)
    assert result.excess >= 0
    total = sum(refund.amount_cents for refund in gone)
    from_surplus = total - sum(result.proceeds.values()) - result.covers - result.excess
    assert 0 <= from_surplus <= surplus
    if result.excess:
        assert from_surplus == surplus
        assert all(result.proceeds[item.pk] == item.amount_cents for item in items)


@given(items=carts, surplus=surpluses, gone=refunds)
def test_the_order_of_refunds_does_not_matter(items: list[Donation], surplus: int, gone: list[Refunded]) -> None:
    seen = [shape(went_back(items, surplus, order)) for order in permutations(gone)]
    assert all(each == seen[0] for each in seen)


@given(items=carts, surplus=surpluses, gone=refunds, more=money)
def test_one_refund_more_never_gives_an_item_back(
    items: list[Donation], surplus: int, gone: list[Refunded], more: int
) -> None:
    before, after = went_back(items, surplus, gone), went_back(items, surplus, [*gone, Refunded(more)])
    assert all(after.proceeds[item.pk] >= before.proceeds[item.pk] for item in items)


def test_two_parts_of_one_refund_are_together_no_more_than_the_refund() -> None:
    both = {"item:1": 5000, "item:2": 5000}
    result = went_back(items_of([(5000, 0), (5000, 0)]), 0, [Refunded(5000, both)])
    assert sum(result.proceeds.values()) == 5000
