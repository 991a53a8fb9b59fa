"""What a coordinator does with people: notes, messages, states, thanks. All of it stands in their lines."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from events.models import Event
from outreach.services import queue
from outreach.volunteers import emails
from outreach.volunteers.models import Line, Volunteer
from outreach.volunteers.queries import places_of, to_thank, undoable
from outreach.volunteers.services import add_line, locked, locked_people

State, Kind = Volunteer.State, Line.Kind
# The same words to the same person within this time are a second press.
SAME_PRESS = timedelta(minutes=10)


class Changed(Exception):
    """Things stand otherwise than the page showed; nothing was done."""


class OnShift(Exception):
    """Who is on a shift to come has not withdrawn from it."""


@transaction.atomic
def note(*, volunteer: Volunteer, text: str, by: User) -> Line:
    return add_line(volunteer, Kind.NOTE, was=volunteer.state, by=by, text=text)


@transaction.atomic
def send_message(*, volunteer: Volunteer, subject: str, text: str, by: User) -> Line:
    """Mails what was written. Who was new is contacted then. Pressed twice, one mail goes out."""
    person = locked(volunteer.pk)
    same = person.lines.filter(kind=Kind.MESSAGE, subject=subject, text=text, at__gt=clock.now() - SAME_PRESS)
    if line := same.first():
        return line
    was = person.state
    if person.state == State.NEW:
        person.state = State.CONTACTED
        person.save(update_fields=["state"])
    line = add_line(person, Kind.MESSAGE, was=was, by=by, text=text, subject=subject)
    queue([emails.message(line)])
    return line


@transaction.atomic
def set_state(*, volunteer: Volunteer, state: str, seen: str, by: User) -> Line:
    """Puts somebody into another state. Raises Changed when they are not in `seen` any more, and OnShift."""
    person = locked(volunteer.pk)
    if person.state != seen or state == seen:
        raise Changed
    if state == State.WITHDRAWN and places_of(person).filter(shift__ends_at__gt=clock.now()).exists():
        raise OnShift
    person.state = state
    person.save(update_fields=["state"])
    return add_line(person, Kind.STATE, was=seen, by=by)


@transaction.atomic
def undo(*, volunteer: Volunteer, line: int, by: User) -> str:
    """Takes the last change of state back, where it was this line. Returns the state. Raises Changed."""
    person = locked(volunteer.pk)
    last = undoable(person)
    if last is None or last.pk != line:
        raise Changed
    person.state = last.was
    person.save(update_fields=["state"])
    add_line(person, Kind.STATE, was=last.became, by=by, text=_("Taken back"))
    return person.state


@transaction.atomic
def thank_all(*, event: Event, seen: int, text: str, by: User) -> int:
    """Thanks everybody who was placed and is done, each once, by mail. Raises Changed when it is not `seen` people now.

    Returns how many mails are on their way.
    """
    locked_people(event.volunteers.filter(state=State.PLACED).values_list("pk", flat=True))
    found = list(to_thank(event))
    if not found or len(found) != seen:
        raise Changed
    for person in found:
        _thank(person, text, by)
    return len(found)


@transaction.atomic
def thank_one(*, volunteer: Volunteer, seen: str, by: User) -> None:
    """Thanks one person by mail, whatever they did. Raises Changed when they are not in the state `seen`."""
    person = locked(volunteer.pk)
    if person.state != seen or seen == State.THANKED:
        raise Changed
    _thank(person, "", by)


def _thank(person: Volunteer, text: str, by: User) -> None:
    was, person.state = person.state, State.THANKED
    person.save(update_fields=["state"])
    line = add_line(person, Kind.STATE, was=was, by=by, text=text)
    queue([emails.thanks(line, text)])
