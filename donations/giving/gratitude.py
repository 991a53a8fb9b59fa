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
from fundraisers.queries import fundraiser_for_owner
from outreach.models import OutboxMail, Topic
from outreach.services import queue


def gift_for_owner(user: User, bib: int, pk: int) -> Donation:
    """The guard of whoever owns the page that a gift is on; 404 for everybody else."""
    page = fundraiser_for_owner(user, bib)
    gift = get_object_or_404(gifts_of_page(page).select_related("payment"), pk=pk)
    gift.fundraiser = page
    return gift


@transaction.atomic
def thank(*, gift: Donation, text: str) -> None:
    """Shows the runner's thanks under a gift. The first is also mailed; a later one replaces the words on the page."""
    public_edit(gift.event_id)
    first = Donation.objects.filter(pk=gift.pk, thanked_at=None).update(thanks=text, thanked_at=clock.now())
    if not first:
        Donation.objects.filter(pk=gift.pk).update(thanks=text)
    elif gift.fundraiser:
        queue([_mail(gift, gift.fundraiser, text)])


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
