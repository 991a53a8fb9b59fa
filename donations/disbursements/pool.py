"""How long the fee pool lasts: a forecast in whole cents, by what the fees have cost so far."""

from dataclasses import dataclass

from donations.giving.queries import Money
from events.models import Event


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the pool will hold when `left_cents` more were given at the rate so far; None: nothing was given yet.

    The rule, in words: of every dollar received so far, Stripe took so much and donors added so much to cover it. What
    is left to the goal will cost the same. What sponsors may still give is not counted.
    """

    left_cents: int
    cost_cents: int
    at_goal_cents: int
    # How much more can be given before the pool is empty; None: it does not run dry.
    lasts_cents: int | None

    @property
    def short_cents(self) -> int:
        return max(-self.at_goal_cents, 0)


def forecast(
    *, pool_cents: int, received_cents: int, fees_cents: int, cover_cents: int, left_cents: int
) -> Forecast | None:
    """The forecast for `left_cents` still to be given. Costs are rounded up, what lasts is rounded down."""
    if received_cents <= 0:
        return None
    left, net = max(left_cents, 0), fees_cents - cover_cents
    cost = -(-net * left // received_cents)
    lasts = max(pool_cents, 0) * received_cents // net if net > 0 else None
    return Forecast(left, cost, pool_cents - cost, lasts)


def forecast_of(event: Event, money: Money) -> Forecast | None:
    """The forecast for what is still to the event's goal."""
    return forecast(
        pool_cents=money.fee_pool_cents,
        received_cents=money.received_cents,
        fees_cents=money.fees_cents,
        cover_cents=money.cover_cents,
        left_cents=event.goal_cents - event.raised_cents,
    )
