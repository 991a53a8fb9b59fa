"""Mails about places, written into the outbox in the transaction of what they report. None shows an amount paid:
the receipt is the room of gifts' own."""

from collections.abc import Sequence
from dataclasses import astuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from events.models import Event
from outreach import services as outreach
from outreach.models import OutboxMail
from registration.consequences import Consequences
from registration.models import Participant, Registration, WaitListEntry
from registration.queries import people_of


def queue_confirmed(registration: Registration) -> None:
    """Who registered is told who is in, once a registration."""
    people = [{"name": person.name, "option": person.option.name} for person in people_of(registration)]
    mail = OutboxMail(
        key=f"registered:{registration.pk}",
        to=registration.email,
        event=registration.event,
        subject=_("You are in: %(event)s") % {"event": registration.event.name},
        template="email/registration_confirmed",
        context={"name": registration.name, "people": people, "own_url": _address("registration", registration)},
    )
    outreach.queue([mail])


def queue_changed(person: Participant, heading: str, consequences: Consequences) -> None:
    """Who registered somebody is told what became of the place: in the words that were said before."""
    registration = person.registration
    mail = OutboxMail(
        key=f"changed:{person.pk}:{person.status}",
        to=registration.email,
        event=registration.event,
        subject=heading,
        template="email/registration_changed",
        context={
            "heading": heading,
            "sentences": list(astuple(consequences)),
            "own_url": _address("registration", registration),
        },
    )
    outreach.queue([mail])


def queue_promise(registration: Registration, event: Event) -> None:
    """Who deferred hears that the next edition is open, once a registration."""
    heading = _("Your free entry: %(event)s") % {"event": event.name}
    sentences = [
        _("You deferred an entry of the %(event)s, and we promised a free one. Now you can sign up.")
        % {"event": registration.event.name},
        _("Open your registration by the link below and press “Take the free entry”: the fee is off before you begin."),
    ]
    mail = OutboxMail(
        key=f"promise:{registration.pk}",
        to=registration.email,
        event=event,
        subject=heading,
        template="email/registration_changed",
        context={"heading": heading, "sentences": sentences, "own_url": _address("registration", registration)},
    )
    outreach.queue([mail])


def queue_handed_on(person: Participant, new: Registration) -> None:
    """The new person is asked to fill in and sign."""
    mail = OutboxMail(
        key=f"hand-on:{new.pk}",
        to=new.email,
        event=new.event,
        subject=_("%(name)s hands a place on to you") % {"name": person.name},
        template="email/registration_transfer",
        context={
            "name": new.name,
            "from_name": person.name,
            "option": person.option.name,
            "own_url": _address("register_cart", new),
        },
    )
    outreach.queue([mail])


def queue_waiting(entry: WaitListEntry, *, again: bool = False) -> None:
    mail = OutboxMail(
        key=f"waiting:{entry.pk}" + (f":{clock.now():%y%m%d%H}" if again else ""),
        to=entry.email,
        event=entry.option.event,
        subject=_("You are on the wait list: %(option)s") % {"option": entry.option.name},
        template="email/registration_waiting",
        context={"name": entry.name, "option": entry.option.name, "own_url": _address("waiting", entry)},
    )
    outreach.queue([mail])


def queue_offers(entries: Sequence[WaitListEntry]) -> None:
    """A place has come free for each of these; for some, not for the first time."""
    before = OutboxMail.objects.filter(key__in=[f"offer:{entry.pk}" for entry in entries])
    told = set(before.values_list("key", flat=True))
    outreach.queue(
        OutboxMail(
            key=f"offer:{entry.pk}" + (f":{entry.offered_at:%y%m%d%H%M%S}" if f"offer:{entry.pk}" in told else ""),
            to=entry.email,
            event=entry.option.event,
            subject=_("A place is free for you: %(option)s") % {"option": entry.option.name},
            template="email/registration_offer",
            context={
                "name": entry.name,
                "option": entry.option.name,
                "offer_ends_at": entry.offer_ends_at.isoformat() if entry.offer_ends_at else "",
                "own_url": _address("waiting", entry),
            },
        )
        for entry in entries
    )


def _address(name: str, row: Registration | WaitListEntry) -> str:
    return settings.SITE_URL + reverse(name, args=[row.token])
