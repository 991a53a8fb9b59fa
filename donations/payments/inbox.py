"""The webhook inbox: events are stored before they are answered, and taken in batches by who settles them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, models

from common import clock
from donations.payments import facts
from donations.payments.models import StripeEvent

# Plain SQL: this one row is all that Stripe waits for.
_STORE = (
    "INSERT INTO payments_stripeevent (event_id, type, created_at, body, received_at, attempts, error)"
    " VALUES (%s, %s, %s, %s, %s, 0, '') ON CONFLICT (event_id) DO NOTHING"
)


def store(event: Mapping[str, Any], body: bytes) -> None:
    """Keeps a verified event. The same event again changes nothing."""
    time = connection.ops.adapt_datetimefield_value
    created_at, received_at = time(facts.when(event["created"])), time(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [event["id"], event["type"], created_at, body.decode(), received_at])


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
