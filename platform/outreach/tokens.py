"""What the links in mails carry: signed, so that nothing of it has to be kept, and nobody can make one up.

A mail's context names what a link shall carry (`claim_token`); it is signed when the mail is sent, dated then, and
never stands in the database.
"""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import Http404


class Expired(Exception):
    """The link was right, and is too old."""


def token_of(purpose: str, carried: Any) -> str:
    """The token of a link for one purpose; it is worth nothing for another."""
    return signing.dumps(carried, salt=purpose)


def carried_by(purpose: str, token: str, life: timedelta | None = None) -> Any:
    """What a token carries. Raises Http404 for one that is not ours, and Expired for one older than `life`."""
    try:
        return signing.loads(token, salt=purpose, max_age=life)
    except signing.SignatureExpired as error:
        raise Expired from error
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
