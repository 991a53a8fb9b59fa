"""`settle`: the one function that turns what Stripe told into books, credits and mail.

Webhook, return page and sweep all end here. They only name payments and bring facts; whatever the order, and
however often, the books end the same.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from donations.giving import credits, emails
from donations.giving.models import Credit, Donation
from donations.giving.returns import item_legs, return_legs, went_back
from donations.ledger import services as ledger
from donations.ledger.entries import Chart, EntryDraft, LegDraft, draft
from donations.ledger.models import Entry, Kind, Ledger, Leg, Role
from donations.payments import mirror
from donations.payments.facts import Facts
from donations.payments.models import Charge, Payment, Refund

_KINDS = {Donation.Kind.GIFT: Kind.GIFT, Donation.Kind.FUNDING: Kind.FUNDING}


@dataclass(slots=True)
class _Case:
    """All that is known of one payment, read under the lock."""

    payment: Payment
    items: list[Donation] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        return sum(item.total_cents for item in self.items)


@transaction.atomic
def settle(ledger_id: int, facts: Facts) -> None:
    """Posts each fact not yet posted: gifts for charges that succeeded, then what went back.

    Takes facts read before the transaction. Idempotent; safe to run at the same time from anywhere.
    """
    book = ledger.lock(ledger_id)
    mirror.keep_charges(facts.charges)
    mirror.keep_refunds(facts.refunds)
    mirror.keep_sessions(facts.sessions)
    chart = ledger.chart_of(ledger_id)
    cases = _cases(book, facts)
    _post_gifts(book, chart, cases)
    _post_returns(book, chart, [case for case in cases if case.refunds])


def _cases(book: Ledger, facts: Facts) -> list[_Case]:
    """The payments that the facts' charges and refunds belong to, with everything that hangs on them."""
    names = {fact.id for fact in facts.charges} | {fact.charge_id for fact in facts.refunds}
    payment_ids = set(Charge.objects.filter(pk__in=names, payment__isnull=False).values_list("payment_id", flat=True))
    cases = {
        payment.pk: _Case(payment)
        for payment in Payment.objects.filter(pk__in=payment_ids, ledger=book).order_by("pk")
    }
    for item in Donation.objects.filter(payment__in=cases).select_related("event", "fundraiser").order_by("pk"):
        cases[item.payment_id].items.append(item)
    owners: dict[str, _Case] = {}
    for charge in Charge.objects.filter(payment__in=cases).order_by("created_at", "pk"):
        assert charge.payment_id
        owners[charge.pk] = cases[charge.payment_id]
        cases[charge.payment_id].charges.append(charge)
    for refund in Refund.objects.filter(charge_id__in=owners, currency=book.currency).order_by("created_at", "pk"):
        owners[refund.charge_id].refunds.append(refund)
    return list(cases.values())


def _good_charges(book: Ledger, case: _Case) -> list[Charge]:
    """Charges that succeeded in the ledger's currency; a charge of another sum raises an alarm and waits."""
    good = []
    for charge in case.charges:
        if charge.status != "succeeded":
            continue
        if charge.currency != book.currency or charge.amount_cents != case.total_cents:
            ledger.raise_alarm(book.pk, charge.pk, _("A charge that is not what its form said. It waits in clearing."))
        else:
            good.append(charge)
    return good


def _post_gifts(book: Ledger, chart: Chart, cases: Sequence[_Case]) -> None:
    drafts: list[EntryDraft] = []
    due: dict[str, tuple[_Case, Donation]] = {}
    for case in cases:
        good = _good_charges(book, case)
        for item in case.items:
            if good and item.received_at is None:
                item.received_at = good[0].created_at
                due[item.reference] = (case, item)
                drafts.append(_gift(chart, case.payment.key, item))
    if not drafts:
        return
    posted = ledger.post(book.pk, drafts)
    received = [(*due[reference], entry_id) for reference, entry_id in posted.entries.items()]
    Donation.objects.bulk_update([item for _case, item, _entry_id in received], ["received_at"])
    mirror.advance({case.payment.pk for case, _item, _entry_id in received}, Payment.Status.PAID)
    credits.add(
        [
            credits.Change(item, item.amount_cents, 1, entry_id, Credit.Reason.GIFT)
            for _case, item, entry_id in received
            if item.kind == Donation.Kind.GIFT
        ]
    )
    emails.queue_receipts([(case.payment, item) for case, item, _entry_id in received])


