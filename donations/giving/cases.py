"""All that is known of a payment, and the entries that must follow from it: what settle posts and check_books asks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from donations.giving.models import Credit, Donation
from donations.giving.returns import Return, Returned, item_legs, return_legs, went_back
from donations.ledger.entries import Chart, EntryDraft, LegDraft, draft
from donations.ledger.models import Kind, Ledger, Leg, Role
from donations.payments.mirror import DEAD_REFUNDS
from donations.payments.models import Charge, Dispute, Payment, Refund

_KINDS = {
    Donation.Kind.GIFT: Kind.GIFT,
    Donation.Kind.REGISTRATION: Kind.REGISTRATION,
    Donation.Kind.FUNDING: Kind.FUNDING,
}
# Where the money of a payment is until Stripe's feed or a line of the bank closes its key.
_HELD = {
    Payment.Method.STRIPE: Role.CLEARING,
    Payment.Method.CASH: Role.UNDEPOSITED,
    Payment.Method.CHECK: Role.UNDEPOSITED,
    Payment.Method.TRANSFER: Role.IN_TRANSIT,
}
# An account and a key on it.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Move:
    """What a dispute's transaction moved: withdrawn is positive, reinstated negative. It names no part."""

    amount_cents: int
    parts: dict[str, int] = field(default_factory=dict)
    from_bank: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A change of what stands as gone back: `name` stands for `value` from now on, or no more."""

    reference: str
    at: datetime
    name: str
    value: Returned | None


def standing_after(steps: Iterable[Step], before: Mapping[str, Returned] | None = None) -> dict[str, Returned]:
    """What stands as gone back after these steps, by name."""
    standing = dict(before or {})
    for step in steps:
        standing.pop(step.name, None)
        if step.value is not None:
            standing[step.name] = step.value
    return standing


@dataclass(slots=True)
class Case:
    """A payment with its items, its charges and refunds as last told, in the order of their making."""

    payment: Payment
    currency: str
    items: list[Donation] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def steps(self) -> list["Step"]:
        """What happened to money that went back, in one order, whatever order it was told in."""
        steps = [Step(refund.pk, refund.created_at, refund.pk, refund) for refund in self.refunds]
        steps += [
            Step(f"{refund.pk}/failed", refund.created_at, refund.pk, None)
            for refund in self.refunds
            if refund.status in DEAD_REFUNDS
        ]
        steps += [
            Step(name, dispute.created_at, name, Move(cents))
            for dispute in self.disputes
            for name, cents in ((f"{dispute.pk}/{number}", cents) for number, cents in dispute.moves.items())
        ]
        return sorted(steps, key=lambda step: (step.at, step.reference))

    @property
    def key(self) -> str:
        """The key of the payment's money: without Stripe it is one gift, which the bank's line closes."""
        return self.items[0].reference if self.payment.is_offline else self.payment.key

    def held(self, chart: Chart, cents: int) -> LegDraft:
        """A leg where the money of this payment is."""
        return chart.leg(_HELD[Payment.Method(self.payment.method)], cents, self.key)

    def back(self, chart: Chart, cents: int, from_bank: int) -> list[LegDraft]:
        """The legs of money that went back: from where it was, or `from_bank` of it from the bank, by its own key.

        So a check's deposit and its return are two open items, for the bank shows two lines of them.
        """
        return [
            self.held(chart, -(cents - from_bank)),
            chart.leg(Role.IN_TRANSIT, -from_bank, f"{self.key}/back"),
        ]

    @property
    def total_cents(self) -> int:
        return sum(item.total_cents for item in self.items)

    @property
    def succeeded(self) -> list[Charge]:
        """Charges in the ledger's currency: what came in another is in another balance of Stripe's."""
        return [charge for charge in self.charges if charge.status == "succeeded" and charge.currency == self.currency]

    @property
    def good(self) -> list[Charge]:
        """Charges that pay just what the form said."""
        return [charge for charge in self.succeeded if charge.amount_cents == self.total_cents]


def cases_of(book: Ledger, payments: Iterable[int]) -> list[Case]:
    """The payments of these numbers with everything that hangs on them."""
    cases = {
        payment.pk: Case(payment, book.currency)
        for payment in Payment.objects.filter(pk__in=payments, ledger=book).order_by("pk")
    }
    items = Donation.objects.filter(payment__in=cases).order_by("pk")
    for item in items.select_related("event", "fundraiser", "team", "participant__option", "participant__registration"):
        cases[item.payment_id].items.append(item)
    owners: dict[str, Case] = {}
    for charge in Charge.objects.filter(payment__in=cases).order_by("created_at", "pk"):
        assert charge.payment_id
        owners[charge.pk] = cases[charge.payment_id]
        cases[charge.payment_id].charges.append(charge)
    for refund in Refund.objects.filter(charge_id__in=owners, currency=book.currency).order_by("created_at", "pk"):
        owners[refund.charge_id].refunds.append(refund)
    for dispute in Dispute.objects.filter(charge_id__in=owners, currency=book.currency).order_by("created_at", "pk"):
        owners[dispute.charge_id].disputes.append(dispute)
    return list(cases.values())


def gift_entry(chart: Chart, case: Case, item: Donation) -> EntryDraft:
    """The entry of an item that was received: its money against the payables by its split, a cover to the fee pool."""
    assert item.received_at
    legs = [case.held(chart, item.total_cents), chart.leg(Role.FEE_POOL, -item.cover_cents)]
    legs += item_legs(chart, item, item.amount_cents, -1)
    return draft(_KINDS[Donation.Kind(item.kind)], item.reference, item.received_at, legs)


def returns_of(chart: Chart, case: Case, standing: Iterable[Returned]) -> tuple[Return, Counter[Place]]:
    """What the books must hold as gone back while these refunds stand, by item and by account and key."""
    surplus = sum(charge.amount_cents for charge in case.succeeded) - case.total_cents
    standing = list(standing)
    result = went_back(case.items, surplus, standing)
    legs = return_legs(chart, case.items, result)
    from_bank = sum(row.amount_cents for row in standing if row.from_bank)
    legs += case.back(chart, sum(leg.cents for leg in legs), from_bank)
    sums = Counter[Place]()
    for leg in legs:
        sums[leg.account_id, leg.key] += leg.cents
    return result, sums


def booked_returns(case: Case) -> Counter[Place]:
    """What the books do hold as gone back of this payment."""
    names = [step.reference for step in case.steps]
    names += [f"{charge.pk}/returned/{count}" for charge in case.charges for count in range(1, len(case.charges) + 1)]
    sums = Counter[Place]()
    legs = Leg.objects.filter(entry__reference__in=names)
    for account_id, key, cents in legs.values_list("account_id", "key", "cents"):
        sums[account_id, key] += cents
    return sums


def returned_credits(case: Case) -> dict[int, int]:
    """What went back of each item's proceeds: by its credits, and as kept for what is on no page."""
    sums = {item.pk: 0 if item.kind == Donation.Kind.GIFT else item.returned_cents for item in case.items}
    rows = Credit.objects.filter(donation__in=case.items, reason=Credit.Reason.RETURNED)
    for donation_id, cents in rows.values_list("donation_id", "cents"):
        sums[donation_id] -= cents
    return sums
