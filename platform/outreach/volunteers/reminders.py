"""The mail on the day before a shift: from nine in the morning there, by the event's own clock."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from events.models import Event
from outreach.models import OutboxMail
from outreach.services import queue
from outreach.volunteers import emails
from outreach.volunteers.models import Placement, Shift

log = logging.getLogger(__name__)
MORNING = 9
# Nothing is due earlier than this before a shift, in any zone and on any day the clocks change.
LOOK_AHEAD = timedelta(hours=48)


def remind(event: Event) -> int:
    """Queues what is due and was not sent. Returns how many. A row that cannot be mailed does not stop the others."""
    if event.state != Event.State.SCHEDULED:
        return 0
    return sum(_tell(place) for place in _due(event))


def due_at(shift: Shift) -> datetime:
    """The morning of the day before."""
    day_before = shift.local_start.date() - timedelta(days=1)
    return datetime(day_before.year, day_before.month, day_before.day, MORNING, tzinfo=shift.event.zone)


def _due(event: Event) -> list[Placement]:
    """Who is on a shift that is due, and was not told. Who came later than its mail has read it all just now."""
    now = clock.now()
    places = Placement.objects.filter(
        ended_at=None,
        shift__event=event,
        shift__cancelled_at=None,
        shift__starts_at__gt=now,
        shift__starts_at__lte=now + LOOK_AHEAD,
    ).select_related("shift__event", "volunteer__event")
    due = [place for place in places if place.created_at < due_at(place.shift) <= now]
    keys = {emails.reminder_key(place): place for place in due}
    told = set(OutboxMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return [place for key, place in keys.items() if key not in told]


def _tell(place: Placement) -> int:
    try:
        with transaction.atomic():
            queue([emails.day_before(place)])
    except Exception:
        log.exception("the reminder of place %s cannot be queued", place.pk)
        return 0
    return 1
