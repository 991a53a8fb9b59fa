"""Making screens, switching them off, and knowing which of them still asks."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from common import clock
from outreach.tokens import token_of
from screens.models import Screen
from screens.queries import PURPOSE, digest_of

# When it asked last is known to the minute: reading is not to write each time.
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def add_screen(*, name: str, place: str, invites: str, shows_thanks: bool, by: User) -> tuple[Screen, str]:
    """A new screen, and the token of its address, which only now is there to be read: we keep a hash of it."""
    key = secrets.token_urlsafe(16)
    screen = Screen.objects.create(
        name=name, place=place, invites=invites, shows_thanks=shows_thanks, digest=digest_of(key), created_by=by
    )
    return screen, token_of(PURPOSE, key)


def revoke_screen(*, screen: Screen) -> bool:
    """Its address opens nothing from now on. False when it was so already."""
    return Screen.objects.filter(pk=screen.pk, revoked_at=None).update(revoked_at=clock.now()) == 1


def was_seen(*, screen: Screen) -> None:
    """It has asked just now. The condition is the database's, so that a screen asking twice at once writes once."""
    now = clock.now()
    if screen.last_seen_at is None or now - screen.last_seen_at > NOTED_EVERY:
        due = Q(last_seen_at=None) | Q(last_seen_at__lt=now - NOTED_EVERY)
        Screen.objects.filter(due, pk=screen.pk).update(last_seen_at=now)
