"""Offers to help, and places in shifts: nobody overfills one.

Locks are taken in one order: the event (by `public_edit`), the shift, volunteers by their numbers.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from events.models import Event
from events.services import public_edit
from outreach.models import OutboxMail
from outreach.services import queue
from outreach.volunteers import emails
from outreach.volunteers.models import Line, Placement, Shift, Volunteer
from outreach.volunteers.queries import overlapping, places_of

State, Kind = Volunteer.State, Line.Kind


class CannotTake(Exception):
    """The place cannot be had; the message is a sentence for the person. Nothing was changed."""


class Overlaps(CannotTake):
    """They are on another shift at that time, and have not said that they know."""


@transaction.atomic
def offer(*, event: Event, name: str, email: str, wish: str, shift: Shift | None) -> Volunteer:
    """Keeps an offer to help and mails the private link to its address, which alone opens it.

    Who offers again keeps name and places, since whoever types an address need not be its owner. Returns the row.
    """
    known, made = Volunteer.objects.get_or_create(event=event, email=email.lower(), defaults={"name": name})
    person = locked(known.pk)
    was = person.state
    if person.state in (State.WITHDRAWN, State.THANKED):
        person.state = State.NEW
    person.wish, person.wished_shift = wish or person.wish, shift or person.wished_shift
    person.save(update_fields=["wish", "wished_shift", "state"])
    add_line(person, Kind.OFFER, was=was, text=wish, shift=shift)
    queue([emails.received(person, again=not made)])
    return person


@transaction.atomic
def take(*, volunteer: Volunteer, shift: Shift, knows_overlap: bool = False, by: User | None = None) -> Placement:
    """Puts somebody on a shift, counted under its lock, and mails them so. On it already: their place, no second one.

    `by` is who did it at the desk; None is who has the private link. Raises CannotTake, and Overlaps for hours that
    they are on another shift, unless they know.
    """
    public_edit(shift.event_id)
    shift, person = locked_shift(shift.pk), locked(volunteer.pk)
    if place := person.placements.filter(shift=shift, ended_at=None).first():
        return place
    if trouble := why_not(shift, person, at_desk=by is not None):
        raise CannotTake(trouble)
    others = overlapping(person, shift)
    if others and not knows_overlap:
        words = {"shift": shift.name, "others": ", ".join(other.name for other in others)}
        raise Overlaps(_("%(shift)s is at the same time as %(others)s. Nothing was done.") % words)
    if shift.placements.filter(ended_at=None).count() >= shift.places:
        raise CannotTake(
            _("%(shift)s is full: somebody was faster. Nothing was done. Choose another shift.") % {"shift": shift.name}
        )
    place = Placement.objects.create(volunteer=person, shift=shift)
    _become(person, State.PLACED, Kind.PLACED, shift=shift, by=by)
    queue([emails.placed(place)])
    return place


def why_not(shift: Shift, person: Volunteer, *, at_desk: bool) -> str:
    """Why nobody can go onto a shift now, as a sentence; empty while it is open. The desk may until it ends."""
    words = {"shift": shift.name}
    if shift.cancelled_at:
        return _("%(shift)s is cancelled. Nothing was done.") % words
    if (shift.ends_at if at_desk else shift.starts_at) <= clock.now():
        return _("%(shift)s is over, or has begun. Nothing was done.") % words
    if not at_desk and shift.event.state != Event.State.SCHEDULED:
        return _("The race does not stand as planned, so no shift can be taken now. Nothing was done.")
    if not at_desk and person.state == State.WITHDRAWN:
        return _("You have withdrawn. Offer your help anew, and you can take a shift again. Nothing was done.")
    return ""


@transaction.atomic
def leave(*, volunteer: Volunteer, shift: Shift, by: User | None = None) -> bool:
    """Takes somebody off a shift, and the place is free again. False when they were not on it, or it has begun.

    Who is taken off at the desk gets a mail.
    """
    public_edit(shift.event_id)
    person = locked(volunteer.pk)
    place = person.placements.filter(shift=shift, ended_at=None).select_related("shift__event").first()
    if place is None or (by is None and place.shift.starts_at <= clock.now()):
        return False
    place.volunteer, place.ended_at = person, clock.now()
    place.save(update_fields=["ended_at"])
    end_line(person, place.shift, by)
    if by:
        queue([emails.taken_off(place)])
    return True


@transaction.atomic
def forget(*, volunteer: Volunteer) -> None:
    """Takes away all that is kept of a volunteer: places, notes, messages and mails. Their places are free again."""
    public_edit(volunteer.event_id)
    person = locked(volunteer.pk)
    OutboxMail.objects.filter(key__startswith=person.mail_key("")).delete()
    person.delete()


# --- For the services of this room ----------------------------------------------------------------------------


def locked(pk: int) -> Volunteer:
    return Volunteer.objects.select_for_update(no_key=True, of=("self",)).select_related("event").get(pk=pk)


def locked_shift(pk: int) -> Shift:
    return Shift.objects.select_for_update(no_key=True, of=("self",)).select_related("event").get(pk=pk)


def locked_people(numbers: Iterable[int]) -> list[Volunteer]:
    """These volunteers, locked in the order of their numbers."""
    people = Volunteer.objects.select_for_update(no_key=True, of=("self",)).select_related("event", "wished_shift")
    return list(people.filter(pk__in=list(numbers)).order_by("pk"))


def add_line(
    person: Volunteer,
    kind: Line.Kind,
    *,
    was: str,
    by: User | None = None,
    text: str = "",
    subject: str = "",
    shift: Shift | None = None,
) -> Line:
    """One line of what was done; a state that changed with it is told from the person's present one."""
    states = {} if was == person.state else {"was": was, "became": person.state}
    words = {"text": text, "subject": subject, "shift": shift}
    return Line.objects.create(volunteer=person, kind=kind, by=by, **words, **states)


def end_line(person: Volunteer, shift: Shift, by: User | None) -> None:
    """Somebody is off a shift: who is on none waits for an answer again."""
    state = State.CONTACTED if person.state == State.PLACED and not places_of(person).exists() else person.state
    _become(person, State(state), Kind.ENDED, shift=shift, by=by)


def _become(person: Volunteer, state: Volunteer.State, kind: Line.Kind, *, shift: Shift, by: User | None) -> None:
    was, person.state = person.state, state
    person.save(update_fields=["state"])
    add_line(person, kind, was=was, by=by, shift=shift)
