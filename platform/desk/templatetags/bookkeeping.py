"""Amounts as a bookkeeper reads them: a debit in one column, a credit in the other, no signs."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import ngettext

from common import clock
from common.money import dollars, exact
from donations.giving.models import Donation
from donations.giving.moderation import digest, digest_of
from events.models import Event

register = template.Library()


@register.filter
def debit(cents: int) -> str:
    return dollars(cents) if cents > 0 else ""


@register.filter
def credit(cents: int) -> str:
    return dollars(-cents) if cents < 0 else ""


@register.filter
def age(since: datetime) -> str:
    """How many whole days something has been open."""
    days = max((clock.now() - since).days, 0)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


@register.filter
def stamp(at: datetime | None, event: Event) -> str:
    """`Dec 9, 2026, 9:00 AM`, by the event's own clock: short, with its year."""
    return date_format(at.astimezone(event.zone), "M j, Y, g:i A") if at else ""


@register.filter
def since(moment: datetime) -> str:
    """How long something has waited, in the largest whole unit: minutes, hours or days."""
    minutes = max(int((clock.now() - moment).total_seconds()) // 60, 1)
    if minutes < 60:
        return ngettext("for %(n)d minute", "for %(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("for %(n)d hour", "for %(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("for %(n)d day", "for %(n)d days", minutes // 1440) % {"n": minutes // 1440}


@register.filter
def words_digest(item: Donation) -> str:
    return digest(item)


@register.filter
def thanks_digest(item: Donation) -> str:
    return digest_of([item.thanks])


@register.filter
def amount(cents: int) -> str:
    """The sum without its side, for a sentence that names the side."""
    return dollars(abs(cents))


@register.filter
def named(names: dict[str, str], key: str) -> str:
    """What a person calls an open item."""
    return names.get(key, key)


@register.filter
def plain(cents: int) -> str:
    """`12.50` for a field that carries an amount back to us: no sign, no currency, no language."""
    return str(exact(abs(cents)))
