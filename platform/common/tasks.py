"""Waking a worker: a courtesy, never a duty. What a nudge misses, the next beat or sweep finds."""

import logging

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def nudge(task: "Task[[], None]") -> None:
    """Asks a worker to run `task` once the present transaction has committed; a stopped Redis loses nothing."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _send(task))


def _send(task: "Task[[], None]") -> None:
    try:
        task.delay()
    except (OperationalError, OSError) as error:
        log.warning("no broker for %s, left to the schedule: %s", task.name, error)
