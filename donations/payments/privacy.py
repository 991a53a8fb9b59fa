"""What is kept of a payment: who paid, what Stripe was asked for, and what it told."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Gone, Kept, Part, Purpose, Room, blank, of_address
from donations.payments.models import Charge, Dispute, Payment, StripeEvent

EVENTS_KEPT = timedelta(days=30)
ORDERS_KEPT = timedelta(days=1)
UNPAID_KEPT = timedelta(days=30)
Status = Payment.Status

PAYER = Purpose(
    Part.GIVE,
    gettext_lazy("With a payment: your e-mail address; of a check its number and bank"),
    gettext_lazy("For the receipt, and to find your payment when you ask us about it."),
    gettext_lazy("Until you ask us to delete it. Of a payment that came to nothing: 30 days."),
    gettext_lazy("You, organizers and treasurers. Never the runner you gave to"),
)
STRIPE = Purpose(
    Part.GIVE,
    gettext_lazy("What we ask Stripe to charge, and what Stripe tells us: address, name on the card, amount"),
    gettext_lazy("So that no payment is lost or made twice. Your card's number never reaches us."),
    gettext_lazy(
        "What we asked: a day after the payment is over. What Stripe told: 30 days, then only amounts and numbers."
    ),
    gettext_lazy("Nobody; our programs read it. Stripe keeps its own records as payment law demands"),
)
# What the books and the mirror read in an event, and what names its object; everything else is cut off.
_WORDS = """
    id object type created livemode data amount amount_refunded currency status payment_status payment_intent charge
    latest_charge balance_transactions net fee source due_by evidence_details submission_count refund dispute payout
    arrival_date automatic reporting_category
"""
_NEEDED = frozenset(_WORDS.split())
_TRIMMED = "trimmed"
_OUR_WORDS = ("payment", "event", "page", "kind", "proceeds", "cover", "request")


def trimmed(body: str) -> str:
    """An event of Stripe's with what the books need of it, and nothing of a person."""
    return json.dumps({_TRIMMED: True, **_trim(json.loads(body))})


def _trim(value: Any) -> Any:
    if isinstance(value, list):
        return [_trim(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _trim(part) for name, part in value.items() if name in _NEEDED}
    if isinstance(value.get("metadata"), dict):
        kept["metadata"] = {
            name: part for name, part in value["metadata"].items() if name in _OUR_WORDS or name.startswith("item:")
        }
    if "reason" in value and value.get("object") == "dispute":
        kept["reason"] = value["reason"]
    return kept


def _trim_events(events: Sequence[Any]) -> None:
    blank(body=lambda event: trimmed(event.body))(events)


def payments_of(email: str) -> "QuerySet[Payment]":
    return of_address(Payment.objects.all(), email, "email")


def _forget(payments: Sequence[Any]) -> None:
    """The old private link is void; the amount, the day and the number stay, since the books name them."""
    blank(
        email="",
        detail="",
        checkout={},
        session_url="",
        fingerprint=lambda _row: uuid4().hex,
        new_link=lambda _row: uuid4(),
    )(payments)


def _hindrances(email: str) -> list[str]:
    found, payments = [], payments_of(email)
    if payments.filter(status__in=[Status.NEW, Status.OPEN, Status.PROCESSING]).exists():
        found.append(
            _("A payment is not over yet. It ends by itself: a card's in two hours at most, a bank's in a few days.")
        )
    charges = Charge.objects.filter(payment__in=payments).values("pk")
    if Dispute.objects.filter(charge_id__in=charges).exclude(status__in=Dispute.ENDED).exists():
        found.append(_("A bank disputes a payment. We need your name and address until that is settled."))
    return found


def forget_asked(payments: "QuerySet[Payment]") -> None:
    """What Stripe was asked for names the page. What it still has to be asked for, it is asked."""
    payments.exclude(status=Status.NEW).exclude(checkout={}).update(checkout={})


def forget_told(payments: "QuerySet[Payment]") -> None:
    """What Stripe was asked for, and told of, these payments."""
    forget_asked(payments)
    for number in _numbers(list(payments.values_list("pk", flat=True))):
        _trim_events(list(StripeEvent.objects.filter(body__contains=number)))


def _scrub(gone: Gone) -> None:
    forget_told(Payment.objects.filter(pk__in=[payment.pk for payment in gone.of(Payment)]))


def _numbers(payments: Collection[int]) -> Iterator[str]:
    """How Stripe's events name these payments."""
    for token, session in Payment.objects.filter(pk__in=payments).values_list("token", "session_id"):
        yield str(token)
        if session:
            yield session
    for charge, intent in Charge.objects.filter(payment__in=payments).values_list("pk", "payment_intent"):
        yield charge
        if intent:
            yield intent


def _old_events(now: datetime) -> "QuerySet[StripeEvent]":
    done = StripeEvent.objects.filter(processed_at__isnull=False, received_at__lt=now - EVENTS_KEPT)
    return done.exclude(body__startswith=f'{{"{_TRIMMED}"')


def _old_orders(now: datetime) -> "QuerySet[Payment]":
    over = Payment.objects.exclude(status__in=[Status.NEW, Status.OPEN, Status.PROCESSING])
    return over.filter(expires_at__lt=now - ORDERS_KEPT).exclude(checkout={}, session_url="")


def _unpaid(now: datetime) -> "QuerySet[Payment]":
    nothing = Payment.objects.filter(status__in=[Status.EXPIRED, Status.FAILED], charges=None)
    return nothing.filter(created_at__lt=now - UNPAID_KEPT).exclude(email="", detail="")


ROOM = Room(
    kept=(
        Kept(
            PAYER,
            Payment,
            ("email", "detail", "fingerprint"),
            payments_of,
            _forget,
            names=("email",),
            also_told=("amount_cents", "method", "status", "created_at"),
            untold=("fingerprint",),
        ),
        Kept(STRIPE, Payment, ("checkout", "session_url")),
        Kept(STRIPE, StripeEvent, ("body", "error")),
    ),
    not_personal="Payment.session_id Charge.id Charge.currency Charge.status Charge.payment_intent Refund.id"
    " Refund.charge_id Refund.currency Refund.status Refund.parts Dispute.id Dispute.charge_id Dispute.currency"
    " Dispute.status Dispute.reason Dispute.moves StripeEvent.event_id StripeEvent.type Payout.id BalanceTransaction.id"
    " BalanceTransaction.type BalanceTransaction.reporting_category BalanceTransaction.currency"
    " BalanceTransaction.source",
    endings=(
        Ending(gettext_lazy("what Stripe told of people"), _old_events, _trim_events),
        Ending(gettext_lazy("what Stripe was asked for"), _old_orders, blank(checkout={}, session_url="")),
        Ending(gettext_lazy("payments that came to nothing"), _unpaid, _forget),
    ),
    hindrances=_hindrances,
    scrub=_scrub,
)
