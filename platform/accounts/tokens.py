"""Tokens for the open API: shown once when they are made, kept as a hash, one at a time for a person."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from accounts.models import ApiToken, User
from common import clock

# So that whoever finds one in a log or a repository knows what it opens.
PREFIX = "race_"
# When it was used last is known to the hour: reading is not to write each time.
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(*, user: User) -> str:
    """A new token, in clear for this once; the one before is void."""
    User.objects.select_for_update().get(pk=user.pk)
    revoke_token(user=user)
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=_digest(token))
    return token


def revoke_token(*, user: User) -> None:
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())


def live_token(user: User) -> ApiToken | None:
    return ApiToken.objects.filter(user=user, revoked_at=None).first()


def token_of(text: str) -> ApiToken | None:
    """The token that was handed out as this text, if it is valid; its person is at hand."""
    live = ApiToken.objects.filter(digest=_digest(text), revoked_at=None, user__is_active=True)
    return live.select_related("user").first()


def was_used(*, token: ApiToken) -> None:
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    """Plain SHA-256 is enough: there is nothing to guess in 256 random bits."""
    return sha256(token.encode()).hexdigest()
