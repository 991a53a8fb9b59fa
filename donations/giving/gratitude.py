"""A runner's thanks for a gift: shown under it, and sent to who gave it, one by one."""

from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from donations.giving.models import Donation
from donations.giving.queries import gifts_of_page
from events.services import public_edit
from fundraisers.models import Fundraiser
from fundraisers.queries import fundraiser_for_owner, is_read_first
from outreach.models import OutboxMail, Topic
from outreach.services import queue

State = Donation.MessageState


def gift_for_owner(user: User, bib: int, pk: int) -> Donation:
    """The guard of whoever owns the page that a gift is on; 404 for everybody else."""
    page = fundraiser_for_owner(user, bib)
    gift = get_object_or_404(gifts_of_page(page).select_related("payment"), pk=pk)
    gift.fundraiser = page
    return gift


@transaction.atomic
def thank(*, gift: Donation, text: str) -> None:
    """Shows the runner's thanks under a gift, and mails the first; a later one replaces the words on the page.

    On a protected page a moderator reads them before anybody does, elsewhere what may hurt.
    """
    public_edit(gift.event_id)
    waits = gift.fundraiser is not None and is_read_first(gift.fundraiser, text)
    gift.thanks, gift.thanks_state = text, State.WAITING if waits else State.SHOWN
    gift.thanked_at = gift.thanked_at or clock.now()
    gift.save(update_fields=["thanks", "thanks_state", "thanked_at"])
    _tell(gift)


@transaction.atomic
def moderate_thanks(*, gift: Donation, state: str) -> None:
    """A moderator shows the runner's thanks, or takes them away. They are mailed once, when they are first shown."""
    public_edit(gift.event_id)
    gift.thanks_state = state
    gift.save(update_fields=["thanks_state"])
    _tell(gift)


def _tell(gift: Donation) -> None:
    if gift.fundraiser and gift.public_thanks:
        queue([_mail(gift, gift.fundraiser, gift.public_thanks)])


def _mail(gift: Donation, page: Fundraiser, text: str) -> OutboxMail:
    return OutboxMail(
        key=f"thanks:{gift.pk}",
        to=gift.payment.email,
        event=page.event,
        topic=Topic.THANKS,
        subject=_("%(name)s says thank you") % {"name": page.name},
        template="email/thanks",
        context={
            "name": page.name,
            "text": text,
            "page_url": "" if page.is_hidden else settings.SITE_URL + page.get_absolute_url(),
        },
    )
