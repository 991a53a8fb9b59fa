import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from donations.disbursements.tasks import send_transfers
from donations.giving import tasks
from fundraisers.tasks import refresh_boards
from fundraisers.tasks import tend as tend_pages
from outreach.news.tasks import send_letters
from outreach.tasks import send_outbox
from outreach.volunteers.tasks import remind_volunteers
from people.tasks import retain
from registration.tasks import tend

log = logging.getLogger(__name__)

# Seconds between two runs of each. What a donor waits for has a line of its own: a slow Stripe holds up the second
# line, not the receipts.
LINES: list[list[tuple[Callable[[], Any], float]]] = [
    [(tasks.drain_inbox, 0.5), (send_outbox, 1)],
    [
        (tasks.sync_feed, 5),
        (tasks.sweep, 30),
        (send_transfers, 30),
        (tasks.carry_out, 2),
        (tasks.check_books, 120),
        (tend, 30),
        (tend_pages, 60),
        (refresh_boards, 60),
        (remind_volunteers, 60),
    ],
    # A letter to ten thousand takes its time.
    [(send_letters, 2)],
    [(retain, 86_400)],
]


class Command(BaseCommand):
    help = "Does all background work in one process until it is stopped: inbox, outbox, feed, sweep, checks."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        threads = [threading.Thread(target=_work_off, args=(line, stopped), daemon=True) for line in LINES]
        for thread in threads:
            thread.start()
        stopped.wait()
        for thread in threads:
            # What is under way is finished, or rolled back when it takes too long.
            thread.join(timeout=10)


def _work_off(line: list[tuple[Callable[[], Any], float]], stopped: threading.Event) -> None:
    due = [0.0] * len(line)
    while not stopped.wait(0.2):
        for place, (job, pause) in enumerate(line):
            if time.monotonic() >= due[place] and not stopped.is_set():
                _run(job)
                due[place] = time.monotonic() + pause
    connections.close_all()


def _run(job: Callable[[], Any]) -> None:
    """One job; whatever goes wrong is logged and tried again at its next turn."""
    close_old_connections()
    try:
        job()
    except Exception:
        log.exception("background work failed; it is tried again")
