"""The e-mail outbox: written with the change a mail reports, sent once.

A mail is claimed by a conditional UPDATE before the mail server is spoken to. One that was being sent when its
worker died is not sent again by itself, since nobody knows whether it arrived: it is listed at the desk.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror

from django.db.models import F, Q
from django.utils import timezone

from outreach.emails import message_of
from outreach.models import OutboxMail, Suppression, Topic

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused, ConnectionRefusedError, gaierror)
Status = OutboxMail.Status


def queue(mails: Iterable[OutboxMail]) -> None:
    """Keeps mails for sending, each key once, in the caller's transaction. Who left no address gets none."""
    OutboxMail.objects.bulk_create([mail for mail in mails if mail.to], ignore_conflicts=True)


def send_waiting(limit: int = 50) -> int:
    """Sends what waits, oldest first. Returns how many were sent. Runs safely beside itself."""
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=timezone.now())
    sent = 0
    for mail in OutboxMail.objects.filter(due, status=Status.WAITING).order_by("id").select_related("event")[:limit]:
        claimed = OutboxMail.objects.filter(pk=mail.pk, status=Status.WAITING).update(
            status=Status.SENDING, attempts=F("attempts") + 1
        )
        if claimed:
            sent += _send(mail)
    return sent


def turn_off(*, email: str, topic: Topic, off: bool) -> None:
    """No more mails of this topic to this address, those that wait included; or such mails again."""
    if off:
        Suppression.objects.get_or_create(email=email.lower(), topic=topic)
    else:
        Suppression.objects.filter(email=email.lower(), topic=topic).delete()


def _send(mail: OutboxMail) -> int:
    if mail.topic and Suppression.objects.filter(email=mail.to.lower(), topic=mail.topic).exists():
        OutboxMail.objects.filter(pk=mail.pk).update(status=Status.OFF)
        return 0
    try:
        message = message_of(mail)
        message.message()
    except Exception as error:
        # No mail server was asked yet. Trying again makes no better mail, so it goes to the desk, and the others go on.
        log.exception("mail %s cannot be made", mail.key)
        OutboxMail.objects.filter(pk=mail.pk).update(
            status=Status.FAILED, error=repr(error)[:300], next_try_at=timezone.now()
        )
        return 0
    try:
        message.send()
    except REFUSALS as error:
        # The server said no or was not there: nothing was delivered, so trying again doubles nothing.
        log.warning("mail %s was not sent: %s", mail.key, error)
        attempts = mail.attempts + 1
        OutboxMail.objects.filter(pk=mail.pk).update(
            status=Status.FAILED if attempts >= MAX_ATTEMPTS else Status.WAITING,
            error=str(error)[:300],
            next_try_at=timezone.now() + timedelta(seconds=min(30 * 2**attempts, 6 * 3600)),
        )
        return 0
    except Exception as error:
        # It may have arrived or not: it stays "being sent", for a person.
        log.exception("mail %s broke off while it was sent", mail.key)
        OutboxMail.objects.filter(pk=mail.pk).update(error=repr(error)[:300])
        return 0
    OutboxMail.objects.filter(pk=mail.pk).update(status=Status.SENT, sent_at=timezone.now(), error="")
    return 1
