"""Which screens there are, and which one an address opens."""

from hashlib import sha256

from django.db.models import QuerySet
from django.http import Http404

from outreach.tokens import carried_by
from screens.models import Screen

PURPOSE = "screen"


def digest_of(key: str) -> str:
    """Plain SHA-256 is enough: there is nothing to guess in 128 random bits."""
    return sha256(key.encode()).hexdigest()


def screen_of(token: str) -> Screen:
    """The guard of a screen's address: 404 for one that we did not sign, and for one that was switched off.

    An address that we did not sign is turned away without a question to the database.
    """
    key = carried_by(PURPOSE, token)
    screen = Screen.objects.filter(digest=digest_of(key), revoked_at=None).first() if isinstance(key, str) else None
    if screen is None:
        raise Http404
    return screen


def live_screens() -> QuerySet[Screen]:
    return Screen.objects.filter(revoked_at=None)


def screens_of_desk() -> QuerySet[Screen]:
    """All that were ever made, those that are on first."""
    return Screen.objects.select_related("created_by").order_by("revoked_at", "-pk")
