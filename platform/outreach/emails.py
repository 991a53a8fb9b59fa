"""Turns a row of the outbox into a message: text and HTML, styles inlined."""

from datetime import datetime
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from outreach.mailbox import FROM_OUTBOX
from outreach.models import OutboxMail

# Styles are inlined from the template itself; nothing is ever fetched.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def context_of(mail: OutboxMail) -> dict[str, Any]:
    """The template's values: the row's plain ones, with times as times, and the event."""
    times = {
        name: datetime.fromisoformat(value) for name, value in mail.context.items() if name.endswith("_at") and value
    }
    return {**mail.context, **times, "event": mail.event, "site_url": settings.SITE_URL, "subject": mail.subject}


def text_of(mail: OutboxMail) -> str:
    return render_to_string(f"{mail.template}.txt", context_of(mail))


def html_of(mail: OutboxMail) -> str:
    return _inliner.inline(render_to_string(f"{mail.template}.html", context_of(mail)))


def message_of(mail: OutboxMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        text_of(mail),
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        # The same row always has the same id: a mail server that got it twice can tell.
        headers={
            "Message-ID": f"<{mail.key.replace(':', '.')}@{settings.MAIL_DOMAIN}>",
            FROM_OUTBOX: str(mail.pk),
        },
    )
    message.attach_alternative(html_of(mail), "text/html")
    return message
