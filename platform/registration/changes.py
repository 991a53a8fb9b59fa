"""What becomes of a place after it was confirmed: cancelled, handed on, deferred. Each is logged and told by mail."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from registration import emails
from registration.carts import forget, locked
from registration.consequences import Consequences, of_cancelling, of_deferring, of_handing_on, refund_cents
from registration.models import Participant, ParticipantChange, Registration
from registration.queries import can_move
from registration.waitlist import locked_options, offer_places

Status = Participant.Status
What = ParticipantChange.What


class CannotChange(Exception):
    """It cannot be done (any more); the message is a sentence for the person. Nothing was changed."""


@transaction.atomic
def cancel(
    *, participant: Participant, by: User | None = None, cents: int | None = None, tell: bool = True
) -> Participant:
    """Takes somebody out of the race. `by` is who did it at the desk; nobody: whoever has the private link.

    Gives the place back, offers it to who waits, logs it, tells who registered, unless somebody else does (`tell`).
    It does not move money: what of the fee is to go back, in cents, is frozen in `refund_due_cents` of the
    participant that is returned, for the room that refunds; `cents` where it knows better than the rule of the dates.
    Again: a no-op, with the same answer. Raises CannotChange.
    """
    person = _locked(participant)
    if person.status == Status.CANCELLED:
        return person
    _refuse_gone(person)
    if by is None and clock.now() > person.registration.event.starts_at:
        raise CannotChange(_("The race has begun, so nothing was cancelled."))
    person.refund_due_cents = refund_cents(person) if cents is None else cents
    said = of_cancelling(person, person.refund_due_cents)
    _leave(person, Status.CANCELLED, What.CANCELLED, by)
    if tell:
        emails.queue_changed(person, _("Cancelled: %(name)s") % {"name": person.name}, said)
    return person


@transaction.atomic
def defer(*, participant: Participant, by: User | None = None) -> Participant:
    """Gives the place back for the promise of a free entry in the next edition. Raises CannotChange. Again: a no-op."""
    person = _locked(participant)
    if person.status == Status.DEFERRED:
        return person
    _refuse_gone(person)
    _refuse_late(person)
    said, heading = of_deferring(person), _("Deferred to the next edition: %(name)s") % {"name": person.name}
    _leave(person, Status.DEFERRED, What.DEFERRED, by)
    emails.queue_changed(person, heading, said)
    return person


@transaction.atomic
def hand_on(*, participant: Participant, name: str, email: str, by: User | None = None) -> Registration:
    """Offers a place to another person, who fills in and signs at the link in a mail; until then nothing changes.

    Returns the new person's registration. Raises CannotChange.
    """
    person = _locked(participant)
    _refuse_gone(person)
    _refuse_late(person)
    if Registration.objects.filter(takes_over=person).exists():
        raise CannotChange(_("This place is offered to somebody already. Take that back first. Nothing was changed."))
    new = Registration.objects.create(event=person.registration.event, name=name, email=email, takes_over=person)
    log(person, What.OFFERED_ON, str(person.pk), f"registration {new.pk}", by)
    emails.queue_handed_on(person, new)
    return new


@transaction.atomic
def keep(*, participant: Participant, by: User | None = None) -> None:
    """Takes back the offer of a place to somebody else; their link leads nowhere then. Raises CannotChange."""
    person = _locked(participant)
    _refuse_gone(person)
    if _withdraw(person):
        log(person, What.KEPT, str(person.pk), str(person.pk), by)


def take_over(new: Registration) -> None:
    """The place goes to the new person, inside `confirm`, which has locked both registrations."""
    person = Participant.objects.select_related("registration__event", "option").get(handed_to=new)
    if person.status != Status.ACTIVE:
        return
    said = of_handing_on(person)
    place = _("%(new)s has signed and takes part instead of %(old)s.") % {"new": new.name, "old": person.name}
    heading = _("Handed on: the place of %(name)s") % {"name": person.name}
    person.status = Status.TRANSFERRED
    person.save(update_fields=["status"])
    log(person, What.TRANSFERRED, str(person.pk), f"registration {new.pk}", None)
    emails.queue_changed(person, heading, Consequences(place, said.page, said.money))


def log(person: Participant, what: What, was: str, became: str, by: User | None) -> None:
    """One more row of what became of somebody's place, in the transaction of the change itself."""
    ParticipantChange.objects.create(participant=person, what=what, was=was, became=became, by=by)


def _locked(participant: Participant) -> Participant:
    """The participant as it is now, its registration locked; of a person who takes part it is confirmed."""
    locked(participant.registration_id)
    return Participant.objects.select_related("registration__event", "option").get(pk=participant.pk)


def _refuse_gone(person: Participant) -> None:
    if person.status != Status.ACTIVE or person.registration.status != Registration.Status.CONFIRMED:
        raise CannotChange(_("%(name)s has no place here any more. Nothing was changed.") % {"name": person.name})


def _refuse_late(person: Participant) -> None:
    if not can_move(person.registration.event):
        raise CannotChange(_("It is too late to hand the place on or to defer it. Nothing was changed."))


def _withdraw(person: Participant) -> bool:
    """Forgets the offer of a place to somebody else, if there is one."""
    new = Registration.objects.filter(takes_over=person).first()
    if new is None:
        return False
    if locked(new.pk).status == Registration.Status.HELD:
        raise CannotChange(_("The new person is finishing just now. Nothing was changed: look again in a while."))
    forget(registration_id=new.pk)
    return True


def _leave(person: Participant, status: Status, what: What, by: User | None) -> None:
    """Out of the race, in the lock order: registrations first, then the option whose place comes free."""
    _withdraw(person)
    [option] = locked_options({person.option_id})
    was, person.status = person.status, status
    person.save(update_fields=["status", "refund_due_cents"])
    log(person, what, was, status, by)
    offer_places(option)
