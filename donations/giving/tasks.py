"""Celery's names for the background work; `manage.py work` does the same in one process. Each may run twice."""

from celery import shared_task

from common.tasks import nudge
from donations.giving import decisions, gate, services
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
    gate.forget()


@shared_task(name="giving.carry_out")
def carry_out() -> None:
    """What was decided about the race: mails and refunds, a batch at a time."""
    if decisions.carry_out():
        nudge(carry_out)


@shared_task(name="giving.check_books")
def check_books() -> None:
    run_checks(with_stripe=True)
