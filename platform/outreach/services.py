"""The e-mail outbox: written with the change a mail reports, sent once.

A mail is claimed by a conditional UPDATE before the mail server is spoken to. One that was being sent when its
worker died is not sent again by itself, since nobody knows whether it arrived: it is listed at the desk.
"""

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from socket import gaierror

from django.db.models import F, Q
from django.utils import timezone

from outreach.emails import message_of
from outreach.models import OutboxMail, Suppression, Topic
from outreach.suppressions import is_suppressed, lift, suppress

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused, ConnectionRefusedError, gaierror)
Status = OutboxMail.Status


def queue(mails: Iterable[OutboxMail]) -> None:
    """Keeps mails for sending, each key once, in the caller's transaction. Who left no address gets none."""
    OutboxMail.objects.bulk_create([mail for mail in mails if mail.to], ignore_conflicts=True)


def send_waiting(limit: int = 50, *, news: bool = False) -> int:
    """Sends what waits, oldest first: news, or all the rest, which never waits behind a letter to ten thousand.

    Returns how many were sent. Runs safely beside itself.
    """
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=timezone.now())
    kind = Q(topic=Topic.NEWS) if news else ~Q(topic=Topic.NEWS)
    sent = 0
    waiting = OutboxMail.objects.filter(due, kind, status=Status.WAITING).order_by("id")
    for mail in waiting.select_related("event")[:limit]:
        claimed = OutboxMail.objects.filter(pk=mail.pk, status=Status.WAITING).update(
            status=Status.SENDING, attempts=F("attempts") + 1
        )
        if claimed:
            sent += _send(mail)
    return sent


def turn_off(*, email: str, topic: Topic, off: bool) -> None:
    """No more mails of this topic to this address, those that wait included; or such mails again."""
    if off:
        suppress(email, topic)
    else:
        lift(email, topic)


def _send(mail: OutboxMail) -> int:
    if mail.topic and is_suppressed(mail.to, mail.topic):
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
        gone = mail.topic == Topic.NEWS and _no_such_mailbox(error)
        if gone:
            suppress(mail.to, mail.topic, Suppression.Reason.BOUNCED)
        OutboxMail.objects.filter(pk=mail.pk).update(
            status=Status.FAILED if gone or attempts >= MAX_ATTEMPTS else Status.WAITING,
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


def _no_such_mailbox(error: Exception) -> bool:
    """Whether a refusal is for good and about the address: RFC 3463's 5.1.x and 5.2.1, or, of a server that says no
    such code, 550, 551 and 553 to the recipient. A refusal for what we are or said (5.7.x) is not the reader's.
    """
    answers: list[tuple[int, bytes | str]]
    if isinstance(error, SMTPRecipientsRefused):
        answers, bare = list(error.recipients.values()), {550, 551, 553}
    elif isinstance(error, SMTPDataError):
        answers, bare = [(error.smtp_code, error.smtp_error)], set()
    else:
        return False
    return any(_is_about_address(code, said, bare) for code, said in answers)


def _is_about_address(code: int, said: bytes | str, bare: set[int]) -> bool:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    status = re.match(r"\s*(\d\.\d{1,3}\.\d{1,3})\b", text)
    return bool(re.match(r"5\.(1\.\d+|2\.1)\Z", status[1])) if status else code in bare
