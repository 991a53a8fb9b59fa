"""Hours of a shift, by the event's own clock."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import Event

register = template.Library()


@register.simple_tag
def hours(starts_at: datetime, ends_at: datetime, event: Event) -> str:
    """`6:30 AM to 10:00 AM`, with the day where it ends on another one."""
    start, end = starts_at.astimezone(event.zone), ends_at.astimezone(event.zone)
    until = "g:i A" if end.date() == start.date() else "l, F j, g:i A"
    return _("%(start)s to %(end)s") % {"start": date_format(start, "g:i A"), "end": date_format(end, until)}


@register.filter
def shift_day(starts_at: datetime, event: Event) -> str:
    """`Saturday, December 9`."""
    return date_format(starts_at.astimezone(event.zone), "l, F j")


@register.filter
def shift_short(moment: datetime, event: Event) -> str:
    """`Sat, Dec 9, 6:30 AM`."""
    return date_format(moment.astimezone(event.zone), "D, M j, g:i A")
