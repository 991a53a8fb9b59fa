"""The outbox: each mail is sent once, whoever sends; a refused one waits, is tried later, and not for ever."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from socket import gaierror
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail as sent_mail
from django.core.mail import EmailMultiAlternatives
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from outreach import services
from outreach.models import OutboxMail
from outreach.tasks import send_outbox
from tests.factories import an_event, numbers
from tests.tools.fixtures.databases import CommittedDatabase

Status = OutboxMail.Status


@pytest.fixture(autouse=True)
def kept_in_memory(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def a_mail(**more: Any) -> OutboxMail:
    number = next(numbers)
    fields: dict[str, Any] = {
        "key": f"mail:{number}",
        "to": f"reader{number}@example.org",
        "subject": "A word",
        "template": "email/plain",
        "context": {"body": "Hello."},
        "event": None,
    }
    return OutboxMail(**fields | more)


def queued(**more: Any) -> OutboxMail:
    mail = a_mail(**more)
    services.queue([mail])
    return OutboxMail.objects.get(key=mail.key)


def again(mail: OutboxMail) -> OutboxMail:
    mail.refresh_from_db()
    return mail


def wake() -> None:
    OutboxMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def refusing() -> Iterator[None]:
    with patch.object(EmailMultiAlternatives, "send", side_effect=SMTPDataError(421, b"too busy\r\nnow")):
        yield


@pytest.mark.django_db
def test_a_mail_is_sent_once_and_marked() -> None:
    mail = queued()
    assert [services.send_waiting(), services.send_waiting()] == [1, 0]
    assert [message.to for message in sent_mail.outbox] == [[mail.to]]
    assert again(mail).status == Status.SENT
    assert mail.sent_at
    assert mail.attempts == 1


@pytest.mark.django_db
def test_the_same_key_is_one_mail() -> None:
    services.queue([a_mail(key="receipt:1"), a_mail(key="receipt:1"), a_mail(key="receipt:2")])
    services.queue([a_mail(key="receipt:1")])
    assert services.send_waiting() == 2


@pytest.mark.django_db
def test_the_oldest_goes_first_and_no_more_than_asked_for() -> None:
    first, second, _third = queued(), queued(), queued()
    assert services.send_waiting(2) == 2
    assert [message.to[0] for message in sent_mail.outbox] == [first.to, second.to]


@pytest.mark.postgres
def test_eight_senders_at_once_send_each_mail_once(committed_db: CommittedDatabase) -> None:
    send_at_once(8)


def test_two_senders_at_once_send_each_mail_once(committed_db: CommittedDatabase) -> None:
    send_at_once(2)


def send_at_once(count: int) -> None:
    services.queue([a_mail() for _ in range(20)])
    together = Barrier(count)

    def send(_number: int) -> int:
        try:
            together.wait()
            return services.send_waiting()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        assert sum(pool.map(send, range(count))) == 20
    assert len({message.to[0] for message in sent_mail.outbox}) == len(sent_mail.outbox) == 20


@pytest.mark.django_db
def test_a_refused_mail_waits_and_is_sent_later(refusing: None) -> None:
    mail = queued()
    assert services.send_waiting() == 0
    assert again(mail).status == Status.WAITING
    assert "421" in mail.error
    assert mail.next_try_at
    assert timedelta(seconds=30) < mail.next_try_at - timezone.now() <= timedelta(seconds=60)
    assert services.send_waiting() == 0, "not before its time"
    assert again(mail).attempts == 1


@pytest.mark.django_db
def test_after_the_trouble_it_goes() -> None:
    mail = queued()
    for trouble in (SMTPDataError(451, b"no"), ConnectionRefusedError(), gaierror(), SMTPRecipientsRefused({})):
        with patch.object(EmailMultiAlternatives, "send", side_effect=trouble):
            services.send_waiting()
        wake()
    assert services.send_waiting() == 1
    assert (again(mail).status, mail.error, mail.attempts) == (Status.SENT, "", 5)


@pytest.mark.django_db
def test_it_gives_up_in_the_end_with_growing_pauses(refusing: None) -> None:
    mail = queued()
    pauses = []
    for _try in range(services.MAX_ATTEMPTS + 2):
        services.send_waiting()
        if again(mail).next_try_at:
            pauses.append(mail.next_try_at - timezone.now())  # type: ignore[operator]
        wake()
    assert (mail.status, mail.attempts) == (Status.FAILED, services.MAX_ATTEMPTS)
    assert pauses[:7] == sorted(pauses[:7])
    assert max(pauses) <= timedelta(hours=6)


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_others() -> None:
    bad, good = queued(), queued()

    def send(message: EmailMultiAlternatives) -> int:
        if message.to == [bad.to]:
            raise SMTPDataError(550, b"no such user")
        return 1

    with patch.object(EmailMultiAlternatives, "send", autospec=True, side_effect=send):
        assert services.send_waiting() == 1
    assert (again(bad).status, again(good).status) == (Status.WAITING, Status.SENT)


@pytest.mark.django_db
def test_a_mail_whose_sender_died_is_not_sent_again_by_itself() -> None:
    mail = queued(status=Status.SENDING)
    send_outbox()
    assert sent_mail.outbox == []
    assert again(mail).status == Status.SENDING


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trouble", [TimeoutError("silent"), SMTPServerDisconnected("gone"), SMTPException("?"), OSError()]
)
def test_a_mail_that_may_have_arrived_is_not_sent_again_by_itself(trouble: Exception) -> None:
    mail, other = queued(), queued()
    with patch.object(EmailMultiAlternatives, "send", side_effect=[trouble, 1]):
        assert services.send_waiting() == 1
    assert services.send_waiting() == 0
    assert (again(mail).status, again(other).status) == (Status.SENDING, Status.SENT)
    assert mail.error


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"template": "email/none"}, {"subject": "One\nBcc: all@example.org"}])
def test_a_mail_that_cannot_be_made_holds_up_nobody(more: dict[str, str]) -> None:
    bad, good = queued(**more), queued()
    services.send_waiting()
    assert again(good).status == Status.SENT
    assert again(bad).status == Status.FAILED
    assert bad.error
    assert [message.to[0] for message in sent_mail.outbox] == [good.to]


@pytest.mark.django_db
def test_the_same_row_always_has_the_same_id() -> None:
    queued(key="receipt:17", event=an_event())
    services.send_waiting()
    OutboxMail.objects.update(status=Status.WAITING)
    services.send_waiting()
    ids = [message.extra_headers["Message-ID"] for message in sent_mail.outbox]
    assert ids == ["<receipt.17@localhost>"] * 2
