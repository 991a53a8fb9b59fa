"""Calendar files (RFC 5545), with the zone's own rules beside the times: right on both sides of a change of clocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from common import clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `starts_at` and `ends_at` stand in the zone that the calendar shall show."""

    uid: str
    edition: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    status: str = "CONFIRMED"


def calendar_file(name: str, domain: str, entries: Iterable[Entry]) -> bytes:
    """A calendar of these entries. An entry with a known uid and a higher edition takes the place of the older one."""
    made = Calendar()
    made.add("prodid", f"-//{name}//{domain}//")
    made.add("version", "2.0")
    days = []
    for one in entries:
        row = Event()
        row.add("uid", one.uid)
        row.add("dtstamp", clock.now())
        row.add("sequence", one.edition)
        row.add("dtstart", one.starts_at)
        row.add("dtend", one.ends_at)
        for key in ("summary", "description", "location", "url", "status"):
            row.add(key, getattr(one, key))
        made.add_component(row)
        days.append(one.starts_at.date())
    if days:
        made.add_missing_timezones(min(days) - timedelta(days=400), max(days) + timedelta(days=400))
    return bytes(made.to_ical())
