"""The mails of the list: to be confirmed, and the letters."""

from django.utils.translation import gettext as _

from events.models import Event
from outreach.models import OutboxMail, Topic
from outreach.news.models import LETTER, NEWS_CONFIRM, NEWS_OFF, Letter, Subscriber


def confirmation(person: Subscriber, event: Event, ordinal: int) -> OutboxMail:
    """Asks, for the n-th time, whether it is really them. To who comes from a file it is news, and stops with it."""
    from_file = person.source == Subscriber.Source.FILE
    return OutboxMail(
        key=f"news-confirm:{person.pk}:{ordinal}",
        to=person.email,
        event=event,
        subject=_("One press, and you get our news"),
        template="email/news_confirm",
        topic=Topic.NEWS if from_file else "",
        context={
            NEWS_CONFIRM: [person.pk, person.asked_at.timestamp()],
            NEWS_OFF: person.pk,
            "proof": person.proof,
            "words": person.words,
        },
    )


def letter_to(person: Subscriber, letter: Letter, key: str) -> OutboxMail:
    return OutboxMail(
        key=key,
        to=person.email,
        event=letter.event,
        subject=letter.subject,
        template="email/news_letter",
        topic=Topic.NEWS,
        context={
            LETTER: letter.pk,
            NEWS_OFF: person.pk,
            "confirmed_at": person.confirmed_at.isoformat() if person.confirmed_at else None,
        },
    )


def sample(letter: Letter, to: str, key: str) -> OutboxMail:
    """The letter as its readers get it, made by the same code. Its links turn nobody off, and nothing holds it back."""
    mail = letter_to(Subscriber(email=to, confirmed_at=letter.created_at), letter, key)
    mail.topic, mail.context[NEWS_OFF] = "", 0
    return mail
