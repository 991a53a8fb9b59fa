"""Periodic work on volunteers; `manage.py work` does the same in one process. It may run twice."""

from celery import shared_task

from events.models import Event
from outreach.volunteers.reminders import remind


@shared_task(name="volunteers.remind")
def remind_volunteers() -> None:
    """Sends the mails of the day before."""
    for event in Event.objects.filter(is_current=True):
        remind(event)
