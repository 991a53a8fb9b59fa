"""Giving: from the form to Stripe's page, and every way back into the books."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from donations.giving.gift import Gift
from donations.giving.models import Donation
from donations.giving.queries import target_name
from donations.giving.settle import settle
from donations.ledger import services as ledger
from donations.ledger.models import Ledger, OpenItem, Role
from donations.payments import gateway, inbox, mirror
from donations.payments.facts import Facts, event_facts
from donations.payments.models import BalanceTransaction, Charge, Payment, StripeEvent

log = logging.getLogger(__name__)
Status = Payment.Status
# How long a donor may take on Stripe's page (Stripe: 30 minutes to 24 hours).
SESSION_LIFE = timedelta(hours=2)
# How long the same words of the same person, unpaid, are the same gift (a second tab, the back button).
SAME_GIFT = timedelta(minutes=30)
STUCK_AFTER = timedelta(minutes=1)
# How often Stripe is asked about one payment at most, and about how many in one sweep.
ASK_AGAIN = timedelta(seconds=1)
SWEPT_AT_ONCE = 300
LOOKED_THROUGH = 5_000


def start_gift(*, gift: Gift, form_token: UUID) -> Payment:
    """The payment of this gift, its rows committed; the one there is already when the button is pressed again.

    Pressed twice, sent again by the back button, or sent from a second tab while unpaid: one payment. Changed and
    sent again: a new payment, and the old session is closed.
    """
    ledger_row = ledger.ledger_of(gift.event)
    known = Payment.objects.filter(fingerprint=gift.fingerprint)
    if payment := known.filter(form_token=form_token).first():
        if not _stuck(payment):
            return payment
        mirror.advance([payment.pk], Status.EXPIRED)
        form_token = uuid4()
    for payment in known.filter(status__in=[Status.NEW, Status.OPEN], created_at__gte=clock.now() - SAME_GIFT):
        if not _stuck(payment):
            return payment
    try:
        payment = _write_gift(ledger_row, gift, form_token)
    except IntegrityError:
        return known.get(form_token=form_token)
    for other in Payment.objects.filter(form_token=form_token, status=Status.OPEN, pk__lt=payment.pk):
        _close(other)
    return payment


def _stuck(payment: Payment) -> bool:
    """Without a page after a minute: Stripe repeats a bad first answer to its key for a day.

    Should a session have been made after all, nobody was told its address, and nobody can pay it.
    """
    return payment.status == Status.NEW and payment.created_at < clock.now() - STUCK_AFTER


@transaction.atomic
def _write_gift(ledger_row: Ledger, gift: Gift, form_token: UUID) -> Payment:
    now = clock.now()
    payment = Payment.objects.create(
        ledger=ledger_row,
        form_token=form_token,
        fingerprint=gift.fingerprint,
        amount_cents=gift.amount_cents + gift.cover_cents,
        email=gift.email,
        created_at=now,
        expires_at=now + SESSION_LIFE,
    )
    weights = [(lane.pk, lane.weight) for lane in gift.event.beneficiaries.all()]
    item = Donation.objects.create(
        payment=payment,
        kind=gift.kind,
        event=gift.event,
        fundraiser=gift.fundraiser,
        team=gift.fundraiser.team if gift.fundraiser else None,
        amount_cents=gift.amount_cents,
        cover_cents=gift.cover_cents,
        weights=weights,
        start=0,
        name=gift.name,
        message=gift.message,
        shown=gift.shown,
        alias=gift.alias,
        amount_hidden=gift.amount_hidden,
    )
    # The odd cents start at another lane with each item, so that in the long run nobody is ahead.
    item.start = item.pk % len(weights)
    item.save(update_fields=["start"])
    payment.checkout = gateway.checkout_params(_checkout(payment, item))
    payment.save(update_fields=["checkout"])
    return payment


def _checkout(payment: Payment, item: Donation) -> gateway.Checkout:
    lines = [(_("Gift to %(target)s") % {"target": target_name(item)}, item.amount_cents)]
    if item.kind == Donation.Kind.FUNDING:
        lines = [(_("For the card fees"), item.amount_cents)]
    if item.cover_cents:
        lines.append((_("Towards the card fee"), item.cover_cents))
    thanks = settings.SITE_URL + reverse("thanks", args=[payment.token])
    return gateway.Checkout(
        token=payment.token,
        number=payment.pk,
        email=payment.email,
        lines=tuple(lines),
        success_url=thanks,
        cancel_url=f"{thanks}?back=1",
        expires_at=payment.expires_at,
        description=item.event.name,
        # What lets the books be rebuilt from Stripe alone. No name, no message.
        metadata={
            "event": item.event.slug,
            "page": str(item.fundraiser_id or ""),
            "kind": item.kind,
            "proceeds": str(item.amount_cents),
            "cover": str(item.cover_cents),
        },
    )


def open_checkout(payment: Payment) -> str:
    """The address of Stripe's page for this payment. Asking again gives the same page.

    Raises gateway.Unavailable when Stripe cannot be reached (the gift is kept, asking again is safe) and
    gateway.Refused when Stripe will not take it: the payment is over then.
    """
    if payment.status == Status.OPEN and payment.session_url:
        return payment.session_url
    try:
        session = gateway.create_checkout(payment.checkout, idempotency_key=f"payment-{payment.token}")
    except gateway.Refused:
        mirror.advance([payment.pk], Status.EXPIRED)
        raise
    Payment.objects.filter(pk=payment.pk).update(session_id=session.id, session_url=session.url)
    mirror.advance([payment.pk], Status.OPEN)
    payment.refresh_from_db()
    if Payment.objects.filter(form_token=payment.form_token, pk__gt=payment.pk).exists():
        # Changed and sent again while the first request was on its way.
        _close(payment)
    return session.url


def _close(payment: Payment) -> None:
    try:
        gateway.expire_checkout(payment.session_id or "", idempotency_key=f"expire-{payment.token}")
    except (gateway.Refused, gateway.Unavailable):
        # Paid meanwhile, or Stripe is away: the session ends by itself and the sweep sees how.
        log.warning("the session of payment %s could not be closed", payment.pk)
    else:
        mirror.advance([payment.pk], Status.EXPIRED)


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
    """Asks Stripe for everything that is open: unfinished payments and open items of clearing.

    Rebuilds what lost webhooks would have told. A payment is asked for again after a tenth of its age, a few hundred
    in one run. Returns how many objects were asked for; raises gateway.Unavailable when Stripe is away, having
    settled what came before. What fails alone is logged and does not hold up the others.
    """
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
    for charge_id in _charges_in_clearing(ledger_row):
        yield partial(_sweep_charge, ledger_row, charge_id)
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
