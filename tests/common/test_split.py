"""The dealing of cents: exact, monotone, and the same as dealing them one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.split import deal

weights = st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(any)
starts = st.integers(0, 20)


def one_by_one(cents: int, weights: list[int], start: int) -> tuple[int, ...]:
    """The rule as it is written: each cent to the largest weight / (2 * got + 1), ties from the start on."""
    got = [0] * len(weights)
    order = [(start + place) % len(weights) for place in range(len(weights))]
    for _cent in range(cents):
        best = order[0]
        for place in order:
            if weights[place] * (2 * got[best] + 1) > weights[best] * (2 * got[place] + 1):
                best = place
        got[best] += 1
    return tuple(got)


@given(cents=st.integers(0, 10**12), weights=weights, start=starts)
def test_the_shares_add_up_and_are_fair_to_within_the_count(cents: int, weights: list[int], start: int) -> None:
    shares = deal(cents, weights, start)
    assert sum(shares) == cents
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - cents * weight) <= len(weights) * sum(weights)


@given(cents=st.integers(0, 600), weights=weights, start=starts)
def test_it_is_the_dealing_of_cent_after_cent(cents: int, weights: list[int], start: int) -> None:
    assert deal(cents, weights, start) == one_by_one(cents, weights, start)


@given(cents=st.integers(0, 10**9), more=st.integers(1, 500), weights=weights, start=starts)
def test_more_cents_never_mean_less_for_anybody(cents: int, more: int, weights: list[int], start: int) -> None:
    before, after = deal(cents, weights, start), deal(cents + more, weights, start)
    assert all(late >= early for early, late in zip(before, after, strict=True))


@given(cents=st.integers(0, 10**6), count=st.integers(1, 9), start=starts)
def test_equal_weights_differ_by_a_cent_that_goes_to_those_after_the_start(cents: int, count: int, start: int) -> None:
    shares = deal(cents, [1] * count, start)
    first = [shares[(start + place) % count] for place in range(count)]
    assert first == sorted(first, reverse=True)
    assert max(shares) - min(shares) <= 1


@given(cents=st.integers(0, 10**6), weights=weights)
def test_in_the_long_run_nobody_is_ahead(cents: int, weights: list[int]) -> None:
    equal = [1] * len(weights)
    sums = [sum(column) for column in zip(*(deal(cents, equal, s) for s in range(len(equal))), strict=True)]
    assert sums == [cents] * len(equal)


@given(cents=st.integers(0, 10**6), weights=weights, start=starts)
def test_who_has_no_weight_gets_nothing(cents: int, weights: list[int], start: int) -> None:
    assert all(share == 0 for share, weight in zip(deal(cents, weights, start), weights, strict=True) if not weight)


@pytest.mark.parametrize(("cents", "weights"), [(-1, [1]), (5, []), (5, [0, 0]), (5, [1, -1])])
def test_what_cannot_be_dealt_is_refused(cents: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot deal"):
        deal(cents, weights, 0)


def test_the_alabama_paradox_does_not_happen() -> None:
    assert [deal(cents, [3, 3, 1], 0)[2] for cents in (499, 500, 501)] == sorted(
        deal(cents, [3, 3, 1], 0)[2] for cents in (499, 500, 501)
    )
