"""The one clock of the product. The demo moves it; production refuses to."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The present time, UTC; in the demo, shifted by the offset that site and sandbox share in one file."""
    return timezone.now() + offset()


def offset() -> timedelta:
    if not settings.DEMO_CLOCK:
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(settings.DEMO_CLOCK).read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta(0)
