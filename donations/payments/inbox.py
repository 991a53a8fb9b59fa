"""The webhook inbox: events are stored before they are answered, and taken in batches by who settles them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models

from common import clock
from donations.payments import facts
from donations.payments.models import StripeEvent


def store(event: Mapping[str, Any], body: bytes) -> None:
    """Keeps a verified event. The same event again changes nothing."""
    row = StripeEvent(
        event_id=event["id"], type=event["type"], created_at=facts.when(event["created"]), body=body.decode()
    )
    StripeEvent.objects.bulk_create([row], ignore_conflicts=True)


def waiting(limit: int) -> list[StripeEvent]:
    """The oldest unprocessed events whose turn it is."""
    due = models.Q(next_try_at__isnull=True) | models.Q(next_try_at__lte=clock.now())
    return list(StripeEvent.objects.filter(due, processed_at__isnull=True).order_by("id")[:limit])


def mark_processed(events: list[StripeEvent]) -> None:
    StripeEvent.objects.filter(pk__in=[event.pk for event in events]).update(
        processed_at=clock.now(), error="", next_try_at=None
    )


def mark_failed(event: StripeEvent, error: str) -> None:
    """Puts an event back with a growing delay: 2, 4, 8 … seconds, an hour at most."""
    delay = timedelta(seconds=min(2 ** min(event.attempts + 1, 12), 3600))
    StripeEvent.objects.filter(pk=event.pk).update(
        attempts=models.F("attempts") + 1, error=error[:300], next_try_at=clock.now() + delay
    )
