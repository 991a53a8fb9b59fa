"""Boards kept as sorted sets in Redis. They follow the database and are never behind it unseen.

Nobody writes to them when money moves. Whatever changes a place does so under the event's lock, counts `Event.edits` up
and keeps that number on the page or team as `moved`. A set knows the edit it is at, and whoever meets an older one
first brings it up to the present: the rows whose `moved` is larger, with their scores as they are now. So it is right
after a crash at any line, with writers in any order, and when Redis was away, emptied or set back.

Members are ids of one length and scores are negated, so that Redis orders as SQL does: most first, then by id. The edit
is itself a member, at infinity: what loses the one loses the other.
"""

import logging
from dataclasses import dataclass
from functools import cache
from itertools import islice
from math import inf
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.tasks import nudge
from events.models import Event
from fundraisers.standings.boards import MEASURES, Holder, Kind, Standing, Window

log = logging.getLogger(__name__)

# Whoever waits for a page brings a set up by this many rows at most; a worker does more.
AT_ONCE = 5_000
# A set that was being built and never finished.
UNFINISHED_SECONDS = 3_600

# The edit, the size, and the places from ARGV[1] to ARGV[2], or that many before and after the member ARGV[3]; each
# with how many are ahead.
_SLICE = """
local key = KEYS[1]
local edit = redis.call('ZRANGE', key, '+inf', '+inf', 'BYSCORE')[1]
if not edit then return {'', 0, {}} end
local size = redis.call('ZCARD', key) - 1
local first, last = tonumber(ARGV[1]), tonumber(ARGV[2])
if ARGV[3] ~= '' then
  local place = redis.call('ZRANK', key, ARGV[3])
  if not place then return {edit, size, {}} end
  first, last = math.max(place - first, 0), place + last
end
last = math.min(last, size - 1)
if last < first then return {edit, size, {}} end
local rows, found = redis.call('ZRANGE', key, first, last, 'WITHSCORES'), {}
for i = 1, #rows, 2 do
  found[#found + 1] = {rows[i], rows[i + 1], redis.call('ZCOUNT', key, '-inf', '(' .. rows[i + 1])}
end
return {edit, size, found}
"""

# Takes the set from the edit ARGV[1] to the edit ARGV[2], if it is still there: members with their new scores follow,
# '' for who leaves. Of two who bring it up at the same time one comes too late and does nothing.
_MOVE = """
local key = KEYS[1]
local edit = redis.call('ZRANGE', key, '+inf', '+inf', 'BYSCORE')[1]
if (edit or '') ~= ARGV[1] then return 0 end
if edit then redis.call('ZREM', key, edit) end
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('ZREM', key, ARGV[i])
  else redis.call('ZADD', key, ARGV[i + 1], ARGV[i]) end
end
redis.call('ZADD', key, '+inf', ARGV[2])
return 1
"""


class Behind(Exception):
    """The set is further behind than a reader can wait for; a worker was asked to build it."""


@dataclass(frozen=True, slots=True)
class Slice:
    edit: int | None
    size: int
    places: list[tuple[int, int, int]]


