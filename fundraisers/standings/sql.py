"""Boards read off the database: the top by an index, a rank by counting who is ahead."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from events.models import Event
from fundraisers.standings.boards import MEASURES, Holder, Kind, Standing, Window


class SqlBoard:
    def __init__(self, event: Event, kind: Kind) -> None:
        self.measure = MEASURES[kind]
        self.score = self.measure.score
        self.holders = self.measure.holders(event)
        # All of them. Said with the score, so that SQLite counts along the board's own index and not through the table.
        self.everybody = self.holders.filter(**{f"{self.score}__gte": self.measure.least})

    def top(self, start: int, count: int) -> list[Standing]:
        rows = list(self.holders.order_by(f"-{self.score}", "pk")[start : start + count])
        if not rows:
            return []
        ahead = self.holders.filter(**{f"{self.score}__gt": self.measure.of(rows[0])}).count() if start else 0
        return self._ranked(rows, ahead + 1, start + 1)

    def around(self, holder: Holder, count: int) -> Window:
        """One query. It counts who is on the board, so it grows with it."""
        near = sorted(self._near(holder, count), key=lambda row: (-self.measure.of(row), row.pk))
        own = next((place for place, row in enumerate(near) if row.pk == holder.pk), None)
        if own is None:
            return Window()
        before, after = near[max(own - count, 0) : own], near[own : own + count + 1]
        found = self._ranked(after, after[0].ahead + 1, after[0].ahead + after[0].equal + 1)
        for row in reversed(before):
            following = found[0]
            equal = self.measure.of(row) == following.score
            rank = following.rank if equal else following.rank - row.equal
            found.insert(0, Standing(rank, row, self.measure.of(row)))
        return Window.onto(holder.pk, found, near[own].size)

    def size(self) -> int:
        return self.everybody.count()

    def _ranked(self, rows: Sequence[Holder], rank: int, position: int) -> list[Standing]:
        """Ranks of rows that follow each other, from the rank and the position of the first."""
        found: list[Standing] = []
        for place, row in enumerate(rows, start=position):
            score = self.measure.of(row)
            if found and score != found[-1].score:
                rank = place
            found.append(Standing(rank, row, score))
        return found

    def _near(self, holder: Holder, count: int) -> QuerySet[Any]:
        """The holder and who is near it, each a short walk along the index, with what their ranks need.

        `size`: how many there are. `ahead`: how many have more than the holder. `equal`: of the holder, how many with
        as much stand before it; of those with more, how many have as much as they.
        """
        mine, score = self.measure.of(holder), self.score
        same = self.holders.filter(**{score: mine})
        more, less = self.holders.filter(**{f"{score}__gt": mine}), self.holders.filter(**{f"{score}__lt": mine})
        parts = [self.holders.filter(pk=holder.pk)]
        if count:
            parts += [
                same.filter(pk__lt=holder.pk).order_by("-pk")[:count],
                more.order_by(score, "-pk")[:count],
                same.filter(pk__gt=holder.pk).order_by("pk")[:count],
                less.order_by(f"-{score}", "pk")[:count],
            ]
        as_much = self.holders.filter(**{score: OuterRef(score)})
        near: QuerySet[Any] = self.holders.filter(pk__in=_any_of(parts)).annotate(
            size=Case(When(pk=holder.pk, then=_count(self.everybody)), default=0),
            ahead=Case(When(pk=holder.pk, then=_count(more)), default=0),
            equal=Case(
                When(pk=holder.pk, then=_count(same.filter(pk__lt=holder.pk))),
                When(**{f"{score}__gt": mine}, then=_count(as_much)),
                default=0,
            ),
        )
        return near


def _count(rows: QuerySet[Any]) -> Coalesce:
    # All are of one event: grouping by it makes one row of them.
    return Coalesce(Subquery(rows.order_by().values("event").annotate(count=Count("*")).values("count")), 0)


def _any_of(parts: Sequence[QuerySet[Any]]) -> RawSQL:
    """The keys of all parts. SQLite takes no LIMIT inside a UNION but within another SELECT, which Django lacks."""
    compiled = [part.values("pk").query.sql_with_params() for part in parts]
    # Django has compiled each part, with its values beside it.
    sql = " UNION ALL ".join(f"SELECT * FROM ({select}) AS part" for select, _values in compiled)  # noqa: S608
    return RawSQL(sql, [value for _select, values in compiled for value in values])  # noqa: S611
