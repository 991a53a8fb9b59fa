"""Who gets no more mails of a topic, by address; of people whom we have forgotten, by a pseudonym of it."""

from hashlib import sha256

from common import clock
from outreach.models import Suppression

Reason = Suppression.Reason
# Never an address of anybody: RFC 2606.
FORGOTTEN = "@forgotten.invalid"


def pseudonym(email: str) -> str:
    """What is left of an address that we have forgotten. It says nobody's address, and knows the same one again.

    Without a key: were it made with SECRET_KEY, a new key would bring everybody back whom we promised to leave alone.
    """
    return sha256(f"suppression:{email.strip().lower()}".encode()).hexdigest() + FORGOTTEN


def is_suppressed(email: str, topic: str) -> bool:
    return Suppression.objects.filter(email__in=[email.lower(), pseudonym(email)], topic=topic).exists()


def suppress(email: str, topic: str, reason: Reason = Reason.ASKED) -> None:
    """No more mails of this topic. What the reader said themselves is not overwritten by anybody else."""
    row, made = Suppression.objects.get_or_create(email=email.lower(), topic=topic, defaults={"reason": reason})
    if not made and row.reason != Reason.ASKED:
        Suppression.objects.filter(pk=row.pk).update(reason=reason, created_at=clock.now())


def lift(email: str, topic: str) -> None:
    """Such mails again: for who has just shown that the address is theirs, and wants them."""
    Suppression.objects.filter(email__in=[email.lower(), pseudonym(email)], topic=topic).delete()


def forget(email: str) -> None:
    """Keeps what the address does not want, and no longer the address."""
    for row in Suppression.objects.filter(email=email.strip().lower()):
        Suppression.objects.get_or_create(email=pseudonym(email), topic=row.topic, defaults={"reason": row.reason})
        row.delete()
