"""The demo's mail server: nothing leaves the machine; every mail can be read on the local outbox page."""

import sys
from collections.abc import Sequence
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from outreach.models import OutboxMail

# Mails that come from the outbox have their row there already.
FROM_OUTBOX = "X-Outbox-Row"


class DemoBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            sys.stderr.write(f"mail to {', '.join(message.to)}: {message.subject}\n")
            if FROM_OUTBOX not in message.extra_headers:
                OutboxMail.objects.create(
                    key=f"mail:{uuid4()}",
                    to=message.to[0],
                    subject=str(message.subject),
                    template="email/plain",
                    context={"body": message.body},
                    status=OutboxMail.Status.SENT,
                )
        return len(email_messages)
