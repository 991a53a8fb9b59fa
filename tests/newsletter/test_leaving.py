"""Leaving takes one press, logged out, without a cookie; looking never does it; and whoever left stays away."""

import re

import pytest
from django.core import mail as sent_mail
from django.test import Client

from events.models import Event
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news.emails import letter_to
from outreach.news.models import NEWS_OFF, Subscriber
from outreach.news.subscribing import sign_up
from outreach.services import queue, send_waiting
from outreach.tokens import token_of
from people.services import forget
from tests.newsletter.readers import (
    a_letter,
    a_subscriber,
    is_off,
    many_subscribers,
    off_link,
    one_click,
    send_all,
    sent_off,
)

pytestmark = pytest.mark.django_db


def test_every_letter_carries_both_headers_and_a_link(event: Event) -> None:
    a_subscriber("rosa@example.org")
    sent_off(event)
    send_all()
    [message] = sent_mail.outbox
    header = str(message.message()["List-Unsubscribe"]).replace("\n ", "")
    assert re.fullmatch(r"<http://localhost:8000/news/off/[\w:.-]+>", header)
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/news/off/" in str(message.body)
    assert "/news/off/" in str(message.message()).partition("text/html")[2]
    assert "rosa" not in header


def test_a_thousand_presses_take_a_thousand_off_and_forged_ones_nobody(event: Event) -> None:
    many_subscribers(1000)
    for person in Subscriber.objects.all():
        link = f"/news/off/{token_of(NEWS_OFF, person.pk)}"
        place = len("/news/off/") + person.pk % (len(link) - len("/news/off/") - 1)
        forged = link[:place] + ("x" if link[place] != "x" else "y") + link[place + 1 :]
        assert one_click(forged) == 404
        assert not is_off(person.email)
        assert one_click(link) == 200
        assert is_off(person.email)
    assert Suppression.objects.count() == 1000


def test_a_token_of_another_purpose_is_nothing(event: Event) -> None:
    person = a_subscriber("rosa@example.org")
    for purpose, carried in (("off", person.pk), ("news_confirm_token", person.pk), (NEWS_OFF, [person.pk])):
        assert one_click(f"/news/off/{token_of(purpose, carried)}") == 404
    assert not is_off(person.email)


def test_looking_takes_nobody_off(client: Client, event: Event) -> None:
    person = a_subscriber("rosa@example.org")
    link = f"/news/off/{token_of(NEWS_OFF, person.pk)}"
    for _scanner in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert "rosa" not in client.get(link).content.decode()
    assert not is_off(person.email)


def test_a_mistake_is_undone_by_the_same_link(client: Client, event: Event) -> None:
    person = a_subscriber("rosa@example.org")
    link = f"/news/off/{token_of(NEWS_OFF, person.pk)}"
    assert "No more news" in client.post(link).content.decode()
    client.post(link, {"again": "1"})
    assert not is_off(person.email)


def test_who_never_confirmed_cannot_be_put_on_by_a_link_that_ends_it(client: Client, event: Event) -> None:
    sign_up(email="rosa@example.org", network="10.0.0.1", event=event)
    link = off_link("rosa@example.org")
    client.post(link)
    client.post(link, {"again": "1"})
    assert is_off("rosa@example.org")


def test_a_letter_that_waits_is_not_sent_to_who_left(event: Event) -> None:
    person = a_subscriber("rosa@example.org")
    queue([letter_to(person, a_letter(event), "newsletter:1:1")])
    one_click(f"/news/off/{token_of(NEWS_OFF, person.pk)}")
    assert send_waiting(news=True) == 0
    assert OutboxMail.objects.get().status == OutboxMail.Status.OFF


def test_who_was_forgotten_leaves_no_address_and_stays_away(event: Event) -> None:
    person = a_subscriber("rosa@example.org")
    link = f"/news/off/{token_of(NEWS_OFF, person.pk)}"
    forget(email="rosa@example.org")
    assert not Subscriber.objects.exists()
    row = Suppression.objects.get()
    assert "rosa" not in row.email
    queue([letter_to(person, a_letter(event), "newsletter:1:1")])
    assert send_waiting(news=True) == 0
    assert one_click(link) == 200, "a mail program still gets its answer"


def test_who_was_forgotten_may_come_back_themselves(client: Client, event: Event) -> None:
    a_subscriber("rosa@example.org")
    forget(email="rosa@example.org")
    sign_up(email="rosa@example.org", network="10.0.0.1", event=event)
    send_waiting()
    [link] = re.findall(r"/news/confirm/[\w:.-]+", str(sent_mail.outbox[0].body))
    client.post(link)
    assert not Suppression.objects.filter(topic=Topic.NEWS).exists()
