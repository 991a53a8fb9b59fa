"""The numbers on the desk's front: what came in by day, by which way people came, and the places that are left."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.money import dollars
from events.models import EntryOption, Event
from fundraisers.visits import WAYS
from registration.queries import taken

DAYS = 30

# Each day a range of the index, since the database does not know the event's calendar. Thirty of them cost the ORM a
# hundred times what they cost the database.
_GIFTS_OF_A_DAY = (
    "SELECT %s AS name, COUNT(*), COALESCE(SUM(amount_cents), 0) FROM giving_donation"
    " WHERE event_id = %s AND kind = 'gift' AND received_at >= %s AND received_at < %s"
)
_VISITS = "SELECT source, SUM(count), 0 FROM fundraisers_visits WHERE day >= %s GROUP BY source"


@dataclass(frozen=True, slots=True)
class Day:
    """What came in on one day of the event's calendar. Cents."""

    date: date
    gifts: int
    cents: int

    @property
    def words(self) -> str:
        return f"{date_format(self.date, 'M j')}: {dollars(self.cents)}"


@dataclass(frozen=True, slots=True)
class Days:
    """The last days, today at the end, and what a day has to bring from now on."""

    days: tuple[Day, ...]
    # None: the goal is reached, or the race is over.
    needed_cents: int | None

    @property
    def today(self) -> Day:
        return self.days[-1]

    @property
    def yesterday(self) -> Day:
        return self.days[-2]

    @property
    def is_empty(self) -> bool:
        return not any(day.gifts for day in self.days)

    @property
    def newest_first(self) -> tuple[Day, ...]:
        return self.days[::-1]

    @property
    def words(self) -> str:
        """What the picture of the days shows, for whom does not see it."""
        best = max(self.days, key=lambda day: day.cents)
        return _("%(sum)s in %(count)d days; most on %(best)s; today %(today)s.") % {
            "sum": dollars(sum(day.cents for day in self.days)),
            "count": len(self.days),
            "best": best.words,
            "today": dollars(self.today.cents),
        }

    @property
    def average_cents(self) -> int:
        """Of a whole day, since the first gift of these days; today is not over and does not count."""
        over = self.days[:-1]
        first = next((place for place, day in enumerate(over) if day.gifts), len(over))
        return sum(day.cents for day in over) // (len(over) - first) if len(over) > first else 0


@dataclass(frozen=True, slots=True)
class Way:
    """How often pages were opened by one way."""

    words: str
    visits: int


@dataclass(frozen=True, slots=True)
class Places:
    option: EntryOption
    taken: int


def counted(event: Event) -> tuple[Days, list[Way]]:
    """Gifts by day, and visits by way, the commonest first: all in one query.

    A day is one of the event's own calendar: on a change of the clock it has 23 or 25 hours.
    """
    today = clock.now().astimezone(event.zone).date()
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    asked: list[str | int | None] = []
    for day in dates:
        ends = (_midnight(event, day), _midnight(event, day + timedelta(days=1)))
        asked += [day.isoformat(), event.pk, *map(connection.ops.adapt_datetimefield_value, ends)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_GIFTS_OF_A_DAY] * DAYS + [_VISITS]), [*asked, dates[0].isoformat()])
        rows = cursor.fetchall()
    gifts = {name: (count, int(cents)) for name, count, cents in rows[:DAYS]}
    days = tuple(Day(day, *gifts[day.isoformat()]) for day in dates)
    ways = [Way(str(WAYS.get(name, name)), int(count)) for name, count, _none in rows[DAYS:]]
    return Days(days, _needed(event, today)), sorted(ways, key=lambda way: -way.visits)


def _needed(event: Event, today: date) -> int | None:
    left = event.goal_cents - event.raised_cents
    days_left = (event.starts_at.astimezone(event.zone).date() - today).days
    return -(-left // days_left) if left > 0 and days_left > 0 else None


def _midnight(event: Event, day: date) -> datetime:
    return datetime.combine(day, time.min, event.zone)


def places_of(event: Event) -> list[Places]:
    options = list(event.options.order_by("place"))
    gone = taken(options)
    return [Places(option, gone[option.pk]) for option in options]
