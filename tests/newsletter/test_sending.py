"""A letter reaches everybody who confirmed, once, whatever breaks off on the way."""

import random
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail as sent_mail
from django.core.mail import EmailMessage
from django.utils import timezone

from common import clock
from events.models import Event
from outreach.emails import html_of, text_of
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news import letters
from outreach.news.emails import sample
from outreach.news.letters import Changed
from outreach.news.models import Letter, Subscriber
from outreach.news.queries import progress_of
from outreach.services import queue, send_waiting, turn_off
from tests.newsletter.readers import (
    a_letter,
    a_subscriber,
    answering,
    is_off,
    many_subscribers,
    send_all,
    sent_off,
)
from tests.outreach.test_outbox import a_mail, wake

pytestmark = pytest.mark.django_db
Status = OutboxMail.Status


def reached() -> list[str]:
    return [message.to[0] for message in sent_mail.outbox]


def test_it_goes_to_who_confirmed_and_to_nobody_else(event: Event) -> None:
    a_subscriber("rosa@example.org")
    a_subscriber("waits@example.org", confirmed_at=None)
    a_subscriber("left@example.org")
    turn_off(email="left@example.org", topic=Topic.NEWS, off=True)
    letter = sent_off(event)
    a_subscriber("later@example.org", confirmed_at=clock.now() + timedelta(seconds=1))
    send_all()
    assert reached() == ["rosa@example.org"]
    letter.refresh_from_db()
    assert (letter.state, letter.planned) == (Letter.State.SENT, 1)


def test_nothing_leaves_within_the_first_minutes(event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    letters.send_off(letter=letter, gets=1, edition=1)
    assert letters.send_on() == 0
    letters.take_back(letter=letter)
    letter.refresh_from_db()
    assert (letter.state, letter.pressed_at) == (Letter.State.DRAFT, None)
    assert not OutboxMail.objects.exists()


def test_what_has_begun_is_paused_and_goes_on_without_a_second_mail(event: Event) -> None:
    many_subscribers(5)
    letter = sent_off(event)
    with patch.object(letters, "BATCH", 2):
        letters.send_on()
        letters._write_mails(letter.pk)
        letters.pause(letter=letter)
        assert send_waiting(news=True) == 0
        assert letters.send_on() == 0
        with pytest.raises(Changed):
            letters.take_back(letter=letter)
        letters.go_on(letter=letter)
        send_all()
    assert len(reached()) == len(set(reached())) == 5


def test_a_press_with_an_old_count_or_old_words_sends_nothing(event: Event) -> None:
    a_subscriber("rosa@example.org")
    letter = a_letter(event)
    letters.rewrite(letter=letter, subject="New", text="New", edition=1)
    for gets, edition in ((2, 2), (0, 2), (1, 1)):
        with pytest.raises(Changed):
            letters.send_off(letter=letter, gets=gets, edition=edition)
    letters.send_off(letter=letter, gets=1, edition=2)
    with pytest.raises(Changed):
        letters.send_off(letter=letter, gets=1, edition=2)
    with pytest.raises(Changed):
        letters.rewrite(letter=letter, subject="After", text="After", edition=2)


def test_a_receipt_does_not_wait_behind_a_letter(event: Event) -> None:
    many_subscribers(60)
    letters._write_mails(sent_off(event).pk)
    queue([a_mail(to="donor@example.org")])
    assert send_waiting() == 1
    assert reached() == ["donor@example.org"]


def test_while_the_mail_server_says_later_no_more_mails_are_written(event: Event) -> None:
    many_subscribers(9)
    sent_off(event)
    with patch.object(letters, "BATCH", 4), answering(SMTPDataError(421, b"4.7.0 try later")):
        for _turn in range(4):
            letters.send_on()
            wake()
        assert OutboxMail.objects.count() == 4
    wake()
    send_all()
    assert len(reached()) == len(set(reached())) == 9


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")}), True),
        (SMTPRecipientsRefused({"a": (550, b"no such user")}), True),
        (SMTPRecipientsRefused({"a": (553, b"5.1.3 bad address")}), True),
        (SMTPRecipientsRefused({"a": (550, b"5.2.1 disabled")}), True),
        (SMTPDataError(550, b"5.1.1 no such user"), True),
        (SMTPDataError(550, b"looks like spam"), False),
        (SMTPRecipientsRefused({"a": (550, b"5.7.1 you are blocked")}), False),
        (SMTPRecipientsRefused({"a": (451, b"4.1.1 later")}), False),
        (SMTPRecipientsRefused({"a": (552, b"5.2.2 mailbox full")}), False),
        (ConnectionRefusedError(), False),
    ],
)
def test_an_address_that_does_not_exist_is_written_to_no_more(event: Event, error: Exception, gone: bool) -> None:
    a_subscriber("a@example.org")
    sent_off(event)
    with answering(error):
        letters.send_on()
    assert is_off("a@example.org") == gone
    assert OutboxMail.objects.get().status == (Status.FAILED if gone else Status.WAITING)
    if gone:
        assert Suppression.objects.get().reason == Suppression.Reason.BOUNCED


