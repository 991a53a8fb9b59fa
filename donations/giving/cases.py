"""All that is known of a payment, and the entries that must follow from it: what settle posts and check_books asks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from donations.giving.models import Credit, Donation
from donations.giving.returns import Return, item_legs, return_legs, went_back
from donations.ledger.entries import Chart, EntryDraft, draft
from donations.ledger.models import Kind, Ledger, Leg, Role
from donations.payments.models import Charge, Payment, Refund

_KINDS = {Donation.Kind.GIFT: Kind.GIFT, Donation.Kind.FUNDING: Kind.FUNDING}
# An account and a key on it.
Place = tuple[int, str]


@dataclass(slots=True)
class Case:
    """A payment with its items, its charges and refunds as last told, in the order of their making."""

    payment: Payment
    currency: str
    items: list[Donation] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)

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
    for item in Donation.objects.filter(payment__in=cases).select_related("event", "fundraiser").order_by("pk"):
        cases[item.payment_id].items.append(item)
    owners: dict[str, Case] = {}
    for charge in Charge.objects.filter(payment__in=cases).order_by("created_at", "pk"):
        assert charge.payment_id
        owners[charge.pk] = cases[charge.payment_id]
        cases[charge.payment_id].charges.append(charge)
    for refund in Refund.objects.filter(charge_id__in=owners, currency=book.currency).order_by("created_at", "pk"):
        owners[refund.charge_id].refunds.append(refund)
    return list(cases.values())


def gift_entry(chart: Chart, key: str, item: Donation) -> EntryDraft:
    """The entry of an item that was received: clearing against the payables by its split, a cover to the fee pool."""
    assert item.received_at
    legs = [chart.leg(Role.CLEARING, item.total_cents, key), chart.leg(Role.FEE_POOL, -item.cover_cents)]
    legs += item_legs(chart, item, item.amount_cents, -1)
    return draft(_KINDS[Donation.Kind(item.kind)], item.reference, item.received_at, legs)


def returns_of(chart: Chart, case: Case, standing: Sequence[Refund]) -> tuple[Return, Counter[Place]]:
    """What the books must hold as gone back while these refunds stand, by item and by account and key."""
    surplus = sum(charge.amount_cents for charge in case.succeeded) - case.total_cents
    result = went_back(case.items, surplus, standing)
    sums = Counter[Place]()
    for leg in return_legs(chart, case.payment.key, case.items, result):
        sums[leg.account_id, leg.key] += leg.cents
    return result, sums


def booked_returns(case: Case) -> Counter[Place]:
    """What the books do hold as gone back of this payment."""
    names = [name for refund in case.refunds for name in (refund.pk, f"{refund.pk}/failed")]
    names += [f"{charge.pk}/returned/{count}" for charge in case.charges for count in range(1, len(case.charges) + 1)]
    sums = Counter[Place]()
    legs = Leg.objects.filter(entry__reference__in=names)
    for account_id, key, cents in legs.values_list("account_id", "key", "cents"):
        sums[account_id, key] += cents
    return sums


def returned_credits(case: Case) -> dict[int, int]:
    """What went back of each item's proceeds, by its credits."""
    sums = dict.fromkeys((item.pk for item in case.items), 0)
    rows = Credit.objects.filter(donation__in=case.items, reason=Credit.Reason.RETURNED)
    for donation_id, cents in rows.values_list("donation_id", "cents"):
        sums[donation_id] -= cents
    return sums
