"""Which event the site shows, and its organizations in the order of their lanes."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from common import clock
from events.models import Beneficiary, Event


def current_event() -> Event:
    """The event on the home page; 404 with a sentence while none is loaded."""
    event = Event.objects.filter(is_current=True).first()
    if event is None:
        raise Http404(_("No event is loaded yet. An organizer can load one with manage.py load_event."))
    return event


def lanes(event: Event) -> list[Beneficiary]:
    return list(event.beneficiaries.all())


@dataclass(frozen=True, slots=True)
class OptionPrice:
    """A way to take part and what it costs now; `price_until` is None when the last price holds."""

    name: str
    about: str
    price_cents: int
    price_until: datetime | None


def option_prices(event: Event) -> list[OptionPrice]:
    now, prices = clock.now(), []
    for option in event.options.prefetch_related("tiers"):
        tiers = list(option.tiers.all())
        open_tiers = [tier for tier in tiers if tier.until >= now] or tiers[-1:]
        if open_tiers:
            until = open_tiers[0].until if len(open_tiers) > 1 else None
            prices.append(OptionPrice(option.name, option.about, open_tiers[0].cents, until))
    return prices
