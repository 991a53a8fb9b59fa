"""Background work on pages: the leaderboards that Redis keeps (without REDIS_URL there is none to do), and mails."""

from celery import shared_task
from django.conf import settings

from common.tasks import each
from events.models import Event
from fundraisers.claims import due_changes, finish
from fundraisers.reminders import remind
from fundraisers.standings.boards import Kind
from fundraisers.standings.redis import RedisBoard


@shared_task(name="fundraisers.refresh_boards")
def refresh_boards() -> None:
    """Brings the sets up to the database, builds those that were lost, and mends what does not agree."""
    for event in Event.objects.all() if settings.REDIS_URL else ():
        for kind in Kind:
            RedisBoard(event, kind).refresh()


@shared_task(name="fundraisers.tend")
def tend() -> None:
    """Sends the mails of the calendar, and finishes changes of e-mail addresses that have waited long enough."""
    each(due_changes(), lambda number: finish(number=number))
    for event in Event.objects.filter(is_current=True):
        remind(event)
