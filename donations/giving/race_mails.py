"""Mails about a race that was cancelled or postponed: who gets one, and what it says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common.money import dollars
from donations.giving.dues import Due
from donations.giving.models import EventDecision
from events.models import Event
from outreach.models import OutboxMail
from registration.models import Participant, Registration, WaitListEntry

Dues = Mapping[int, Due]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a mail: `name` tells the mails of one decision apart, `link` is a private address of their own."""

    name: str
    email: str
    people: tuple[Participant, ...] = ()
    money: str = ""
    link: str = ""
    waits: bool = False


def prefix(decision: EventDecision) -> str:
    """How the keys of a decision's mails begin."""
    return f"race:{decision.pk}:"


def readers_of(
    registration: Registration,
    people: Sequence[Participant],
    dues: Dues,
    refund: bool,
    held: Collection[str] = (),
) -> list[Reader]:
    """Who hears of it for one registration: who registered, people with an address of their own, and who paid for a
    place that was handed on and gets the fee back.

    `held` are references of fees that could not be asked back: a person looks after them, and no mail promises them.
    """
    money = _money(registration, dues, refund, held)
    readers = [Reader(str(registration.pk), registration.email, tuple(people), money, _link(registration))]
    known = {registration.email.lower()}
    for person in people:
        if person.email and person.email.lower() not in known:
            known.add(person.email.lower())
            readers.append(Reader(f"{registration.pk}.{person.pk}", person.email, (person,)))
    for person in people:
        due = dues.get(person.pk)
        if due and due.cents and refund and due.payer != registration:
            said = _held(due.cents) if due.item.reference in held else _back(due)
            readers.append(Reader(f"fee.{due.item.pk}", due.item.payment.email, (), said, _link(due.payer)))
    return readers


def _back(due: Due) -> str:
    said = _("The entry fee of %(sum)s for the place that you handed on goes back to you, the way you paid it.")
    return said % {"sum": dollars(due.cents)}


def _held(cents: int) -> str:
    said = _("%(sum)s of entry fees could not be sent back by itself: one of us looks at it and writes to you.")
    return said % {"sum": dollars(cents)}


def _money(registration: Registration, dues: Dues, refund: bool, held: Collection[str]) -> str:
    """What becomes of the fees of a registration whose race is cancelled."""
    fees = [due for due in dues.values() if due.payer == registration]
    waiting = sum(due.cents for due in fees if due.item.reference in held)
    own = sum(due.cents for due in fees) - waiting
    if waiting and not own:
        return _held(waiting)
    if own and refund:
        said = _("%(sum)s of entry fees goes back the way it was paid. That takes the bank 5 to 10 days.")
    elif own:
        said = _("The entry fees of %(sum)s are not refunded: they are a gift to the organizations, to the cent.")
    elif refund and any(due.cents for due in dues.values()):
        said = _("The entry fee goes back to whoever paid it before the place was handed on to you.")
    else:
        said = _("There is no entry fee left that could go back.")
    sentences = [said % {"sum": dollars(own)}, *([_held(waiting)] if waiting else [])]
    return " ".join(sentences)


def _link(registration: Registration) -> str:
    return settings.SITE_URL + reverse("registration", args=[registration.token])


def mail_to(decision: EventDecision, reader: Reader) -> OutboxMail:
    """The mail to one reader, to be queued with the change that it reports."""
    cancelled = decision.kind == Event.State.CANCELLED
    heading = _("The race is cancelled") if cancelled else _("The race has a new date")
    return OutboxMail(
        key=f"{prefix(decision)}{reader.name}",
        to=reader.email,
        event=decision.event,
        subject=f"{heading}: {decision.event.name}",
        template="email/race_decision",
        context={
            "heading": heading,
            "text": decision.text,
            "cancelled": cancelled,
            "people": [{"name": person.name, "option": person.option.name} for person in reader.people],
            "money": reader.money if cancelled else "",
            "waits": reader.waits,
            "starts_at": decision.new_start.isoformat() if decision.new_start else "",
            "refunds_until_at": decision.refunds_until.isoformat() if decision.refunds_until else "",
            "own_url": reader.link,
        },
    )


def reader_who_waits(entry: WaitListEntry) -> Reader:
    """Somebody on the wait list."""
    link = settings.SITE_URL + reverse("waiting", args=[entry.token])
    return Reader(f"wait.{entry.pk}", entry.email, link=link, waits=True)
