"""Readers of the list, and what they do with a mail."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.core import mail as sent_mail
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from common import clock
from common.stamps import stamp
from events.models import Event
from outreach import services
from outreach.emails import off_url
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news import letters
from outreach.news.consent import NEWEST
from outreach.news.models import Letter, Subscriber
from tests.accounts.people import make_staff

LETTER = "# Hello\n\nWe raised **$5,000**: [see where it went](/money).\n"


def a_subscriber(email: str, **more: Any) -> Subscriber:
    fields = {"words": NEWEST, "asks": 0, "confirmed_at": clock.now() - timedelta(days=1)}
    return Subscriber.objects.create(email=email, **fields | more)


def many_subscribers(count: int) -> None:
    long_ago = clock.now() - timedelta(days=1)
    Subscriber.objects.bulk_create(
        (Subscriber(email=f"reader{n}@example.org", words=NEWEST, confirmed_at=long_ago) for n in range(count)),
        batch_size=1000,
    )


def an_author() -> User:
    return make_staff(email="author@example.org", factor=False)


def a_letter(event: Event, **more: Any) -> Letter:
    fields = {"subject": "Where it went", "text": LETTER, "by": an_author()}
    return Letter.objects.create(event=event, **fields | more)


def sent_off(event: Event, **more: Any) -> Letter:
    """A letter that was sent off long enough ago to leave."""
    letter = a_letter(event, **more)
    letters.send_off(letter=letter, gets=letters.plan().gets, edition=letter.edition)
    Letter.objects.filter(pk=letter.pk).update(pressed_at=clock.now() - letters.GRACE)
    letter.refresh_from_db()
    return letter


def send_all(turns: int = 200) -> None:
    """Every turn until nothing leaves any more."""
    for _turn in range(turns):
        if not letters.send_on():
            return
    raise AssertionError("the letter does not end")


@contextmanager
def answering(error: Exception, to: str = "") -> Iterator[None]:
    """A mail server that says this: to everybody, or to one."""

    def send(message: EmailMessage) -> int:
        if not to or message.to == [to]:
            raise error
        return 1

    with patch("django.core.mail.EmailMultiAlternatives.send", autospec=True, side_effect=send):
        yield


def sign_up(client: Client, email: str, **more: str) -> int:
    answer = client.post("/news/sign-up", {"email": email, "drawn": stamp(), **more})
    return answer.status_code


def links_in(message: EmailMessage, kind: str) -> list[str]:
    return re.findall(rf"http://localhost:8000(/news/{kind}/[\w:.-]+)", str(message.body))


def mailed() -> list[EmailMessage]:
    """What has arrived since the last look."""
    services.send_waiting()
    services.send_waiting(news=True)
    found = list(sent_mail.outbox)
    sent_mail.outbox.clear()
    return found


def one_click(path: str) -> int:
    """What a mail program sends: a POST without a cookie, a token or a referrer."""
    strict = Client(enforce_csrf_checks=True)
    return strict.post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded").status_code


def off_link(email: str) -> str:
    """The link in the newest mail to this reader that ends the news."""
    url = off_url(OutboxMail.objects.filter(to=email).latest("pk"))
    return url.removeprefix("http://localhost:8000")


def is_off(email: str) -> bool:
    return Suppression.objects.filter(email=email, topic=Topic.NEWS).exists()


@contextmanager
def later(**span: float) -> Iterator[None]:
    """So much later, also for the signatures of links; or earlier."""
    moved = timedelta(**span)
    now = time.time
    with (
        patch("common.clock.offset", return_value=moved),
        patch("django.core.signing.time.time", lambda: now() + moved.total_seconds()),
    ):
        yield
