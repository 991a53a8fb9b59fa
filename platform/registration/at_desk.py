"""What staff does to entries that are confirmed: arrivals on race day, typing errors, offers out of turn."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from registration.emails import queue_offers
from registration.models import Participant, WaitListEntry
from registration.queries import closes_at, taken, why_closed
from registration.waitlist import OFFER_LIFE, locked_options

Status = WaitListEntry.Status
# What can be mended without touching a price, a place or a signature.
CORRECTABLE = ("name", "shirt_size", "emergency_name", "emergency_phone")


class CannotOffer(Exception):
    """The message is a sentence for the person at the desk. Nothing was changed."""


def mark_arrived(*, participant: Participant, arrived: bool) -> bool:
    """Notes that somebody is there, or takes it back. False when it was so already: two who tap are one."""
    # Of this table alone: PostgreSQL asks again, of the row it has waited for, only what is no subquery.
    person = Participant.objects.filter(pk=participant.pk, status=Participant.Status.ACTIVE)
    return bool(person.filter(arrived_at__isnull=arrived).update(arrived_at=clock.now() if arrived else None))


@transaction.atomic
def offer_now(*, entry: WaitListEntry) -> None:
    """Offers a free place to somebody out of turn, also once more to one whose offer has ended. Raises CannotOffer."""
    [option] = locked_options({entry.option_id})
    entry.refresh_from_db()
    if closed := why_closed(option.event):
        raise CannotOffer(closed)
    if entry.status not in (Status.WAITING, Status.OVER):
        raise CannotOffer(_("This person does not wait any more. Nothing was offered."))
    if option.capacity is not None and taken([option])[option.pk] >= option.capacity:
        raise CannotOffer(_("No place of %(option)s is free. Nothing was offered.") % {"option": option.name})
    entry.status, entry.offered_at = Status.OFFERED, clock.now()
    entry.offer_ends_at = min(entry.offered_at + OFFER_LIFE, closes_at(option.event))
    entry.save(update_fields=["status", "offered_at", "offer_ends_at"])
    queue_offers([entry])
