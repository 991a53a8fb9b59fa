"""What went back of a payment, as a pure function: the same refunds in any order end in the same books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from common.split import deal
from donations.giving.models import Donation
from donations.ledger.entries import Chart, LegDraft
from donations.ledger.models import Role


class Returned(Protocol):
    """What went back: cents, and what the desk named of them (reference of an item to cents). A win is negative."""

    @property
    def amount_cents(self) -> int: ...
    @property
    def parts(self) -> dict[str, int]: ...
    @property
    def from_bank(self) -> bool: ...


@dataclass(slots=True)
class Return:
    """Where the cents that went back come from."""

    proceeds: dict[int, int] = field(default_factory=dict)
    covers: int = 0
    excess: int = 0


def went_back(items: Sequence[Donation], surplus_cents: int, refunds: Iterable[Returned]) -> Return:
    """First the parts the desk named, then a second charge's surplus, then gifts, entries and covers, in item order.

    What is more than all of that falls on the fee pool, so that no charity ever pays a fee, a cover or a mistake.
    """
    # sorted() is stable: gifts first, then entries, each in item order.
    refunds = list(refunds)
    items = sorted(items, key=lambda item: item.kind == Donation.Kind.REGISTRATION)
    result = Return({item.pk: 0 for item in items})
    covers = dict.fromkeys(result.proceeds, 0)
    # Told out of order, a win may come before its loss: nothing went back then.
    rest = max(sum(refund.amount_cents for refund in refunds), 0)
    for refund in refunds:
        # The parts of one refund are together no more than the refund, whatever the other refunds took.
        unnamed = max(refund.amount_cents, 0)
        for item in items:
            named = min(refund.parts.get(item.reference, 0), unnamed)
            unnamed -= named
            result.proceeds[item.pk] += named
            named = min(refund.parts.get(item.cover_reference, 0), unnamed)
            unnamed -= named
            covers[item.pk] += named
    for item in items:
        result.proceeds[item.pk] = min(result.proceeds[item.pk], item.amount_cents)
        covers[item.pk] = min(covers[item.pk], item.cover_cents)
        rest -= result.proceeds[item.pk] + covers[item.pk]
    rest -= min(rest, surplus_cents)
    for item in items:
        taken = min(rest, item.amount_cents - result.proceeds[item.pk])
        result.proceeds[item.pk] += taken
        rest -= taken
    unnamed_covers = min(rest, sum(item.cover_cents - covers[item.pk] for item in items))
    result.covers = sum(covers.values()) + unnamed_covers
    result.excess = rest - unnamed_covers
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


def return_legs(chart: Chart, items: Sequence[Donation], result: Return) -> list[LegDraft]:
    """Whose money it is that went back of one payment: the legs on what is owed and on the fee pool."""
    legs = [leg for item in items for leg in item_legs(chart, item, result.proceeds[item.pk], 1)]
    legs.append(chart.leg(Role.FEE_POOL, result.covers + result.excess))
    return legs
