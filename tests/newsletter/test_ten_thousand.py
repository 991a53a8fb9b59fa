"""A letter to very many through a bad mail server and workers that are killed: nobody gets it twice, nobody is lost."""

import os
import random
import resource
import time
from collections import Counter
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from events.models import Event
from outreach.models import OutboxMail
from outreach.news import letters
from outreach.news.models import Letter, Subscriber
from outreach.news.queries import left_of, progress_of
from tests.newsletter.readers import is_off, many_subscribers, sent_off

pytestmark = [pytest.mark.django_db, pytest.mark.trust]
# `make trust` asks for 10,000.
MAILS = int(os.environ.get("TRUST_MAILS", "400"))
Status = OutboxMail.Status


class Killed(BaseException):
    """The process is gone: no handler of ours runs."""


class MailServer:
    """Delivers most, says later, says never, hangs up in the middle, and sees workers die, before and after."""

    def __init__(self, seed: int) -> None:
        self.chance, self.delivered, self.kills = random.Random(seed), Counter[str](), 0

    def send(self, message: EmailMessage) -> int:
        draw, to = self.chance.random(), message.to[0]
        if draw < 0.02:
            raise SMTPDataError(421, b"4.7.0 later")
        if draw < 0.03:
            raise SMTPRecipientsRefused({to: (550, b"5.1.1 no such user")})
        if draw < 0.035:
            raise SMTPServerDisconnected("gone")
        if draw < 0.04:
            self.kills += 1
            self.delivered[to] += self.chance.random() < 0.5
            raise Killed
        self.delivered[to] += 1
        return 1


def live_on(server: MailServer) -> int:
    """Turns until nothing is left to do; returns how many it took."""
    with patch("django.core.mail.EmailMultiAlternatives.send", autospec=True, side_effect=server.send):
        for turn in range(MAILS):
            OutboxMail.objects.filter(status=Status.WAITING).update(next_try_at=timezone.now() - timedelta(seconds=1))
            try:
                sent = letters.send_on()
            except Killed:
                continue
            if not sent and not OutboxMail.objects.filter(status=Status.WAITING).exists():
                return turn
    raise AssertionError("it does not end")


def test_a_letter_to_very_many(event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    many_subscribers(MAILS)
    letter, server = sent_off(event), MailServer(seed=1)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    turns = live_on(server)
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    letter.refresh_from_db()
    found = progress_of(letter)
    assert letter.state == Letter.State.SENT
    assert not left_of(letter).exists()
    assert max(server.delivered.values()) == 1, "twice"
    assert found.sent + found.refused + found.unsure == MAILS
    assert OutboxMail.objects.count() == MAILS
    for person in Subscriber.objects.filter(email__in=OutboxMail.objects.filter(status=Status.FAILED).values("to")):
        assert is_off(person.email)
    lost = set(Subscriber.objects.values_list("email", flat=True)) - set(server.delivered)
    unsettled = OutboxMail.objects.filter(status__in=[Status.FAILED, Status.SENDING]).values_list("to", flat=True)
    assert lost <= set(unsettled), "lost without a trace"
    with capsys.disabled():
        print(
            f"\n{MAILS} mails, {turns} turns, {server.kills} workers killed, {found.refused} refused for good,"
            f" {found.unsure} unsure: 0 twice, 0 lost; {MAILS / seconds:.0f} a second, {grown:.0f} MiB more"
        )
