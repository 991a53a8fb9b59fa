"""What waits for a person at the desk, the most urgent first: the table of probes, asked in one query."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import CharField, Count, DateTimeField, IntegerField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from common.money import dollars
from desk.navigation import opens
from desk.probes import MOST_URGENT_FIRST, Probe, Say
from donations.disbursements.pool import forecast_of
from donations.giving.queries import Money
from events.models import Event

# The books are checked every ten minutes (CELERY_BEAT_SCHEDULE); three times missed is no accident.
UNCHECKED_AFTER = timedelta(minutes=30)
# With less than this left, a deadline comes before everything else.
PRESSING = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits: what, since when, until when at most, and where one does something about it."""

    sentence: str
    url: str
    act: Say
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_pressing(self) -> bool:
        return self.until is not None and self.until <= clock.now() + PRESSING


def attention(event: Event, money: Money, user: User, held: Collection[str]) -> list[Item]:
    """What waits and this person can do something about; a near deadline first, then as the table has it."""
    probes = [probe for probe in MOST_URGENT_FIRST if opens(probe.door, held)]
    found = [*_of_books(event, money, held), *_asked(probes, user)]
    return sorted(found, key=lambda item: not item.is_pressing)


def _asked(probes: Sequence[Probe], user: User) -> list[Item]:
    """One query: a row for each kind of thing that waits."""
    if not probes:
        return []
    now = clock.now()
    first, *others = [_counted(place, probe, probe.rows(now, user)) for place, probe in enumerate(probes)]
    found = sorted(first.union(*others, all=True) if others else first, key=itemgetter(0))
    return [_item(probes[place], *told) for place, *told in found if told[0]]


def _counted(place: int, probe: Probe, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    nothing = Cast(Value(None), DateTimeField())
    # Django's types forget what a list of values holds.
    counted: Any = (
        rows.order_by()
        .values(probed=Value(place, output_field=IntegerField()))
        .annotate(
            probed_count=Count("pk", distinct=True),
            probed_since=Min(probe.since, output_field=DateTimeField()),
            probed_until=Min(probe.until) if probe.until else Max(nothing),
            probed_number=Cast(Min(probe.number), CharField()) if probe.number else Max(Cast(Value(""), CharField())),
        )
        .values_list("probed", "probed_count", "probed_since", "probed_until", "probed_number")
    )
    asked: QuerySet[Any, tuple[Any, ...]] = counted
    return asked


def _item(probe: Probe, count: int, since: datetime | None, until: datetime | None, number: str) -> Item:
    url = reverse(probe.url, args=[number] if probe.number else [])
    return Item(str(probe.say % {"count": count}), url + probe.place, probe.act, since, until)


def _of_books(event: Event, money: Money, held: Collection[str]) -> Iterator[Item]:
    """What the last check and the fee pool say; both are at hand already."""
    check = money.check
    if opens("desk_close_alarm", held) and check:
        if check.findings:
            count = len(check.findings)
            said = ngettext("The books have %(count)d fault.", "The books have %(count)d faults.", count)
            yield Item(said % {"count": count}, reverse("desk_books"), _("See the books"), check.at)
        if check.at <= clock.now() - UNCHECKED_AFTER:
            said = _("The books were not checked for half an hour. Is the background work running?")
            yield Item(said, reverse("desk_books"), _("See the books"), check.at)
    if opens("desk_sponsors", held):
        yield from _of_pool(event, money)


def _of_pool(event: Event, money: Money) -> Iterator[Item]:
    ahead = forecast_of(event, money)
    if money.fee_pool_cents < 0:
        said = _("The fee pool is %(sum)s short. The organizations are still owed every cent.")
        yield Item(said % {"sum": dollars(-money.fee_pool_cents)}, reverse("desk_sponsors"), _("Find a sponsor"))
    elif ahead and ahead.short_cents:
        said = _("The fee pool will be %(sum)s short when the goal is reached.")
        yield Item(said % {"sum": dollars(ahead.short_cents)}, reverse("desk_sponsors"), _("Find a sponsor"))
