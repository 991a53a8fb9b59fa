"""Which event the site shows, and its organizations in the order of their lanes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from common import clock
from events.models import Beneficiary, EntryOption, Event, Story


def current_event(*related: str) -> Event:
    """The event on the home page, with what it points to; 404 with a sentence while none is loaded."""
    event = Event.objects.select_related(*related).filter(is_current=True).first()
    if event is None:
        raise Http404(_("No event is loaded yet. An organizer can load one with manage.py load_event."))
    return event


def lanes(event: Event) -> list[Beneficiary]:
    return list(event.beneficiaries.all())


def public_stories(event: Event) -> QuerySet[Story]:
    """The stories that everybody may read, in their order."""
    return event.stories.filter(state=Story.State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class OptionPrice:
    """A way to take part and what it costs now; `price_until` is None when the last price holds."""

    name: str
    about: str
    price_cents: int
    price_until: datetime | None


def price_at(option: EntryOption, moment: datetime) -> tuple[int, datetime | None] | None:
    """What an option costs at a moment, in cents, and until when: None for its last price. None: not for sale."""
    tiers = list(option.tiers.all())
    still = [tier for tier in tiers if tier.until >= moment] or tiers[-1:]
    return (still[0].cents, still[0].until if len(still) > 1 else None) if still else None


def option_prices(event: Event) -> list[OptionPrice]:
    now, options = clock.now(), event.options.prefetch_related("tiers")
    priced = [(option, price_at(option, now)) for option in options]
    return [OptionPrice(option.name, option.about, *price) for option, price in priced if price]
