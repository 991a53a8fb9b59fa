"""Mails about gifts, written into the outbox in the transaction that posts them."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common.money import dollars
from donations.giving.models import Donation
from donations.giving.queries import Part, lanes_of, parts_of, target_name
from donations.payments.models import Payment
from outreach import services as outreach
from outreach.models import OutboxMail


def queue_receipts(received: Sequence[tuple[Payment, Donation]]) -> None:
    """A receipt to each donor, and word to the page's runner where there is an address. Once each."""
    mails, lanes = [], lanes_of(item for _payment, item in received)
    for payment, item in received:
        mails.append(_receipt(payment, item, parts_of(item, lanes)))
        if item.fundraiser and item.fundraiser.email:
            mails.append(_gift_arrived(item, item.fundraiser.email))
    outreach.queue(mails)


def _receipt(payment: Payment, item: Donation, parts: list[Part]) -> OutboxMail:
    assert item.received_at
    return OutboxMail(
        key=f"receipt:{item.pk}",
        to=payment.email,
        event=item.event,
        subject=_("Your receipt: %(amount)s for %(event)s")
        % {"amount": dollars(item.total_cents), "event": item.event.name},
        template="email/receipt",
        context={
            "number": payment.pk,
            "name": item.name,
            "kind": item.kind,
            "amount_cents": item.amount_cents,
            "cover_cents": item.cover_cents,
            "total_cents": item.total_cents,
            "target_name": target_name(item),
            "received_at": item.received_at.isoformat(),
            "parts": [{"name": part.name, "place": part.place, "cents": part.cents} for part in parts],
            "thanks_url": settings.SITE_URL + reverse("thanks", args=[payment.token]),
        },
    )


def _gift_arrived(item: Donation, address: str) -> OutboxMail:
    assert item.fundraiser
    return OutboxMail(
        key=f"gift:{item.pk}",
        to=address,
        event=item.event,
        subject=_("You got a gift from %(name)s") % {"name": item.public_name},
        template="email/gift_arrived",
        context={
            "public_name": item.public_name,
            "public_cents": item.public_cents,
            "message": item.public_message,
            "first_name": item.fundraiser.first_name,
            "page_url": settings.SITE_URL + item.fundraiser.get_absolute_url(),
        },
    )
