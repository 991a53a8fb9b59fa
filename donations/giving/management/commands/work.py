import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from donations.giving import tasks
from outreach.tasks import send_outbox

log = logging.getLogger(__name__)

# Seconds between two runs of each. The webhook's inbox is read twice a second, so that a page moves at once.
SCHEDULE: list[tuple[Callable[[], Any], float]] = [
    (tasks.drain_inbox, 0.5),
    (send_outbox, 1),
    (tasks.sync_feed, 5),
    (tasks.sweep, 30),
    (tasks.check_books, 120),
]


class Command(BaseCommand):
    help = "Does all background work in one process until it is stopped: inbox, outbox, feed, sweep, checks."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        due = [0.0] * len(SCHEDULE)
        while not stopped.is_set():
            for place, (job, pause) in enumerate(SCHEDULE):
                if time.monotonic() >= due[place] and not stopped.is_set():
                    self._run(job)
                    due[place] = time.monotonic() + pause
            stopped.wait(0.2)

    def _run(self, job: Callable[[], Any]) -> None:
        """One job; whatever goes wrong is logged and tried again at its next turn."""
        close_old_connections()
        try:
            job()
        except Exception:
            log.exception("background work failed; it is tried again")
