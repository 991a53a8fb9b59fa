"""Celery's names for the work on the list; `manage.py work` does the same in one process. Each may run twice."""

from celery import shared_task

from outreach.news import letters


@shared_task(name="news.send_letters")
def send_letters() -> None:
    """One batch: a letter takes many turns, so that it never keeps receipts from a worker."""
    letters.send_on()
