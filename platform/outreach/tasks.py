from celery import shared_task

from outreach import services


@shared_task(name="outreach.send_outbox")
def send_outbox() -> None:
    while services.send_waiting():
        pass
