"""The shifts of one volunteer as a calendar file: imported again, a change or a cancellation arrives there too."""

from django.conf import settings
from django.db.models import F, Q

from common.calendars import Entry, calendar_file
from outreach.volunteers.emails import own_url
from outreach.volunteers.models import Shift, Volunteer


def calendar_of(volunteer: Volunteer) -> bytes:
    kept = Q(ended_at=None) | Q(ended_at=F("shift__cancelled_at"))
    places = volunteer.placements.filter(kept).select_related("shift__event")
    # Somebody may have been on a shift before it was cancelled, opened again, and taken once more.
    shifts = {place.shift_id: place.shift for place in places}
    url = own_url(volunteer)
    entries = [_entry(shift, url) for shift in shifts.values()]
    return calendar_file(volunteer.event.name, settings.MAIL_DOMAIN, entries)


def _entry(shift: Shift, url: str) -> Entry:
    return Entry(
        uid=f"shift-{shift.pk}@{settings.MAIL_DOMAIN}",
        edition=shift.edition,
        starts_at=shift.local_start,
        ends_at=shift.local_end,
        summary=f"{shift.name}, {shift.event.name}",
        description=shift.about,
        location=shift.meeting_point,
        url=url,
        status="CANCELLED" if shift.cancelled_at else "CONFIRMED",
    )
