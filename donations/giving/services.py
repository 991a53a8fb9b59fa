"""Every way from Stripe back into the books: the return page, the inbox, the sweep."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q

from common import clock
from donations.giving import disputes, entries, refunds
from donations.giving.checkout import open_checkout
from donations.giving.settle import settle
from donations.ledger.models import Ledger, OpenItem, Role
from donations.payments import gateway, inbox
from donations.payments.facts import Facts, event_facts
from donations.payments.models import BalanceTransaction, Charge, Payment, StripeEvent

log = logging.getLogger(__name__)
Status = Payment.Status
# How often Stripe is asked about one payment at most, and about how many in one sweep.
ASK_AGAIN = timedelta(seconds=1)
SWEPT_AT_ONCE = 300
# How far back disputes are listed anew: longer than Stripe repeats a webhook (three days), and than we may be away.
DISPUTES_AGAIN = timedelta(days=30)
LOOKED_THROUGH = 5_000


def look_up(payment: Payment) -> None:
    """Asks Stripe how a payment stands and settles it: what the return page and the sweep do.

    Once a second at most, however often a page is opened. Raises gateway.Unavailable when Stripe cannot be
    asked and gateway.Refused when it knows no such session; nothing has changed then.
    """
    now = clock.now()
    long_ago = Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN) | Q(asked_at__gt=now)
    if payment.session_id and Payment.objects.filter(long_ago, pk=payment.pk).update(asked_at=now):
        settle(payment.ledger_id, gateway.look_up_session(payment.session_id))


def drain_inbox(ledger_id: int, limit: int = 200) -> int:
    """Settles a batch of stored events in one transaction. Returns how many were taken.

    An event that breaks its batch is taken alone, put back with a growing delay, and does not hold up the others.
    """
    events = inbox.waiting(limit)
    if not events:
        return 0
    try:
        _settle_events(ledger_id, events)
    except Exception:
        log.exception("a batch of %s events failed; taking them one by one", len(events))
        for event in events:
            try:
                _settle_events(ledger_id, [event])
            except Exception as error:
                log.exception("event %s failed", event.event_id)
                inbox.mark_failed(event, repr(error))
    return len(events)


@transaction.atomic
def _settle_events(ledger_id: int, events: list[StripeEvent]) -> None:
    facts = Facts()
    for event in events:
        facts.add(event_facts(json.loads(event.body)))
    settle(ledger_id, facts)
    inbox.mark_processed(events)


def sweep(ledger_row: Ledger, older_than: timedelta = timedelta(minutes=2)) -> int:
    """Asks Stripe for everything that is open: payments, refunds and answers we sent, disputes, items of clearing.

    Rebuilds what lost webhooks would have told. A payment is asked for again after a tenth of its age, a few hundred
    in one run. Returns how many objects were asked for; raises gateway.Unavailable when Stripe is away, having
    settled what came before. What fails alone is logged and does not hold up the others.
    """
    entries.release_forgotten()
    asked, away = 0, None
    for act in _acts(ledger_row, older_than):
        asked += 1
        try:
            act()
        except gateway.Unavailable as error:
            if away:
                raise
            away = error
        except Exception:
            log.exception("the sweep could not settle one object; the others go on")
        else:
            away = None
    if away:
        raise away
    return asked


def _acts(ledger_row: Ledger, older_than: timedelta) -> Iterator[Callable[[], None]]:
    due = _due(ledger_row, older_than)
    for payment in due:
        if payment.session_id:
            yield partial(_sweep_payment, payment)
    for request in refunds.waiting(ledger_row.pk, older_than):
        yield partial(refunds.send, request)
    for charge_id in _charges_in_clearing(ledger_row):
        yield partial(_sweep_charge, ledger_row, charge_id)
    for answer in disputes.waiting(ledger_row.pk, older_than):
        yield partial(disputes.send, answer)
    yield from _disputes(ledger_row)
    # Last, those that nobody can have paid yet: Stripe may repeat a bad answer to their key.
    for payment in due:
        if not payment.session_id:
            yield partial(_sweep_payment, payment)


def _due(ledger_row: Ledger, older_than: timedelta) -> list[Payment]:
    """Unfinished payments whose turn it is, those longest not asked for first."""
    now = clock.now()
    unfinished = Payment.objects.filter(
        ledger=ledger_row, status__in=[Status.NEW, Status.OPEN, Status.PROCESSING], created_at__lte=now - older_than
    )
    due = [
        payment
        for payment in unfinished.order_by(F("asked_at").asc(nulls_first=True), "pk")[:LOOKED_THROUGH]
        if not older_than or not payment.asked_at or now - payment.asked_at >= (now - payment.created_at) / 10
    ]
    return due[:SWEPT_AT_ONCE]


def _sweep_payment(payment: Payment) -> None:
    if not payment.session_id:
        try:
            # The answer to the first request was lost: the same key gives the session that was made then.
            open_checkout(payment)
        except gateway.Refused:
            return
    try:
        look_up(payment)
    except gateway.Refused:
        log.warning("Stripe does not know the session of payment %s", payment.pk)


def _sweep_charge(ledger_row: Ledger, charge_id: str) -> None:
    try:
        settle(ledger_row.pk, gateway.look_up_charge(charge_id))
    except gateway.Refused:
        # It stays an open item, and the checks name it when it is overdue.
        log.warning("Stripe does not know charge %s", charge_id)


def _disputes(ledger_row: Ledger) -> Iterator[Callable[[], None]]:
    """Disputes by their own list, since an inquiry moves no money: its lost webhook leaves no open item."""
    if not Charge.objects.filter(payment__ledger=ledger_row, payment__method=Payment.Method.STRIPE).exists():
        return
    yield lambda: settle(ledger_row.pk, gateway.recent_disputes(clock.now() - DISPUTES_AGAIN))
    for dispute_id in disputes.long_open(ledger_row.pk, DISPUTES_AGAIN):
        yield partial(_sweep_dispute, ledger_row, dispute_id)


def _sweep_dispute(ledger_row: Ledger, dispute_id: str) -> None:
    settle(ledger_row.pk, gateway.look_up_dispute(dispute_id))


def _charges_in_clearing(ledger_row: Ledger) -> list[str]:
    """Charges whose payment, or who themselves, are an open item of stripe:clearing."""
    keys = OpenItem.objects.filter(account__ledger=ledger_row, account__role=Role.CLEARING).exclude(cents=0)
    names = list(keys.values_list("key", flat=True))
    payments = [int(name.removeprefix("payment:")) for name in names if name.startswith("payment:")]
    charges = set(Charge.objects.filter(payment__in=payments).values_list("pk", flat=True))
    settled = BalanceTransaction.objects.filter(payment__in=payments, type__in=["charge", "payment"])
    charges |= set(settled.values_list("source", flat=True))
    charges |= {name for name in names if name.startswith(("ch_", "py_"))}
    return sorted(charges)
