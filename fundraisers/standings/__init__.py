"""Leaderboards: who stands where.

SQL is the truth and answers everything. With REDIS_URL sorted sets answer the same in a time that does not grow, and
SQL steps in whenever they cannot: Redis is away, or a set was lost and is being built again.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import connection
from redis import RedisError

from common.breaker import Breaker
from events.models import Event
from fundraisers.standings.boards import Board, Holder, Kind, Standing, Window
from fundraisers.standings.redis import Behind, RedisBoard
from fundraisers.standings.sql import SqlBoard

__all__ = ["Board", "Holder", "Kind", "Standing", "Window", "board"]

Answer = TypeVar("Answer")
sets = Breaker(RedisError, OSError, Behind)


def board(event: Event, kind: Kind) -> Board:
    """A board as it stood when `event` was read, or later."""
    # In a transaction nothing is told to Redis: what is read there may never come to be.
    if settings.REDIS_URL and not connection.in_atomic_block:
        return _EitherBoard(event, kind)
    return SqlBoard(event, kind)


class _EitherBoard:
    def __init__(self, event: Event, kind: Kind) -> None:
        self.redis, self.sql = RedisBoard(event, kind), SqlBoard(event, kind)

    def top(self, start: int, count: int) -> list[Standing]:
        return self._ask(lambda one: one.top(start, count))

    def around(self, holder: Holder, count: int) -> Window:
        return self._ask(lambda one: one.around(holder, count))

    def size(self) -> int:
        return self._ask(lambda one: one.size())

    def _ask(self, act: Callable[[Board], Answer]) -> Answer:
        found = sets.ask(lambda: act(self.redis))
        return act(self.sql) if found is None else found
