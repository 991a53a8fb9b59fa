"""How long the fee pool lasts, by what fees have cost so far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.disbursements.pool import Forecast, forecast

CENTS = st.integers(0, 10**11)


def test_the_rate_so_far_is_carried_to_the_goal() -> None:
    # $1,000 came in; fees took $30 and donors covered $10: 2 cents of a dollar. $4,000 to go.
    found = forecast(pool_cents=5_000, received_cents=100_000, fees_cents=3_000, cover_cents=1_000, left_cents=400_000)
    assert found == Forecast(400_000, 8_000, -3_000, 250_000)
    assert found is not None
    assert found.short_cents == 3_000


def test_covers_that_pay_for_more_than_the_fees_never_run_dry() -> None:
    found = forecast(pool_cents=0, received_cents=100_000, fees_cents=1_000, cover_cents=3_000, left_cents=50_000)
    assert found is not None
    assert (found.lasts_cents, found.at_goal_cents, found.short_cents) == (None, 1_000, 0)


@pytest.mark.parametrize("received", [0, -5])
def test_without_gifts_there_is_nothing_to_go_by(received: int) -> None:
    assert forecast(pool_cents=9, received_cents=received, fees_cents=0, cover_cents=0, left_cents=9) is None


def test_beyond_the_goal_nothing_is_left_to_cost() -> None:
    found = forecast(pool_cents=9, received_cents=100, fees_cents=50, cover_cents=0, left_cents=-400)
    assert found == Forecast(0, 0, 9, 18)


@given(CENTS, CENTS.filter(bool), CENTS, CENTS, CENTS)
def test_what_lasts_is_what_the_pool_can_pay_and_not_a_cent_more(
    pool: int, received: int, fees: int, cover: int, left: int
) -> None:
    found = forecast(pool_cents=pool, received_cents=received, fees_cents=fees, cover_cents=cover, left_cents=left)
    assert found is not None
    if found.lasts_cents is None:
        assert found.at_goal_cents >= pool
        return
    net = fees - cover
    assert found.lasts_cents * net <= pool * received < (found.lasts_cents + 1) * net
    # Short by the forecast is the same as not lasting to the goal.
    assert (found.short_cents > 0) == (left > found.lasts_cents)