def _gift(chart: Chart, key: str, item: Donation) -> EntryDraft:
    assert item.received_at
    legs = [chart.leg(Role.CLEARING, item.total_cents, key), chart.leg(Role.FEE_POOL, -item.cover_cents)]
    legs += item_legs(chart, item, item.amount_cents, -1)
    return draft(_KINDS[Donation.Kind(item.kind)], item.reference, item.received_at, legs)


def _post_returns(book: Ledger, chart: Chart, cases: Sequence[_Case]) -> None:
    drafts: list[EntryDraft] = []
    changes: dict[str, list[tuple[Donation, int, int]]] = {}
    for case in cases:
        if all(item.received_at for item in case.items):
            for entry, moved in _returns(book, chart, case):
                drafts.append(entry)
                changes[entry.reference] = moved
    if drafts:
        posted = ledger.post(book.pk, drafts)
        credits.add(
            [
                credits.Change(item, cents, gifts, entry_id, Credit.Reason.RETURNED)
                for reference, entry_id in posted.entries.items()
                for item, cents, gifts in changes[reference]
            ]
        )


def _returns(
    book: Ledger, chart: Chart, case: _Case
) -> Iterator[tuple[EntryDraft, list[tuple[Donation, int, int]]]]:
    """One entry a refund and one more where it failed, each the change of what went back in all; with its credits."""
    # What came in another currency is in another balance of Stripe's, and surplus of nothing here.
    succeeded = [
        charge for charge in case.charges if charge.status == "succeeded" and charge.currency == book.currency
    ]
    surplus = sum(charge.amount_cents for charge in succeeded) - case.total_cents
    booked = _booked(case)
    returned = _returned(case)
    for reference, happened_at, standing in _steps(case, succeeded[-1]):
        result = went_back(case.items, surplus, standing)
        want = Counter[Place]()
        for leg in return_legs(chart, case.payment.key, case.items, result):
            want[leg.account_id, leg.key] += leg.cents
        legs = [
            LegDraft(account_id, want[account_id, key] - booked[account_id, key], key)
            for account_id, key in {*want, *booked}
            if want[account_id, key] != booked[account_id, key]
        ]
        if not legs:
            continue
        moved = []
        for item in case.items:
            left, was_left = item.amount_cents - result.proceeds[item.pk], item.amount_cents - returned[item.pk]
            if left != was_left and item.kind == Donation.Kind.GIFT:
                moved.append((item, left - was_left, (left > 0) - (was_left > 0)))
        booked, returned = want, result.proceeds
        yield draft(Kind.REFUND, reference, happened_at, legs), moved


def _steps(case: _Case, last: Charge) -> Iterator[tuple[str, datetime, list[Refund]]]:
    """What happened to the payment's refunds, as (reference, time, the refunds that then stand), unposted ones last.

    The last step asks whether a second charge, told after the refund, changes what went back of the gifts.
    """
    news = [(refund.pk, refund) for refund in case.refunds]
    news += [(f"{refund.pk}/failed", refund) for refund in case.refunds if refund.status in mirror.DEAD_REFUNDS]
    known = set(
        Entry.objects.filter(reference__in=[name for name, _refund in news]).values_list("reference", flat=True)
    )
    standing = [
        refund for name, refund in news if name in known and f"{name}/failed" not in known and name == refund.pk
    ]
    for name, refund in sorted(news, key=lambda step: (step[1].created_at, step[0])):
        if name not in known:
            standing = [*standing, refund] if name == refund.pk else [other for other in standing if other != refund]
            yield name, refund.created_at, standing
    yield f"{last.pk}/returned", last.created_at, standing


Place = tuple[int, str]


def _booked(case: _Case) -> Counter[Place]:
    """What the books hold as gone back of this payment, by account and key."""
    names = [name for refund in case.refunds for name in (refund.pk, f"{refund.pk}/failed")]
    names += [f"{charge.pk}/returned" for charge in case.charges]
    sums = Counter[Place]()
    for account_id, key, cents in Leg.objects.filter(entry__reference__in=names).values_list(
        "account_id", "key", "cents"
    ):
        sums[account_id, key] += cents
    return sums


def _returned(case: _Case) -> dict[int, int]:
    """What went back of each item's proceeds, by its credits."""
    sums = dict.fromkeys((item.pk for item in case.items), 0)
    rows = Credit.objects.filter(donation__in=case.items, reason=Credit.Reason.RETURNED)
    for donation_id, cents in rows.values_list("donation_id", "cents"):
        sums[donation_id] -= cents
    return sums
