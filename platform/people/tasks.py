"""The daily retention; `manage.py work` does the same in one process. It may run twice."""

from celery import shared_task

from people import retention


@shared_task(name="people.retain")
def retain() -> None:
    retention.retain()
