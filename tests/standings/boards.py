"""A race to rank, and what its boards should say, worked out the plain way."""

from itertools import count
from typing import Any

from common import clock
from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.standings import Board, Kind
from fundraisers.standings.boards import MEASURES, Holder
from teams.models import Team
from tests.factories import an_event

numbers = count(1)
# A row of a board without its objects: rank, number of the page or team, score.
Row = tuple[int, int, int]


def another_event() -> Event:
    """A race of its own, so that one database serves many examples."""
    event = Event.objects.filter(is_current=True).first() or an_event()
    lanes = list(event.beneficiaries.all())
    event.pk, event.slug, event.is_current = None, f"race-{next(numbers)}", False
    event.edits = event.raised_cents = event.gift_count = 0
    event.save(force_insert=True)
    for lane in lanes:
        lane.pk, lane.event = None, event
        lane.save(force_insert=True)
    return event


def pages_of(event: Event, scores: list[int], **more: Any) -> list[Fundraiser]:
    """Pages with these totals, written straight into the table, beside what `more` says of all of them."""
    return Fundraiser.objects.bulk_create(
        Fundraiser(
            event=event,
            slug=f"page-{number}",
            bib=number,
            name=f"Runner {number}",
            goal_cents=50_000,
            raised_cents=score,
            gift_count=abs(score) % 7,
            created_at=clock.now(),
            **more,
        )
        for score in scores
        for number in [next(numbers)]
    )


def teams_of(event: Event, scores: list[int], members: list[int]) -> list[Team]:
    return Team.objects.bulk_create(
        Team(event=event, slug=f"team-{number}", name=f"Team {number}", raised_cents=score, member_count=crew)
        for score, crew in zip(scores, members, strict=True)
        for number in [next(numbers)]
    )


def expected(event: Event, kind: Kind) -> list[Row]:
    """The whole board from all rows, without any cleverness."""
    measure = MEASURES[kind]
    rows = sorted(measure.holders(event), key=lambda row: (-measure.of(row), row.pk))
    return [(sum(measure.of(other) > measure.of(row) for other in rows) + 1, row.pk, measure.of(row)) for row in rows]


def top(board: Board, start: int, size: int) -> list[Row]:
    return [(place.rank, place.holder.pk, place.score) for place in board.top(start, size)]


def around(board: Board, holder: Holder, near: int) -> tuple[list[Row], int]:
    window = board.around(holder, near)
    return [(place.rank, place.holder.pk, place.score) for place in window.all], window.size


def window(rows: list[Row], number: int, near: int) -> tuple[list[Row], int]:
    """What `around` should say."""
    own = next((place for place, row in enumerate(rows) if row[1] == number), None)
    return ([], 0) if own is None else (rows[max(own - near, 0) : own + near + 1], len(rows))
