"""What went back of a payment, as a pure function: the same refunds in any order end in the same books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from common.split import deal
from donations.giving.models import Donation
from donations.ledger.entries import Chart, LegDraft
from donations.ledger.models import Role


class Returned(Protocol):
    """A refund that stands: its cents, and what the desk named of it (reference of an item to cents)."""

    @property
    def amount_cents(self) -> int: ...
    @property
    def parts(self) -> dict[str, int]: ...


@dataclass(slots=True)
class Return:
    """Where the cents that went back come from."""

    proceeds: dict[int, int] = field(default_factory=dict)
    covers: int = 0
    excess: int = 0


def went_back(items: Sequence[Donation], surplus_cents: int, refunds: Iterable[Returned]) -> Return:
    """First the parts the desk named, then a second charge's surplus, then gifts, then covers, in item order.

    What is more than all of that falls on the fee pool, so that no charity ever pays a fee, a cover or a mistake.
    """
    result = Return({item.pk: 0 for item in items})
    rest = 0
    for refund in refunds:
        rest += refund.amount_cents
        # The parts of one refund are together no more than the refund, whatever the other refunds took.
        unnamed = refund.amount_cents
        for item in items:
            named = min(refund.parts.get(item.reference, 0), unnamed)
            unnamed -= named
            result.proceeds[item.pk] += named
    for item in items:
        result.proceeds[item.pk] = min(result.proceeds[item.pk], item.amount_cents)
        rest -= result.proceeds[item.pk]
    rest -= min(rest, surplus_cents)
    for item in items:
        taken = min(rest, item.amount_cents - result.proceeds[item.pk])
        result.proceeds[item.pk] += taken
        rest -= taken
    result.covers = min(rest, sum(item.cover_cents for item in items))
    result.excess = rest - result.covers
    return result


def item_legs(chart: Chart, item: Donation, cents: int, sign: int) -> list[LegDraft]:
    """The legs of `cents` of an item's proceeds on what is owed: sign -1 when given (credit), 1 when it goes back.

    Funding goes to the fee pool; a gift is dealt to its organizations by the weights frozen on it.
    """
    if item.kind == Donation.Kind.FUNDING:
        return [chart.leg(Role.FEE_POOL, sign * cents)]
    shares = deal(cents, [weight for _beneficiary, weight in item.weights], item.start)
    return [
        chart.payable(beneficiary, sign * share)
        for (beneficiary, _weight), share in zip(item.weights, shares, strict=True)
    ]


def return_legs(chart: Chart, key: str, items: Sequence[Donation], result: Return) -> list[LegDraft]:
    """The legs that the books hold for all that went back of one payment."""
    legs = [leg for item in items for leg in item_legs(chart, item, result.proceeds[item.pk], 1)]
    legs.append(chart.leg(Role.FEE_POOL, result.covers + result.excess))
    legs.append(chart.leg(Role.CLEARING, -sum(leg.cents for leg in legs), key))
    return legs