def test_a_refused_receipt_takes_nobody_off(event: Event) -> None:
    queue([a_mail(to="a@example.org")])
    with answering(SMTPRecipientsRefused({"a": (550, b"5.1.1 no such user")})):
        send_waiting()
    assert not is_off("a@example.org")


def test_the_numbers_say_what_became_of_it(event: Event) -> None:
    for name in ("sent", "gone", "left", "unsure"):
        a_subscriber(f"{name}@example.org")
    letter = sent_off(event)
    letters._write_mails(letter.pk)
    turn_off(email="left@example.org", topic=Topic.NEWS, off=True)
    with answering(SMTPRecipientsRefused({"a": (550, b"5.1.1 none")}), "gone@example.org"):
        letters.send_on()
    OutboxMail.objects.filter(to="unsure@example.org").update(status=Status.SENDING)
    letter.refresh_from_db()
    found = progress_of(letter)
    assert (found.sent, found.refused, found.off, found.unsure, found.gone_since) == (1, 1, 1, 1, 1)
    assert (found.to_go, found.done) == (0, 4)


def test_trouble_of_every_kind_and_workers_that_die_double_nothing(event: Event) -> None:
    """Ten seeds: a server that says later, no, nothing; a worker killed in any turn; pauses."""
    for seed in range(10):
        chance = random.Random(seed)
        Subscriber.objects.all().delete()
        OutboxMail.objects.all().delete()
        sent_mail.outbox.clear()
        many_subscribers(40)
        letter = a_letter(event) if not Letter.objects.exists() else Letter.objects.get()
        Letter.objects.update(state=Letter.State.SENDING, pressed_at=clock.now() - letters.GRACE, planned=40)
        with patch.object(letters, "BATCH", 7):
            live_through(chance, letter)
        silent = set(OutboxMail.objects.filter(status=Status.SENDING).values_list("to", flat=True))
        assert len(reached()) == len(set(reached())), f"seed {seed}: twice"
        assert set(reached()) | silent == {f"reader{n}@example.org" for n in range(40)}, f"seed {seed}: lost"


def live_through(chance: random.Random, letter: Letter) -> None:
    troubles = [
        SMTPDataError(421, b"later"),
        SMTPServerDisconnected("gone"),
        ConnectionRefusedError(),
        None,
        None,
        None,
    ]

    def send(message: EmailMessage) -> int:
        trouble = chance.choice(troubles)
        if trouble:
            raise trouble
        sent_mail.outbox.append(message)
        return 1

    with patch("django.core.mail.EmailMultiAlternatives.send", autospec=True, side_effect=send):
        for _turn in range(80):
            OutboxMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1), attempts=0)
            if chance.random() < 0.2:
                letters._write_mails(letter.pk)  # and its worker dies before a mail is sent
            if chance.random() < 0.1 and Letter.objects.get().state == Letter.State.SENDING:
                letters.pause(letter=letter)
                letters.go_on(letter=letter)
            letters.send_on()


def test_the_mail_says_why_and_from_whom_with_links_in_full(event: Event) -> None:
    letter = a_letter(event, text="See [the money](/money), [us][1] and ![x](http://x.example/p.png).\n\n[1]: /teams\n")
    mail = sample(letter, "a@example.org", "preview")
    for part in (html_of(mail), text_of(mail)):
        assert "http://localhost:8000/money" in part
        assert "http://localhost:8000/teams" in part
        assert event.postal_address in part
        assert "You get this because you asked for news" in part
    html = html_of(mail)
    assert len(html.encode()) < 60_000
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("/news/off/") == 1
    assert "Unsubscribe with one press" in html


def test_a_letter_of_a_draft_is_not_sent(event: Event) -> None:
    a_subscriber("rosa@example.org")
    a_letter(event)
    send_all()
    assert reached() == []
