"""What a donor may change by the private link, after the gift: how it is shown, where mail goes, the receipt again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from donations.giving import moderation
from donations.giving.emails import receipt_mail
from donations.giving.models import Donation
from donations.giving.queries import Receipt, parts_of_items
from donations.giving.receipts import returned_cents
from donations.payments.models import Payment
from events.services import public_edit
from outreach import services as outreach
from outreach.models import OutboxMail

AGAIN_AFTER, AGAIN_A_DAY = timedelta(minutes=5), 5
MOST_CORRECTIONS = 3


class TooOften(Exception):
    """It was done as often as it may be; nothing has changed."""


@transaction.atomic
def change_shown(*, item: Donation, asked: dict[str, Any]) -> Donation:
    """Changes how a gift is shown, everywhere at once. `asked` has values for fields of donations.giving.shown.ASKED.

    New words go through the filter, or to a moderator. Returns the gift as it is then.
    """
    item = Donation.objects.select_for_update(of=("self",)).select_related("fundraiser", "participant").get(pk=item.pk)
    before = moderation.public_words(item)
    for name, value in asked.items():
        setattr(item, name, value)
    item.message_state = moderation.state_after(item, before, item.message_state)
    item.save(update_fields=[*asked, "message_state"])
    public_edit(item.event_id)
    return item


@transaction.atomic
def correct_email(*, receipt: Receipt, email: str) -> Payment:
    """Sends everything about this payment to another address from now on, and its receipt at once.

    The private link becomes another one: the old address may be a stranger's. That one is told, without saying more.
    Returns the payment with its new link. Raises TooOften.
    """
    payment = Payment.objects.select_for_update().get(pk=receipt.payment.pk)
    if email.lower() == payment.email.lower():
        return payment
    key = f"email-corrected:{payment.pk}:"
    done = OutboxMail.objects.filter(key__startswith=key).count()
    if done >= MOST_CORRECTIONS:
        raise TooOften
    note = _note_to(payment.email, f"{key}{done + 1}", receipt)
    payment.email, payment.new_link = email, uuid4()
    payment.save(update_fields=["email", "new_link"])
    outreach.queue([note])
    if receipt.is_received:
        _queue_receipt(payment, receipt)
    return payment


def _note_to(old: str, key: str, receipt: Receipt) -> OutboxMail:
    event = receipt.first.event
    body = _(
        "This was the e-mail address of a gift to %(event)s, and it has been corrected. Mail about the gift goes to"
        " another address from now on, and the private link in earlier mails no longer opens.\n\nIf the gift was yours"
        " and you did not change this, please write to us: %(contact)s."
    )
    return OutboxMail(
        key=key,
        to=old,
        event=event,
        subject=_("A corrected e-mail address"),
        template="email/plain",
        context={"body": body % {"event": event.name, "contact": event.contact_email}},
    )


@transaction.atomic
def send_receipt_again(*, receipt: Receipt) -> None:
    """Queues the receipt once more: once in five minutes, five times a day. Raises TooOften."""
    payment = Payment.objects.select_for_update().get(pk=receipt.payment.pk)
    sent = OutboxMail.objects.filter(key__startswith=_again(receipt))
    now = clock.now()
    lately = sent.filter(created_at__gt=now - AGAIN_AFTER).exists()
    if lately or sent.filter(created_at__gt=now - timedelta(days=1)).count() >= AGAIN_A_DAY:
        raise TooOften
    _queue_receipt(payment, receipt)


def _again(receipt: Receipt) -> str:
    return f"receipt:{receipt.first.pk}:"


def _queue_receipt(payment: Payment, receipt: Receipt) -> None:
    number = OutboxMail.objects.filter(key__startswith=_again(receipt)).count() + 1
    mail = receipt_mail(payment, receipt.items, parts_of_items(receipt.items), returned_cents(receipt))
    mail.key = f"{_again(receipt)}{number}"
    outreach.queue([mail])
