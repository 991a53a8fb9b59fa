"""`settle`: the one function that turns what Stripe told into books, credits and mail.

Webhook, return page and sweep all end here. They only name payments and bring facts; whatever the order, and
however often, the books end the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from donations.giving import credits, emails
from donations.giving.cases import Case, booked_returns, cases_of, gift_entry, returned_credits, returns_of
from donations.giving.models import Credit, Donation
from donations.ledger import services as ledger
from donations.ledger.entries import Chart, EntryDraft, LegDraft, draft
from donations.ledger.models import Entry, Kind, Ledger
from donations.payments import mirror
from donations.payments.facts import Facts
from donations.payments.models import Charge, Payment, Refund


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
    cases = cases_of(book, _payments_named(facts))
    _post_gifts(book, chart, cases)
    _post_returns(book, chart, [case for case in cases if case.refunds])


def _payments_named(facts: Facts) -> set[int]:
    """The payments that the facts' charges and refunds belong to."""
    names = {fact.id for fact in facts.charges} | {fact.charge_id for fact in facts.refunds}
    ours = Charge.objects.filter(pk__in=names, payment__isnull=False)
    return {number for number in ours.values_list("payment_id", flat=True) if number}


def _post_gifts(book: Ledger, chart: Chart, cases: Sequence[Case]) -> None:
    drafts: list[EntryDraft] = []
    due: dict[str, tuple[Case, Donation]] = {}
    for case in cases:
        _raise_alarms(book, case)
        for item in case.items:
            if case.good and item.received_at is None:
                item.received_at = case.good[0].created_at
                due[item.reference] = (case, item)
                drafts.append(gift_entry(chart, case.payment.key, item))
    if not drafts:
        return
    posted = ledger.post(book.pk, drafts)
    received = [(*due[reference], entry_id) for reference, entry_id in posted.entries.items()]
    for moment, items in groupby(sorted(received, key=_moment), key=_moment):
        Donation.objects.filter(pk__in=[item.pk for _case, item, _entry_id in items]).update(received_at=moment)
    mirror.advance({case.payment.pk for case, _item, _entry_id in received}, Payment.Status.PAID)
    credits.add(
        [
            credits.Change(item, item.amount_cents, 1, entry_id, Credit.Reason.GIFT)
            for _case, item, entry_id in received
            if item.kind == Donation.Kind.GIFT
        ]
    )
    emails.queue_receipts([(case.payment, item) for case, item, _entry_id in received])


def _moment(received: tuple[Case, Donation, int]) -> datetime:
    moment = received[1].received_at
    assert moment
    return moment


def _raise_alarms(book: Ledger, case: Case) -> None:
    """A charge of another sum or currency than its form's makes no gift: it waits in clearing for a person."""
    good = {charge.pk for charge in case.good}
    for charge in case.charges:
        if charge.status == "succeeded" and charge.pk not in good:
            ledger.raise_alarm(book.pk, charge.pk, _("A charge that is not what its form said. It waits in clearing."))


def _post_returns(book: Ledger, chart: Chart, cases: Sequence[Case]) -> None:
    drafts: list[EntryDraft] = []
    changes: dict[str, list[tuple[Donation, int, int]]] = {}
    for case in cases:
        if all(item.received_at for item in case.items):
            for entry, moved in _returns(chart, case):
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


def _returns(chart: Chart, case: Case) -> Iterator[tuple[EntryDraft, list[tuple[Donation, int, int]]]]:
    """One entry a refund and one more where it failed, each the change of what went back in all; with its credits."""
    booked, returned = booked_returns(case), returned_credits(case)
    for reference, happened_at, standing in _steps(case):
        result, want = returns_of(chart, case, standing)
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


def _steps(case: Case) -> Iterator[tuple[str, datetime, list[Refund]]]:
    """What happened to the payment's refunds, as (reference, time, the refunds that then stand), unposted ones last.

    The last step asks whether a second charge, or the parts of a refund, told late, change what went back.
    """
    news = [(refund.pk, refund) for refund in case.refunds]
    news += [(f"{refund.pk}/failed", refund) for refund in case.refunds if refund.status in mirror.DEAD_REFUNDS]
    known = set(
        Entry.objects.filter(reference__in=[name for name, _refund in news]).values_list("reference", flat=True)
    )
    standing = [refund for refund in case.refunds if refund.pk in known and f"{refund.pk}/failed" not in known]
    for name, refund in sorted(news, key=lambda step: (step[1].created_at, step[0])):
        if name not in known:
            standing = [*standing, refund] if name == refund.pk else [other for other in standing if other != refund]
            yield name, refund.created_at, standing
    last = case.succeeded[-1]
    yield f"{last.pk}/returned/{len(case.succeeded)}", last.created_at, standing
