"""From an order to Stripe's page: the payment's rows first, committed, then the session."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from donations.giving import gate, moderation
from donations.giving.models import Donation
from donations.giving.order import Line, Order
from donations.giving.queries import target_name
from donations.ledger import services as ledger
from donations.ledger.models import Ledger
from donations.payments import gateway, mirror
from donations.payments.models import Payment
from events.models import Event

log = logging.getLogger(__name__)
Status = Payment.Status
# How long a donor may take on Stripe's page (Stripe: 30 minutes to 24 hours).
SESSION_LIFE = timedelta(hours=2)
# How long the same words of the same person, unpaid, are the same gift (a second tab, the back button).
SAME_GIFT = timedelta(minutes=30)
STUCK_AFTER = timedelta(minutes=1)


def start_payment(
    *,
    order: Order,
    form_token: UUID,
    comer: gate.Comer | None,
    life: timedelta = SESSION_LIFE,
    still: Callable[[], object] | None = None,
) -> Payment:
    """The payment of this order, its rows committed; the one there is already when the button is pressed again.

    Pressed twice, sent again by the back button, or sent from a second tab while unpaid: one payment. Changed and
    sent again, or pressed again when it is over: a new payment, and an old session is closed. `life` is how long
    Stripe's page can be paid. `comer` is who asks, by gate.comer_of; none is for what no stranger can reach. `still`
    is asked in the transaction that writes the rows, and raises when the order does not hold any more. Raises
    gate.Held, having made nothing.
    """
    ledger_row = ledger.ledger_of(order.event)
    known = Payment.objects.filter(fingerprint=order.fingerprint)
    if payment := known.filter(form_token=form_token).first():
        if not is_over(payment):
            return payment
        mirror.advance([payment.pk], Status.EXPIRED)
        form_token = uuid4()
    if payment := _same_gift(known, comer):
        return payment
    write = partial(_write, ledger_row, order, form_token, life, still)
    try:
        payment = gate.let_in(comer, order, write) if comer else write()
    except IntegrityError:
        return known.get(form_token=form_token)
    except gate.Held:
        # Of two presses at once the first one was let in.
        if first := known.filter(form_token=form_token).first():
            return first
        raise
    for other in Payment.objects.filter(form_token=form_token, status=Status.OPEN, pk__lt=payment.pk):
        close(other)
    return payment


def _same_gift(known: QuerySet[Payment], comer: gate.Comer | None) -> Payment | None:
    """The unpaid payment of the same words, just begun: from the same network, since its link is the donor's own."""
    begun = known.filter(status__in=[Status.NEW, Status.OPEN], created_at__gte=clock.now() - SAME_GIFT)
    if comer:
        begun = begun.filter(entrance__network=comer.address)
    return next((payment for payment in begun if not _stuck(payment)), None)


def is_over(payment: Payment) -> bool:
    """Whether nobody can pay it any more."""
    return payment.status in (Status.EXPIRED, Status.FAILED) or _stuck(payment)


def _stuck(payment: Payment) -> bool:
    """Without a page after a minute: Stripe repeats a bad first answer to its key for a day.

    Should a session have been made after all, nobody was told its address, and nobody can pay it.
    """
    return payment.status == Status.NEW and payment.created_at < clock.now() - STUCK_AFTER


@transaction.atomic
def _write(
    ledger_row: Ledger, order: Order, form_token: UUID, life: timedelta, still: Callable[[], object] | None
) -> Payment:
    if still:
        still()
    now = clock.now()
    payment = Payment.objects.create(
        ledger=ledger_row,
        form_token=form_token,
        fingerprint=order.fingerprint,
        amount_cents=order.total_cents,
        email=order.email,
        created_at=now,
        expires_at=now + life,
    )
    weights = [(lane.pk, lane.weight) for lane in order.event.beneficiaries.all()]
    items = [write_item(payment, order.event, line, weights) for line in order.lines]
    payment.checkout = gateway.checkout_params(_checkout(payment, order, items))
    payment.save(update_fields=["checkout"])
    return payment


def write_item(payment: Payment, event: Event, line: Line, weights: list[tuple[int, int]]) -> Donation:
    """The row of one line of a payment: its split and its place are frozen from now on."""
    item = Donation.objects.create(
        payment=payment,
        kind=line.kind,
        event=event,
        fundraiser=line.fundraiser,
        team=line.fundraiser.team if line.fundraiser else line.team,
        participant=line.participant,
        amount_cents=line.amount_cents,
        cover_cents=line.cover_cents,
        weights=weights,
        start=0,
        name=line.name,
        message=line.message,
        shown=line.shown,
        alias=line.alias,
        amount_hidden=line.amount_hidden,
        dedication=line.dedication,
        dedicated_to=line.dedicated_to,
        message_state=moderation.state_of(line),
    )
    # The odd cents start at another lane with each item, so that in the long run nobody is ahead.
    item.start = item.pk % len(weights)
    item.save(update_fields=["start"])
    return item


def _checkout(payment: Payment, order: Order, items: list[Donation]) -> gateway.Checkout:
    lines = [(_line_name(item), item.amount_cents) for item in items]
    if cover := sum(item.cover_cents for item in items):
        lines.append((_("Towards the card fee"), cover))
    thanks = settings.SITE_URL + reverse("thanks", args=[payment.link])
    first = items[0]
    return gateway.Checkout(
        token=payment.token,
        number=payment.pk,
        email=payment.email,
        lines=tuple(lines),
        success_url=thanks,
        cancel_url=f"{thanks}?back=1",
        expires_at=payment.expires_at,
        description=order.event.name,
        # What lets the books be rebuilt from Stripe alone. No name, no message.
        metadata={
            "event": order.event.slug,
            "page": str(first.fundraiser_id or ""),
            "kind": first.kind if len(items) == 1 else "cart",
            "proceeds": str(sum(item.amount_cents for item in items)),
            "cover": str(cover),
        },
    )


def _line_name(item: Donation) -> str:
    if item.kind == Donation.Kind.GIFT:
        return _("Gift to %(target)s") % {"target": target_name(item)}
    if item.participant:
        # Without the name: many who enter are children.
        return _("Entry: %(option)s") % {"option": item.participant.option.name}
    return _("For the card fees")


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
        close(payment)
    return session.url


def next_step(payment: Payment) -> str:
    """Where a person goes who wants to pay this: Stripe's page while it can be paid there, else their own page.

    Raises as open_checkout does.
    """
    if payment.status not in (Status.NEW, Status.OPEN) or payment.expires_at <= clock.now():
        return reverse("thanks", args=[payment.link])
    return open_checkout(payment)


def close(payment: Payment) -> bool:
    """Ends the session of a payment, so that it cannot be paid any more. False when that is not sure."""
    try:
        gateway.expire_checkout(payment.session_id or "", idempotency_key=f"expire-{payment.token}")
    except (gateway.Refused, gateway.Unavailable):
        # Paid meanwhile, or Stripe is away: the session ends by itself and the sweep sees how.
        log.warning("the session of payment %s could not be closed", payment.pk)
        return False
    mirror.advance([payment.pk], Status.EXPIRED)
    return True
