"""Waking a worker: a courtesy, never a duty. What a nudge misses, the next beat or sweep finds."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from common.breaker import Breaker

Row = TypeVar("Row")
log = logging.getLogger(__name__)
broker = Breaker(OperationalError, OSError)


def nudge(task: "Task[[], None]") -> None:
    """Asks a worker to run `task` once the present transaction has committed; a stopped Redis loses nothing."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: broker.ask(task.delay))


def each(rows: Iterable[Row], work: Callable[[Row], object]) -> None:
    """Does the work for one row after the other. One that fails is logged and tried again, and stops no other."""
    for row in rows:
        try:
            work(row)
        except Exception:
            log.exception("background work failed for %s; it is tried again", getattr(row, "pk", row))
