"""What is kept about who gets our news."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Kept, Part, Purpose, Room, delete, of_address
from outreach.news.models import AddressFile, Subscriber

UNCONFIRMED_KEPT = timedelta(days=30)
FILES_KEPT = timedelta(days=7)

NEWS = Purpose(
    Part.WRITE,
    gettext_lazy(
        "For our news: your e-mail address, when you said yes, and part of the network address you said it from"
    ),
    gettext_lazy("To send you news, and to show that you asked for it."),
    gettext_lazy("Until you ask us to delete it. Without a yes from your mailbox: 30 days."),
    gettext_lazy("Organizers. We give it to nobody"),
)


def _unconfirmed(now: datetime) -> "QuerySet[Subscriber]":
    return Subscriber.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_KEPT)


def _files(now: datetime) -> "QuerySet[AddressFile]":
    return AddressFile.objects.filter(committed_at=None, created_at__lt=now - FILES_KEPT)


ROOM = Room(
    kept=(
        Kept(
            NEWS,
            Subscriber,
            ("email", "proof", "asked_from", "confirmed_from"),
            lambda email: of_address(Subscriber.objects.all(), email, "email"),
            delete,
            names=("email",),
            also_told=("source", "asked_at", "confirmed_at"),
        ),
        Kept(NEWS, AddressFile, ("name", "rows")),
    ),
    not_personal="Letter.subject Letter.text",
    endings=(
        Ending(gettext_lazy("addresses that never said yes to news"), _unconfirmed, delete),
        Ending(gettext_lazy("files of addresses that were not read in"), _files, delete),
    ),
)
