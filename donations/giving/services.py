"""Giving: from the form to Stripe's page, and every way back into the books."""

import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
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


def start_gift(*, gift: Gift, form_token: UUID) -> Payment:
    """The payment of this gift, its rows committed; the one there is already when the button is pressed again.

    Pressed twice, sent again by the back button, or sent from a second tab while unpaid: one payment. Changed and
    sent again: a new payment, and the old session is closed.
    """
    ledger_row = ledger.ledger_of(gift.event)
    known = Payment.objects.filter(fingerprint=gift.fingerprint)
    if payment := known.filter(form_token=form_token).first():
        return payment
    unpaid = known.filter(status__in=[Status.NEW, Status.OPEN], created_at__gte=clock.now() - SAME_GIFT)
    if payment := unpaid.first():
        return payment
    try:
        payment = _write_gift(ledger_row, gift, form_token)
    except IntegrityError:
        return known.get(form_token=form_token)
    for other in Payment.objects.filter(form_token=form_token, status=Status.OPEN).exclude(pk=payment.pk):
        _close(other)
    return payment


@transaction.atomic
def _write_gift(ledger_row: Ledger, gift: Gift, form_token: UUID) -> Payment:
    payment = Payment.objects.create(
        ledger=ledger_row,
        form_token=form_token,
        fingerprint=gift.fingerprint,
        amount_cents=gift.amount_cents + gift.cover_cents,
        email=gift.email,
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
    return payment


def open_checkout(payment: Payment) -> str:
    """The address of Stripe's page for this payment. Asking again gives the same page.

    Raises gateway.Unavailable when Stripe cannot be reached (the gift is kept, asking again is safe) and
    gateway.Refused when Stripe will not take it.
    """
    if payment.status == Status.OPEN and payment.session_url:
        return payment.session_url
    session = gateway.create_checkout(_checkout(payment), idempotency_key=f"payment-{payment.pk}")
    Payment.objects.filter(pk=payment.pk).update(
        session_id=session.id, session_url=session.url, session_expires_at=session.expires_at
    )
    mirror.advance([payment.pk], Status.OPEN)
    return session.url


def _checkout(payment: Payment) -> gateway.Checkout:
    items = list(payment.donations.select_related("event", "fundraiser"))
    lines = []
    for item in items:
        lines.append(gateway.CheckoutLine(_("Gift to %(target)s") % {"target": target_name(item)}, item.amount_cents))
        if item.cover_cents:
            lines.append(gateway.CheckoutLine(_("Towards the card fee"), item.cover_cents))
    thanks = settings.SITE_URL + reverse("thanks", args=[payment.token])
    return gateway.Checkout(
        payment_id=payment.pk,
        email=payment.email,
        lines=tuple(lines),
        success_url=thanks,
        cancel_url=f"{thanks}?back=1",
        expires_at=payment.created_at + SESSION_LIFE,
        description=items[0].event.name,
        metadata=_metadata(payment, items),
    )


def _metadata(payment: Payment, items: Sequence[Donation]) -> dict[str, str]:
    """What lets the books be rebuilt from Stripe alone. No name, no message (docs/architecture.md)."""
    page = items[0].fundraiser
    return {
        "payment": str(payment.pk),
        "event": items[0].event.slug,
        "page": str(page.pk) if page else "",
        "kind": items[0].kind,
        "proceeds": str(sum(item.amount_cents for item in items)),
        "cover": str(sum(item.cover_cents for item in items)),
    }


def _close(payment: Payment) -> None:
    try:
        gateway.expire_checkout(payment.session_id or "", idempotency_key=f"expire-{payment.pk}")
    except (gateway.Refused, gateway.Unavailable):
        # Paid meanwhile, or Stripe is away: the session ends by itself and the sweep sees how.
        log.warning("the session of payment %s could not be closed", payment.pk)
    else:
        mirror.advance([payment.pk], Status.EXPIRED)


def look_up(payment: Payment) -> None:
    """Asks Stripe how a payment stands and settles it: what the return page and the sweep do.

    Raises gateway.Unavailable when Stripe cannot be asked; nothing has changed then.
    """
    if payment.session_id:
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

    Rebuilds what lost webhooks would have told. Returns how many objects were asked for; raises
    gateway.Unavailable when Stripe cannot be asked, having settled what came before.
    """
    before = clock.now() - older_than
    unfinished = Payment.objects.filter(
        ledger=ledger_row, status__in=[Status.NEW, Status.OPEN, Status.PROCESSING], created_at__lte=before
    ).order_by("pk")
    asked = 0
    for payment in unfinished.iterator():
        asked += 1
        _sweep_payment(payment)
    for charge_id in _charges_in_clearing(ledger_row):
        asked += 1
        settle(ledger_row.pk, gateway.look_up_charge(charge_id))
    return asked


def _sweep_payment(payment: Payment) -> None:
    try:
        if not payment.session_id:
            # The answer to the first request was lost: the same key gives the session that was made then.
            open_checkout(payment)
            payment.refresh_from_db()
        look_up(payment)
    except gateway.Refused:
        # No session was made and none can be made any more.
        mirror.advance([payment.pk], Status.EXPIRED)


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
