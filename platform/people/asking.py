"""Somebody asks what we know about them: one mail with a link, whoever asks, known or not."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from common.tasks import nudge
from common.tries import within
from events.models import Event
from outreach import services as outreach
from outreach.models import OutboxMail
from outreach.tasks import send_outbox

PURPOSE = "data_token"
LINK_LIFE = timedelta(days=3)
# Of one network address; wide, since a stadium may stand behind it.
NETWORK = (RateLimitItemPerHour(20, namespace="people_network"),)
_MAILBOX = (RateLimitItemPerDay(3, namespace="people_mailbox"),)


def ask(*, event: Event, email: str) -> None:
    """Sends the link to a mailbox, at most three times a day. Who asks is told the same either way."""
    email = email.strip().lower()
    if not within(_MAILBOX, salted_hmac("people.asking", email, algorithm="sha256").hexdigest()):
        return
    mail = OutboxMail(
        key=f"data:{secrets.token_hex(8)}",
        to=email,
        event=event,
        subject=_("What we know about you"),
        template="email/data",
        context={PURPOSE: email, "days": LINK_LIFE.days},
    )
    with transaction.atomic():
        outreach.queue([mail])
    nudge(send_outbox)