class RedisBoard:
    """Raises Behind, RedisError and OSError; nothing else is different from the SqlBoard."""

    def __init__(self, event: Event, kind: Kind) -> None:
        self.event, self.kind, self.measure = event, kind, MEASURES[kind]
        self.key = f"board:{event.pk}:{kind}"

    def top(self, start: int, count: int) -> list[Standing]:
        return self._standings(self._slice(start, start + count - 1).places)

    def around(self, holder: Holder, count: int) -> Window:
        found = self._slice(count, count, _member(holder.pk))
        return Window.onto(holder.pk, self._standings(found.places), found.size if found.places else 0)

    def size(self) -> int:
        return self._slice(0, 0).size

    def refresh(self) -> None:
        """For workers: brings the set up or builds it, and looks whether it agrees with the database."""
        try:
            agrees = self._agrees()
        except Behind:
            agrees = False
        else:
            if not agrees:
                log.error("the %s board of event %s did not agree with the database", self.kind, self.event.pk)
        if not agrees:
            self.rebuild()

    def rebuild(self) -> int:
        """Builds the set anew beside the old one, which serves until then. Returns how many places it has."""
        edit, half, count = self._edit_now(), f"{self.key}:{uuid4().hex}", 0
        rows = self._scores().iterator(AT_ONCE)
        # What changes while this reads is newer than the edit says, and is read again by whoever comes first.
        last = {str(edit): inf}
        with _redis().pipeline() as pipe:
            while some := {_member(number): -score for number, score in islice(rows, AT_ONCE)}:
                pipe.zadd(half, some).expire(half, UNFINISHED_SECONDS).execute()
                count += len(some)
            pipe.zadd(half, last).rename(half, self.key).persist(self.key).execute()
        return count

    def _slice(self, first: int, last: int, member: str = "") -> Slice:
        found = self._read(first, last, member)
        if found.edit != self.event.edits:
            now = self._edit_now()
            # Another reader may have brought it further meanwhile. Beyond the present it is not ours: the database was
            # set back.
            if found.edit is None or not self.event.edits <= found.edit <= now:
                self._bring_up(found.edit, now)
                found = self._read(first, last, member)
        if found.edit is None or found.edit < self.event.edits:
            raise Behind
        return found

    def _read(self, first: int, last: int, member: str) -> Slice:
        edit, size, rows = _scripts()[0](keys=[self.key], args=[first, last, member])
        return Slice(int(edit) if edit else None, size, [(int(row[0]), -int(float(row[1])), row[2]) for row in rows])

    def _bring_up(self, edit: int | None, now: int) -> None:
        if edit is not None and edit > now:
            _redis().delete(self.key)
            edit = None
        changes = list(self._changes_since(edit)[: AT_ONCE + 1])
        if len(changes) > AT_ONCE:
            from fundraisers.tasks import refresh_boards

            nudge(refresh_boards)
            raise Behind
        args: list[str | int] = ["" if edit is None else edit, now]
        for number, score, stands in changes:
            args += [_member(number), -score if stands else ""]
        _scripts()[1](keys=[self.key], args=args)

    def _changes_since(self, edit: int | None) -> QuerySet[Any, tuple[int, int, bool]]:
        """Rows with their scores of now, and whether they stand on the board; all that do when there is no set."""
        rows = self.measure.rows(self.event).filter(self.measure.listed if edit is None else Q(moved__gt=edit))
        stands = ExpressionWrapper(self.measure.listed, output_field=BooleanField())
        changes: QuerySet[Any, tuple[int, int, bool]]
        changes = rows.annotate(stands=stands).values_list("pk", self.measure.score, "stands")
        return changes

    def _scores(self) -> QuerySet[Any, tuple[int, int]]:
        return self.measure.holders(self.event).values_list("pk", self.measure.score)

    def _edit_now(self) -> int:
        return Event.objects.values_list("edits", flat=True).get(pk=self.event.pk)

    def _standings(self, places: list[tuple[int, int, int]]) -> list[Standing]:
        """With their pages and teams. Who is hidden is left out here too, whatever the set says."""
        holders = self.measure.holders(self.event).in_bulk([number for number, _score, _ahead in places])
        return [Standing(ahead + 1, holders[number], score) for number, score, ahead in places if number in holders]

    def _agrees(self) -> bool:
        """Whether the size and some places are the database's; a change meanwhile leaves the question for later."""
        edit, size = self._edit_now(), self.size()
        some = _redis().zrandmember(self.key, 50) or []
        numbers = [int(member) for member in some if len(member) == len(_member(0))]
        kept = {number: -int(_redis().zscore(self.key, _member(number)) or 0) for number in numbers}
        told = dict(self._scores().filter(pk__in=numbers))
        same = (size, kept) == (self.measure.holders(self.event).count(), told)
        return same or edit != self._edit_now()


def _member(number: int) -> str:
    return f"{number:019}"


@cache
def _redis() -> Any:
    return Redis.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        socket_timeout=1,
        socket_connect_timeout=1,
        # A connection that Redis closed is opened once more; who is away is left alone by the breaker.
        retry=Retry(NoBackoff(), 1),
    )


@cache
def _scripts() -> tuple[Any, Any]:
    return _redis().register_script(_SLICE), _redis().register_script(_MOVE)
