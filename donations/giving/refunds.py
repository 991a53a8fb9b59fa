"""Refunds that we ask for: a row first, under the ledger's lock, then Stripe, then settle as for any other refund."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.money import dollars
from common.text import SENT_BEFORE
from donations.giving.models import Donation, RefundRequest
from donations.giving.settle import settle
from donations.ledger import services as ledger
from donations.payments import gateway
from donations.payments.mirror import DEAD_REFUNDS
from donations.payments.models import Charge, Payment, Refund

log = logging.getLogger(__name__)
State = RefundRequest.State
# Stripe forgets a key after a day or more: before that the same request is repeated, then it is looked up first.
KEY_LIVES = timedelta(hours=20)


class TooMuch(Exception):
    """More than what is left of an item or a charge; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Left:
    """What of an item can still go back, in cents, requests on their way taken off."""

    item: Donation
    amount_cents: int
    cover_cents: int


def left_of(payment: Payment) -> list[Left]:
    """What can still be refunded of each item of a payment."""
    standing = Refund.objects.filter(charge_id__in=payment.charges.values("pk")).exclude(status__in=DEAD_REFUNDS)
    made, asked = _parts(standing), _parts(payment.refund_requests.filter(state=State.WAITING))
    rows = []
    for item in payment.donations.filter(received_at__isnull=False).order_by("pk"):
        amount = item.amount_cents - item.returned_cents - asked[item.reference]
        cover = item.cover_cents - made[item.cover_reference] - asked[item.cover_reference]
        rows.append(Left(item, max(amount, 0), max(cover, 0)))
    return rows


def _parts(rows: "QuerySet[Refund] | QuerySet[RefundRequest]") -> Counter[str]:
    sums = Counter[str]()
    for parts in rows.values_list("parts", flat=True):
        sums.update(parts)
    return sums


@transaction.atomic
def ask(*, payment: Payment, parts: Mapping[str, int], reason: str, by: User | None, token: UUID) -> RefundRequest:
    """Writes down that `parts` (reference of an item, or of its cover, to cents) of a payment shall go back.

    The same token again is the same request; with other words it is refused. Raises TooMuch. Send it after the
    commit: `send`.
    """
    ledger.lock(payment.ledger_id)
    if payment.is_offline:
        raise TooMuch(_("This gift did not come through Stripe: it goes back at the desk, under offline gifts."))
    named = {name: cents for name, cents in parts.items() if cents}
    if known := RefundRequest.objects.filter(token=token).first():
        if (known.payment_id, known.parts) != (payment.pk, named):
            raise TooMuch(str(SENT_BEFORE))
        return known
    allowed = {left.item.reference: left.amount_cents for left in left_of(payment)}
    allowed |= {left.item.cover_reference: left.cover_cents for left in left_of(payment)}
    for name, cents in named.items():
        if not 0 < cents <= allowed.get(name, 0):
            raise TooMuch(_("There are %(left)s left to refund of this.") % {"left": dollars(allowed.get(name, 0))})
    total = sum(named.values())
    charge = _charge_with(payment, total)
    return RefundRequest.objects.create(
        token=token, payment=payment, charge=charge, amount_cents=total, parts=named, reason=reason, by=by
    )


def _charge_with(payment: Payment, cents: int) -> Charge:
    """A charge of the payment that still holds so much. Raises TooMuch."""
    most = 0
    for charge in payment.charges.filter(status="succeeded").order_by("created_at", "pk"):
        refunds = Refund.objects.filter(charge_id=charge.pk).exclude(status__in=DEAD_REFUNDS)
        asked = charge.refund_requests.filter(state=State.WAITING)
        gone = sum(rows.aggregate(sum=Sum("amount_cents"))["sum"] or 0 for rows in (refunds, asked))
        most = max(most, charge.amount_cents - gone)
        if 0 < cents <= charge.amount_cents - gone:
            return charge
    raise TooMuch(_("There are %(left)s left to refund of this payment.") % {"left": dollars(most)})


def send(request: RefundRequest) -> None:
    """Asks Stripe for a waiting request and settles the answer. Safe to repeat: the same key is the same refund.

    Stripe away: it stays waiting, and the sweep asks again. Refused: it is over, with Stripe's reason.
    """
    if request.state != State.WAITING:
        return
    try:
        if clock.now() - request.created_at > KEY_LIVES:
            settle(request.payment.ledger_id, gateway.look_up_charge(request.charge_id))
            request.refresh_from_db()
            if request.state != State.WAITING:
                return
        facts = gateway.create_refund(
            request.charge_id,
            request.amount_cents,
            request=request.token,
            parts=request.parts,
            idempotency_key=f"refund-{request.token}",
        )
        settle(request.payment.ledger_id, facts)
    except gateway.Refused as error:
        _refused(request, str(error))
    except gateway.Unavailable:
        log.warning("refund request %s waits: Stripe is not available", request.pk)
    request.refresh_from_db()


@transaction.atomic
def _refused(request: RefundRequest, why: str) -> None:
    """It is over. The donor may have been told that it comes, so a person hears of it."""
    still = RefundRequest.objects.filter(pk=request.pk, state=State.WAITING)
    if still.update(state=State.REFUSED, error=why[:300]):
        said = _("Stripe refused to give %(sum)s back: %(why)s")
        sentence = said % {"sum": dollars(request.amount_cents), "why": why}
        ledger.raise_alarm(request.payment.ledger_id, request.payment.key, sentence[:400])


def waiting(ledger_id: int, older_than: timedelta) -> Sequence[RefundRequest]:
    """Requests that a crash or a silent Stripe left waiting."""
    rows = RefundRequest.objects.filter(
        state=State.WAITING, payment__ledger=ledger_id, created_at__lte=clock.now() - older_than
    )
    return list(rows.select_related("payment").order_by("pk")[:100])
