"""Mails that are no receipts can be turned off: by one press in the mail program, or on the page; never by looking."""

import re

import pytest
from django.core import mail as sent_mail
from django.test import Client
from pytest_django import Settings

from outreach.models import OutboxMail, Suppression, Topic
from outreach.services import queue, send_waiting, turn_off
from outreach.tokens import token_of
from tests.factories import an_event
from tests.outreach.test_outbox import a_mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_in_memory(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    an_event()


def a_link(email: str = "amina@example.org", topic: str = Topic.GIFTS) -> str:
    return f"/mail/off/{token_of('off', [email, topic])}"


def one_click(path: str) -> int:
    """What a mail program sends: a POST without a cookie, a token or a referrer."""
    strict = Client(enforce_csrf_checks=True)
    return strict.post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded").status_code


def test_a_mail_with_a_topic_offers_the_way_and_a_receipt_does_not() -> None:
    queue([a_mail(key="gift:1", topic=Topic.GIFTS), a_mail(key="receipt:1")])
    send_waiting()
    gift, receipt = (message.message() for message in sent_mail.outbox)
    link = str(gift["List-Unsubscribe"])
    assert re.fullmatch(r"<http://localhost:8000/mail/off/[\w:.-]+>", link.replace("\n ", ""))
    assert gift["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/mail/off/" in str(sent_mail.outbox[0].body)
    assert receipt["List-Unsubscribe"] is None
    assert "/mail/off/" not in str(sent_mail.outbox[1].body)


def test_a_thousand_one_click_tokens_work_and_no_forged_one_does() -> None:
    for number in range(1000):
        email = f"reader{number}@example.org"
        good = a_link(email)
        assert one_click(good) == 200
        place = len("/mail/off/") + number % (len(good) - len("/mail/off/") - 1)
        forged = good[:place] + ("x" if good[place] != "x" else "y") + good[place + 1 :]
        assert one_click(forged.replace(email, "victim")) == 404
    assert Suppression.objects.count() == 1000


def test_looking_turns_nothing_off(client: Client) -> None:
    path = a_link()
    for _scanner in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert not Suppression.objects.exists()


def test_what_is_turned_off_is_not_sent_even_where_it_waits_already() -> None:
    queue([a_mail(to="Amina@example.org", topic=Topic.GIFTS), a_mail(to="amina@example.org")])
    one_click(a_link())
    assert send_waiting() == 1
    assert [message.to for message in sent_mail.outbox] == [["amina@example.org"]]
    assert OutboxMail.objects.get(topic=Topic.GIFTS).status == OutboxMail.Status.OFF


def test_only_this_topic_and_this_address() -> None:
    one_click(a_link())
    queue([a_mail(to="amina@example.org", topic=Topic.THANKS), a_mail(to="other@example.org", topic=Topic.GIFTS)])
    assert send_waiting() == 2


def test_pressing_twice_is_once_and_it_can_be_turned_on_again(client: Client) -> None:
    path = a_link()
    assert [one_click(path), one_click(path)] == [200, 200]
    assert "No more such mails" in client.get(path).content.decode()
    assert client.post(path, {"again": "1"}).status_code == 200
    assert not Suppression.objects.exists()


# Named, since a token carries its time: every process of the tests must know the test by the same name.
@pytest.mark.parametrize(
    "token", ["x", "claim", token_of("claim_token", ["amina@example.org", "gifts"])], ids=["x", "word", "claims"]
)
def test_a_token_for_something_else_is_nothing(token: str) -> None:
    assert one_click(f"/mail/off/{token}") == 404


def test_it_is_turned_off_whatever_is_queued_later() -> None:
    turn_off(email="Amina@Example.org", topic=Topic.RACE, off=True)
    queue([a_mail(to="amina@example.org", topic=Topic.RACE)])
    assert send_waiting() == 0
