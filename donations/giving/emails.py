"""Mails about gifts, written into the outbox in the transaction that posts them."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from common.money import dollars
from donations.giving.models import Donation
from donations.giving.queries import Part, lanes_of, parts_of_items, target_name
from donations.giving.receipts import back_name, legal_words, paid_by
from donations.payments.models import Payment
from fundraisers.emails import milestone_mails
from fundraisers.models import Fundraiser
from outreach import services as outreach
from outreach.models import OutboxMail, Topic

# What a receipt leads to, all of it behind the private link.
PAGES = {"thanks_url": "thanks", "trace_url": "trace", "pdf_url": "receipt_pdf"}


def queue_receipts(received: Sequence[tuple[Payment, Sequence[Donation]]]) -> None:
    """A receipt for each payment, and word to the runners whose pages got a gift. Once each."""
    mails, lanes = [], lanes_of(item for _payment, items in received for item in items)
    for payment, items in received:
        mails.append(receipt_mail(payment, items, parts_of_items(items, lanes)))
        mails += [_gift_arrived(item, item.fundraiser) for item in items if item.fundraiser and _is_news(item)]
    outreach.queue(mails)


def queue_milestones(gifts: Sequence[Donation]) -> None:
    """Word to runners whose pages reached a step with these gifts, as far as they stand: once a page, the farthest."""
    if not gifts:
        return
    these = Donation.objects.filter(pk__in=[gift.pk for gift in gifts], fundraiser__isnull=False)
    # Who gives to the own page, in the cart, needs no word of a first gift.
    sums = list(
        these.values("fundraiser")
        .annotate(cents=Sum(F("amount_cents") - F("returned_cents")), others=Count("pk", filter=Q(participant=None)))
        .order_by("fundraiser")
        .values_list("fundraiser", "cents", "others")
    )
    pages = Fundraiser.objects.select_related("event").in_bulk([number for number, *_ in sums])
    mails: list[OutboxMail] = []
    for number, cents, others in sums:
        after = pages[number].raised_cents
        mails += milestone_mails(pages[number], max(after - cents, 0 if others else 1), after)
    outreach.queue(mails)


def receipt_mail(payment: Payment, items: Sequence[Donation], parts: list[Part], returned_cents: int = 0) -> OutboxMail:
    """The receipt as a mail. `returned_cents` is what went back of the payment until now."""
    first = items[0]
    assert first.received_at
    total = sum(item.total_cents for item in items)
    return OutboxMail(
        key=f"receipt:{first.pk}",
        to=payment.email,
        event=first.event,
        subject=_("Your receipt: %(amount)s for %(event)s") % {"amount": dollars(total), "event": first.event.name},
        template="email/receipt",
        context={
            "number": payment.pk,
            "name": first.name,
            "kind": first.kind,
            "cover_cents": sum(item.cover_cents for item in items),
            "total_cents": total,
            "target_name": target_name(first),
            "items": [{"name": target_name(item), "cents": item.amount_cents} for item in items],
            "received_at": first.received_at.isoformat(),
            "parts": [{"name": part.name, "place": part.place, "cents": part.cents} for part in parts],
            "paid_by": paid_by(payment),
            "is_offline": payment.is_offline,
            "returned_cents": returned_cents,
            "back_name": back_name(payment) if returned_cents else "",
            "legal": legal_words(first.event, items, returned_cents),
            **{name: settings.SITE_URL + reverse(route, args=[payment.link]) for name, route in PAGES.items()},
        },
    )


def _is_news(item: Donation) -> bool:
    """Who hid a page hears no more of it, and who gave to the own page in the cart knows."""
    page = item.fundraiser
    is_gift = item.kind == Donation.Kind.GIFT and item.participant is None
    return is_gift and page is not None and bool(page.email) and not page.is_hidden


def _gift_arrived(item: Donation, page: Fundraiser) -> OutboxMail:
    return OutboxMail(
        key=f"gift:{item.pk}",
        to=page.email,
        event=item.event,
        subject=_("You got a gift from %(name)s") % {"name": item.public_name},
        template="email/gift_arrived",
        topic=Topic.GIFTS,
        context={
            "public_name": item.public_name,
            "public_cents": item.public_cents,
            "message": item.public_message,
            "first_name": page.first_name,
            "page_url": settings.SITE_URL + page.get_absolute_url(),
        },
    )
