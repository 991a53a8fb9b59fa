"""What is kept about people we write to."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy

from common.privacy import Ending, Gone, Kept, Part, Purpose, Room, blank, of_address
from outreach import suppressions
from outreach.models import OutboxMail, Suppression, Topic

WORDS_KEPT = timedelta(days=90)

MAIL = Purpose(
    Part.WRITE,
    gettext_lazy("The mails we sent you"),
    gettext_lazy("To send each once, and to see what went wrong when one did not arrive."),
    gettext_lazy("What they said: 90 days. That one was sent, and when: for good, without your address once you ask."),
    gettext_lazy("Organizers"),
)
OFF = Purpose(
    Part.WRITE,
    gettext_lazy("Which mails you have turned off"),
    gettext_lazy("So that you do not get them, whoever brings your address back to us."),
    gettext_lazy("For good. When you ask us to delete your data, a hash takes the place of your address."),
    gettext_lazy("Nobody; it is looked at when a mail is sent"),
)
Status = OutboxMail.Status
_blank = blank(subject="", template="email/plain", context={"body": ""}, error="")


def _forget_words(mails: Sequence[Any]) -> None:
    _blank(mails)
    waiting = OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], status=Status.WAITING)
    waiting.update(status=Status.OFF)


def _forget(mails: Sequence[Any]) -> None:
    _forget_words(mails)
    OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(to="")


def silence(keys: Collection[str]) -> None:
    """These mails lose their words, whoever got them; those not sent yet are not sent."""
    _forget_words(list(OutboxMail.objects.filter(key__in=keys)))


def _forget_address(rows: Sequence[Any]) -> None:
    for email in {row.email for row in rows}:
        suppressions.forget(email)


def _scrub(gone: Gone) -> None:
    """Mails to others that named the person lose their words. One that waits is somebody else's, and leaves.

    No list of addresses brings the person back: a pseudonym says no to news.
    """
    Suppression.objects.get_or_create(email=suppressions.pseudonym(gone.email), topic=Topic.NEWS)
    told = OutboxMail.objects.annotate(words=Cast("context", TextField())).exclude(status=Status.WAITING)
    telling = gone.telling_words
    _forget_words([mail for mail in told.filter(_says(telling)) if _names(mail, telling)])


def _says(words: Collection[str]) -> Q:
    said = Q(pk__in=[])
    for word in words:
        # JSON writes what is not plain Latin as numbers, or does not.
        for form in {word, json.dumps(word)[1:-1]}:
            said |= Q(words__icontains=form) | Q(subject__icontains=form) | Q(error__icontains=form)
    return said


def _names(mail: OutboxMail, words: Collection[str]) -> bool:
    """Whether a mail says one of the words as a word of its own: Ana is not in banana."""
    said = f" {' '.join(_texts([mail.subject, mail.error, mail.context]))} ".lower()
    return any(_stands_in(word.lower(), said) for word in words)


def _stands_in(word: str, text: str) -> bool:
    place = text.find(word)
    while place >= 0:
        if not text[place - 1].isalnum() and not text[place + len(word)].isalnum():
            return True
        place = text.find(word, place + 1)
    return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    else:
        yield str(value)


def _old_words(now: datetime) -> "QuerySet[OutboxMail]":
    over = OutboxMail.objects.filter(status__in=[Status.SENT, Status.OFF, Status.FAILED])
    return over.filter(created_at__lt=now - WORDS_KEPT).exclude(template="email/plain", context={"body": ""})


ROOM = Room(
    kept=(
        Kept(
            MAIL,
            OutboxMail,
            ("to", "subject", "context", "error"),
            lambda email: of_address(OutboxMail.objects.all(), email, "to"),
            _forget,
            also_told=("topic", "created_at", "sent_at", "status"),
            # What a mail says may be another's: who gave, who joined. Its reader has it in the mailbox.
            untold=("subject", "context", "error"),
        ),
        Kept(
            OFF,
            Suppression,
            ("email",),
            lambda email: of_address(Suppression.objects.all(), email, "email"),
            _forget_address,
            also_told=("topic", "created_at"),
        ),
    ),
    not_personal="OutboxMail.key OutboxMail.template",
    endings=(
        Ending(
            gettext_lazy("what mails said"),
            _old_words,
            _blank,
        ),
    ),
    scrub=_scrub,
)
