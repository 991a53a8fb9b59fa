"""Periodic work of registration; `manage.py work` does the same in one process. It may run twice."""

from celery import shared_task

from common.tasks import each
from registration import carts, deferrals, waitlist


@shared_task(name="registration.tend")
def tend() -> None:
    """Ends offers and offers what is free, forgets carts that nobody paid, tells of the next edition."""
    each(waitlist.waited_for(), lambda option: waitlist.tend(option=option))
    each(carts.old_carts(), lambda number: carts.forget(registration_id=number))
    deferrals.tell_next_edition()
