"""`settle`: the one function that turns what Stripe told into books, credits and mail.

Webhook, return page and sweep all end here. They only name payments and bring facts; whatever the order, and
however often, the books end the same.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from donations.giving import credits, emails, entries
from donations.giving.cases import (
    Case,
    booked_returns,
    cases_of,
    gift_entry,
    returned_credits,
    returns_of,
    standing_after,
)
from donations.giving.models import Credit, DisputeAnswer, Donation, RefundRequest
from donations.giving.returns import Returned
from donations.ledger import services as ledger
from donations.ledger.entries import Chart, EntryDraft, LegDraft, draft
from donations.ledger.models import Entry, Kind, Ledger
from donations.payments import mirror
from donations.payments.facts import Facts
from donations.payments.models import Charge, Dispute, Payment


@transaction.atomic
def settle(ledger_id: int, facts: Facts) -> None:
    """Posts each fact not yet posted: gifts for charges that succeeded, then what went back.

    Takes facts read before the transaction. Idempotent; safe to run at the same time from anywhere.
    """
    book = ledger.lock(ledger_id)
    mirror.keep_charges(facts.charges)
    mirror.keep_refunds(facts.refunds)
    mirror.keep_disputes(facts.disputes)
    mirror.keep_sessions(facts.sessions)
    chart = ledger.chart_of(ledger_id)
    cases = cases_of(book, _payments_named(facts))
    _close_requests(book, facts)
    entries.release_unpaid(mirror.payments_of(session.payment for session in facts.sessions).values())
    entries.confirm_paid(cases)
    gifts = _post_gifts(book, chart, cases)
    _post_returns(book, chart, [case for case in cases if case.steps])
    # After what went back: a gift that came and went at once is no milestone.
    emails.queue_milestones(gifts)


def _close_requests(book: Ledger, facts: Facts) -> None:
    """What answers a request of ours, or our answer to a dispute: it is made, whoever heard of it first."""
    for fact in facts.refunds:
        if fact.request:
            asked = RefundRequest.objects.filter(token=fact.request)
            asked.filter(state=RefundRequest.State.WAITING).update(state=RefundRequest.State.MADE, refund_id=fact.id)
            if fact.status in mirror.DEAD_REFUNDS:
                # The donor was told that it comes: whoever asked for it gives it another way.
                asked.update(state=RefundRequest.State.REFUSED, refund_id=fact.id, error=_("It failed at the bank."))
                ledger.raise_alarm(book.pk, fact.id, _("A refund failed: the donor does not have it. Ask where to."))
    for dispute in facts.disputes:
        # An inquiry that was answered may become a chargeback that is not.
        is_answered = dispute.answered and dispute.status not in Dispute.OPEN
        kinds = [DisputeAnswer.Kind.EVIDENCE] if is_answered else []
        kinds += [DisputeAnswer.Kind.ACCEPT] if dispute.status == "lost" else []
        answers = DisputeAnswer.objects.filter(dispute=dispute.id, kind__in=kinds, state=DisputeAnswer.State.WAITING)
        answers.update(state=DisputeAnswer.State.MADE)


def _payments_named(facts: Facts) -> set[int]:
    """The payments that the facts' charges, refunds and disputes belong to."""
    names = {fact.id for fact in facts.charges} | {fact.charge_id for fact in facts.refunds}
    names |= {fact.charge_id for fact in facts.disputes}
    ours = Charge.objects.filter(pk__in=names, payment__isnull=False)
    return {number for number in ours.values_list("payment_id", flat=True) if number}


def _post_gifts(book: Ledger, chart: Chart, cases: Sequence[Case]) -> list[Donation]:
    """Posts what was paid and is not in the books yet. Returns the gifts among it."""
    drafts: list[EntryDraft] = []
    due: dict[str, tuple[Case, Donation]] = {}
    for case in cases:
        _raise_alarms(book, case)
        for item in case.items:
            if case.good and item.received_at is None:
                item.received_at = case.good[0].created_at
                due[item.reference] = (case, item)
                drafts.append(gift_entry(chart, case, item))
    if not drafts:
        return []
    posted = ledger.post(book.pk, drafts)
    received = [(*due[reference], entry_id) for reference, entry_id in posted.entries.items()]
    for moment, items in groupby(sorted(received, key=_moment), key=_moment):
        Donation.objects.filter(pk__in=[item.pk for _case, item, _entry_id in items]).update(received_at=moment)
    mirror.advance({case.payment.pk for case, _item, _entry_id in received}, Payment.Status.PAID)
    gifts = [(item, entry_id) for _case, item, entry_id in received if item.kind == Donation.Kind.GIFT]
    credits.add([credits.Change(item, item.amount_cents, 1, entry_id, Credit.Reason.GIFT) for item, entry_id in gifts])
    _queue_mails(received)
    return [item for item, _entry_id in gifts]


def _queue_mails(received: Sequence[tuple[Case, Donation, int]]) -> None:
    items: dict[int, tuple[Payment, list[Donation]]] = {}
    for case, item, _entry_id in received:
        items.setdefault(case.payment.pk, (case.payment, []))[1].append(item)
    emails.queue_receipts(list(items.values()))


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
        gone = [
            credits.Change(item, cents, gifts, entry_id, Credit.Reason.RETURNED)
            for name, entry_id in posted.entries.items()
            for item, cents, gifts in changes[name]
        ]
        credits.add([change for change in gone if change.donation.kind == Donation.Kind.GIFT])
        for change in gone:
            if change.donation.kind != Donation.Kind.GIFT:
                # Entry fees and fee contributions are on no page, so no credit tells what went back of them.
                kept = Donation.objects.filter(pk=change.donation.pk)
                kept.update(returned_cents=F("returned_cents") - change.cents)


def _returns(chart: Chart, case: Case) -> Iterator[tuple[EntryDraft, list[tuple[Donation, int, int]]]]:
    """One entry a refund and one more where it failed, each the change of what went back in all; with its credits."""
    booked, returned = booked_returns(case), returned_credits(case)
    for reference, happened_at, standing in _unposted(case):
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
            if left != was_left:
                moved.append((item, left - was_left, (left > 0) - (was_left > 0)))
        booked, returned = want, result.proceeds
        yield draft(Kind.REFUND, reference, happened_at, legs), moved


def _unposted(case: Case) -> Iterator[tuple[str, datetime, Collection[Returned]]]:
    """What went back and is not in the books yet, as (reference, time, all that then stands).

    The last step asks whether a second charge, or the parts of a refund, told late, change what went back.
    """
    names = [step.reference for step in case.steps]
    known = set(Entry.objects.filter(reference__in=names).values_list("reference", flat=True))
    standing = standing_after(step for step in case.steps if step.reference in known)
    for step in case.steps:
        if step.reference not in known:
            standing = standing_after([step], standing)
            yield step.reference, step.at, standing.values()
    last = case.succeeded[-1]
    yield f"{last.pk}/returned/{len(case.succeeded)}", last.created_at, standing.values()
