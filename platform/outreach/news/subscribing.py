"""Joining the list, and leaving it: nobody is on it who has not pressed in a mail of ours."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from django.db import transaction

from common import clock
from events.models import Event
from outreach.models import OutboxMail, Suppression, Topic
from outreach.news.consent import NEWEST
from outreach.news.emails import confirmation
from outreach.news.models import Subscriber
from outreach.services import queue
from outreach.suppressions import is_suppressed, lift, pseudonym, suppress

Reason = Suppression.Reason
LINK_LIFE = timedelta(days=7)
# Whoever knows an address can have mails sent to it: so many in so long, and one to who wants none.
MOST_ASKS, ASKS_SPAN = 3, timedelta(days=30)


class Outdated(Exception):
    """The link was right, and the address has left the list after it was sent."""


def rough(network: str) -> str:
    """The provider and the region of an address, no household: /24 of IPv4, /48 of IPv6. A hash would not hide it:
    there are few enough addresses to try them all.
    """
    wide = ip_network(network, strict=False)
    return str(wide.supernet(new_prefix=24 if wide.version == 4 else 48))


@transaction.atomic
def sign_up(*, email: str, network: str, event: Event) -> None:
    """Somebody asks for news at this address: it gets a mail with a link to confirm.

    Nothing is said to who asks, and nothing sent to who is on the list already.
    """
    email, now = email.strip().lower(), clock.now()
    person, _made = Subscriber.objects.select_for_update().get_or_create(
        email=email, defaults={"words": NEWEST, "asked_at": now}
    )
    off = is_suppressed(email, Topic.NEWS)
    if person.confirmed_at and not off:
        return
    if now - person.asked_at > ASKS_SPAN:
        person.asks = 0
    if person.asks >= (1 if off else MOST_ASKS):
        return
    person.asks += 1
    person.source, person.proof, person.words = Subscriber.Source.FORM, "", NEWEST
    person.asked_at, person.asked_from = now, rough(network)
    person.save()
    before = OutboxMail.objects.filter(key__startswith=f"news-confirm:{person.pk}:").count()
    queue([confirmation(person, event, before + 1)])


@transaction.atomic
def confirm(*, number: int, asked: float, network: str) -> Subscriber:
    """The press in the mail: this address is on the list, also one that had left before it asked again.

    Again it changes nothing. Raises Subscriber.DoesNotExist for who was forgotten, and Outdated.
    """
    person = Subscriber.objects.select_for_update().get(pk=number)
    since = datetime.fromtimestamp(asked, UTC)
    known_as = [person.email, pseudonym(person.email)]
    off = Suppression.objects.filter(email__in=known_as, topic=Topic.NEWS)
    if off.filter(created_at__gte=since).exists():
        raise Outdated
    if person.confirmed_at and not off.exists():
        return person
    lift(person.email, Topic.NEWS)
    person.confirmed_at, person.confirmed_from, person.asks = clock.now(), rough(network), 0
    person.save(update_fields=["confirmed_at", "confirmed_from", "asks"])
    return person


@transaction.atomic
def leave(*, person: Subscriber, again: bool = False) -> None:
    """The press on a link in a letter: no more news; or news again, for who had confirmed."""
    if not again:
        suppress(person.email, Topic.NEWS)
    elif person.confirmed_at:
        lift(person.email, Topic.NEWS)


# --- From the desk ------------------------------------------------------------------------------------------


@transaction.atomic
def take_off(*, emails: list[str], reason: Reason) -> int:
    """Addresses that shall get no more news, on the list or not. Returns how many are newly off."""
    new = [email for email in dict.fromkeys(emails) if not is_suppressed(email, Topic.NEWS)]
    for email in emails:
        suppress(email, Topic.NEWS, reason)
    return len(new)


@transaction.atomic
def put_back(*, person: Subscriber) -> bool:
    """Undoes what the desk or a mail server did. False where the reader said so themselves: only they come back."""
    rows = Suppression.objects.filter(email=person.email, topic=Topic.NEWS, reason__in=[Reason.DESK, Reason.BOUNCED])
    return bool(rows.delete()[0])
