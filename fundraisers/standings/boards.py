"""The boards there are, and what each of them can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from django.db.models import Q, QuerySet

from events.models import Event
from fundraisers.models import Fundraiser
from teams.models import Team

Holder: TypeAlias = Fundraiser | Team


class Kind(StrEnum):
    RUNNERS = "runners"
    TEAMS = "teams"
    AVERAGE = "average"
    DONORS = "donors"


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on a board. Equal scores share a rank, and the next one counts them all: 1, 2, 2, 4."""

    rank: int
    holder: Holder
    score: int


@dataclass(frozen=True, slots=True)
class Window:
    """A holder's place with its neighbours, and how many places the board has. Who is not on the board has none."""

    own: Standing | None = None
    before: tuple[Standing, ...] = ()
    after: tuple[Standing, ...] = ()
    size: int = 0

    @property
    def all(self) -> list[Standing]:
        return [*self.before, *([self.own] if self.own else []), *self.after]

    @classmethod
    def onto(cls, number: int, places: Sequence[Standing], size: int) -> "Window":
        """Places that follow each other, seen from the one of the holder with this number."""
        for place, standing in enumerate(places):
            if standing.holder.pk == number:
                return cls(standing, tuple(places[:place]), tuple(places[place + 1 :]), size)
        return cls(size=size)


class Board(Protocol):
    """Highest score first, equal scores in the order of their making."""

    def top(self, start: int, count: int) -> list[Standing]:
        """`count` places after the first `start`."""

    def around(self, holder: Holder, count: int) -> Window:
        """The holder's place, and up to `count` before and after it."""

    def size(self) -> int:
        """How many places there are."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What makes a board: the rows that stand on it, and the column of their score."""

    model: type[Fundraiser | Team]
    score: str
    listed: Q
    # The smallest that the column can hold.
    least: int = -(2**63)
    related: tuple[str, ...] = ()

    def rows(self, event: Event) -> QuerySet[Any]:
        return self.model._default_manager.filter(event=event)

    def holders(self, event: Event) -> QuerySet[Any]:
        return self.rows(event).filter(self.listed).select_related(*self.related)

    def of(self, holder: Holder) -> int:
        return int(getattr(holder, self.score))


_LISTED, _SHOWN = Q(is_hidden=False, is_listed=True), Q(is_hidden=False)
MEASURES = {
    Kind.RUNNERS: Measure(Fundraiser, "raised_cents", _LISTED, related=("team",)),
    Kind.TEAMS: Measure(Team, "raised_cents", _SHOWN),
    Kind.AVERAGE: Measure(Team, "average_cents", _SHOWN & Q(member_count__gt=0)),
    Kind.DONORS: Measure(Fundraiser, "gift_count", _LISTED, least=0, related=("team",)),
}
