"""Turns a row of the outbox into a message: text and HTML, styles inlined."""

from datetime import datetime
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.mailbox import FROM_OUTBOX
from outreach.models import OutboxMail
from outreach.news.models import LETTER, NEWS_OFF
from outreach.news.queries import words_of
from outreach.tokens import token_of

# Styles are inlined from the template itself; nothing is ever fetched.
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def context_of(mail: OutboxMail) -> dict[str, Any]:
    """The template's values: the row's plain ones, with times as times and tokens signed, and the event."""
    values = dict(mail.context)
    for name, value in mail.context.items():
        if name.endswith("_at") and value:
            values[name] = datetime.fromisoformat(value)
        elif name.endswith("_token"):
            values[name] = token_of(name, value)
    if LETTER in mail.context:
        values |= words_of(mail.context[LETTER])
    site = {"event": mail.event, "site_url": settings.SITE_URL, "subject": mail.subject, "off_url": off_url(mail)}
    return values | site


def off_url(mail: OutboxMail) -> str:
    """Where the reader turns such mails off; empty where they cannot."""
    if NEWS_OFF in mail.context:
        # A letter is passed on and quoted: its link names a row, not the address.
        return settings.SITE_URL + reverse("news_off", args=[token_of(NEWS_OFF, mail.context[NEWS_OFF])])
    if not mail.topic:
        return ""
    return settings.SITE_URL + reverse("mail_off", args=[token_of("off", [mail.to.lower(), mail.topic])])


def text_of(mail: OutboxMail) -> str:
    context = context_of(mail)
    text = str(render_to_string(f"{mail.template}.txt", context))
    if context["off_url"]:
        text = text.rstrip() + "\n\n" + _("No more mails like this: %(url)s") % {"url": context["off_url"]} + "\n"
    return text


def html_of(mail: OutboxMail) -> str:
    return _inliner.inline(render_to_string(f"{mail.template}.html", context_of(mail)))


def message_of(mail: OutboxMail) -> EmailMultiAlternatives:
    # The same row always has the same id: a mail server that got it twice can tell.
    headers = {
        "Message-ID": f"<{mail.key.replace(':', '.')}@{settings.MAIL_DOMAIN}>",
        FROM_OUTBOX: str(mail.pk),
    }
    if off := off_url(mail):
        # RFC 8058: mail programs offer a button, and press it by a POST of their own.
        headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        mail.subject,
        text_of(mail),
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        headers=headers,
    )
    message.attach_alternative(html_of(mail), "text/html")
    return message
