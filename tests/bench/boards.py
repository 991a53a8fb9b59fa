"""Leaderboards of 100,000 and 1,000,000 pages against one of 1,000: what does not grow has a ratio of 100%."""

import random
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from django.conf import settings
from django.db import connection

from events.models import Event
from fundraisers.models import Fundraiser
from fundraisers.standings import Board, Kind
from fundraisers.standings.redis import RedisBoard
from fundraisers.standings.sql import SqlBoard
from tests.bench.rounds import Line, compare

SMALL, LARGE = 1_000, (100_000, 1_000_000)
# What differs from page to page; the rest is as the first one has it. Many have raised nothing.
DIFFERENT = {
    "slug": "'page-' || n.i",
    "bib": "n.i",
    "name": "'Runner ' || n.i",
    "skeleton": "'page-' || n.i",
    "raised_cents": "CASE WHEN n.i % 5 = 0 THEN n.i % 100003 * 7919 % 100003 * 100 ELSE 0 END",
    "gift_count": "n.i % 5",
}


def lines(page: Fundraiser) -> Iterator[Line]:
    """On events of their own, so that all sizes are measured in one run on one database."""
    events = {size: fill(page, size) for size in (SMALL, *LARGE)}
    kinds: dict[str, type[SqlBoard | RedisBoard]] = {"SQL": SqlBoard}
    if settings.REDIS_URL:
        kinds["Redis"] = RedisBoard
        for event in events.values():
            RedisBoard(event, Kind.RUNNERS).rebuild()
    for name, kind in kinds.items():
        boards = {size: kind(event, Kind.RUNNERS) for size, event in events.items()}
        for what, work in (("top 50", top), ("a place and its neighbours", places)):
            small = work(boards[SMALL], events[SMALL])
            for size in LARGE:
                yield compare(f"{what}, {name}, {size:,} pages", work(boards[size], events[size]), small, rounds=5)


def fill(page: Fundraiser, size: int) -> Event:
    """A race of so many pages, copied from one by the database itself."""
    event = copy(page.event)
    event.pk, event.slug, event.is_current = None, f"race-{size}", False
    event.save(force_insert=True)
    columns = [str(field.column) for field in page._meta.concrete_fields if field.column != "id"]
    given = {"event_id": str(event.pk), "team_id": "NULL", "participant_id": "NULL", **DIFFERENT}
    chosen = ", ".join(given.get(column, f"page.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
            f" INSERT INTO fundraisers_fundraiser ({', '.join(columns)})"
            f" SELECT {chosen} FROM n, fundraisers_fundraiser page WHERE page.id = {page.pk}"
        )
        cursor.execute("ANALYZE")
    return event


def top(board: Board, _event: Event) -> Callable[[], int]:
    def read() -> int:
        for _ in range(40):
            assert len(board.top(0, 50)) == 50
        return 40

    return read


def places(board: Board, event: Event) -> Callable[[], int]:
    rows: Any = Fundraiser.objects.filter(event=event)
    first, size = rows.order_by("pk")[0].pk, rows.count()
    chosen = [rows.get(pk=first + random.Random(number).randrange(size)) for number in range(10)]

    def read() -> int:
        for page in chosen:
            assert board.around(page, 1).own
        return len(chosen)

    return read
