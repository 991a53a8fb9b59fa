"""What has been kept long enough ends, every day: in batches, each in a transaction, a bad row alone.

Nothing is remembered between two runs: what is due is read off the rows, so it may be stopped anywhere and run again.
Entries, credits, charges, refunds and the amounts and days of gifts never end: the books need them.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from common import clock
from common.privacy import Ending
from people.registry import endings

log = logging.getLogger(__name__)
BATCH = 200


def due() -> list[tuple[Ending, int]]:
    """How many rows are due now, for a dry run."""
    now = clock.now()
    return [(ending, ending.rows(now).count()) for ending in endings()]


def retain(tell: Callable[[Ending, int], None] = lambda _ending, _done: None) -> int:
    """Ends all that is due. Tells how far it has come after each batch. Returns how many rows ended."""
    return sum(_end(ending, tell) for ending in endings())


def _end(ending: Ending, tell: Callable[[Ending, int], None]) -> int:
    now, last, done = clock.now(), None, 0
    while True:
        rows = ending.rows(now).order_by("pk")
        some = list(rows.filter(pk__gt=last)[:BATCH] if last is not None else rows[:BATCH])
        if not some:
            return done
        last = some[-1].pk
        done += _end_together(ending, some)
        tell(ending, done)


def _end_together(ending: Ending, rows: Sequence[Any]) -> int:
    try:
        with transaction.atomic():
            ending.end(rows)
    except Exception:
        log.exception("a batch of %s did not end: each row alone", ending.what)
        return sum(_end_alone(ending, row) for row in rows)
    return len(rows)


def _end_alone(ending: Ending, row: Any) -> int:
    try:
        with transaction.atomic():
            ending.end([row])
    except Exception:
        log.exception("row %s of %s did not end; it is tried again tomorrow", row.pk, ending.what)
        return 0
    return 1
