"""Celery's names for the background work; `manage.py work` does the same in one process. Each may run twice."""

from celery import shared_task

from donations.giving import services
from donations.giving.checks import check_books as run_checks
from donations.ledger.models import Ledger
from donations.payments import feed


@shared_task(name="giving.drain_inbox")
def drain_inbox() -> None:
    for ledger in Ledger.objects.all():
        while services.drain_inbox(ledger.pk):
            pass


@shared_task(name="payments.sync_feed")
def sync_feed() -> None:
    for ledger in Ledger.objects.all():
        feed.sync(ledger, feed.GLANCE_BACK)


@shared_task(name="giving.sweep")
def sweep() -> None:
    for ledger in Ledger.objects.all():
        services.sweep(ledger)


@shared_task(name="giving.check_books")
def check_books() -> None:
    run_checks(with_stripe=True)
