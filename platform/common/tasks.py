"""Waking a worker: a courtesy, never a duty. What a nudge misses, the next beat or sweep finds."""

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from common.breaker import Breaker

broker = Breaker(OperationalError, OSError)


def nudge(task: "Task[[], None]") -> None:
    """Asks a worker to run `task` once the present transaction has committed; a stopped Redis loses nothing."""
    if settings.REDIS_URL:
        transaction.on_commit(lambda: broker.ask(task.delay))
