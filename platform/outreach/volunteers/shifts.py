"""Shifts come into being, change and are cancelled; whoever is on one is told by mail, after a dry run that counts."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from common import clock
from events.models import Event, VolunteerPhase
from events.services import public_edit
from outreach.services import queue
from outreach.volunteers import emails
from outreach.volunteers.models import Placement, Shift
from outreach.volunteers.services import end_line, locked_people, locked_shift
from outreach.volunteers.talking import Changed

# Whoever is on a shift has to hear of these.
TOLD = ("name", "starts_at", "ends_at", "meeting_point")


class TooFew(Exception):
    """More people are on the shift than it would have places; `taken` says how many."""

    def __init__(self, taken: int) -> None:
        super().__init__(taken)
        self.taken = taken


@transaction.atomic
def create_shift(*, shift: Shift) -> Shift:
    """A new shift; the public page shows it at once."""
    public_edit(shift.event_id)
    shift.save()
    return shift


def moves(shift: Shift) -> list[str]:
    """What of a shift that is not kept yet differs from the kept one, and has to be told."""
    kept = Shift.objects.get(pk=shift.pk)
    return [name for name in TOLD if getattr(kept, name) != getattr(shift, name)]


@transaction.atomic
def change_shift(*, shift: Shift, fields: Sequence[str], seen: int | None) -> int:
    """Keeps these fields of a shift, and mails who is on it where it has to be told. Returns how many mails.

    `seen` is how many mails the dry run counted. Raises TooFew, and Changed when it would be others now, or when the
    shift was cancelled meanwhile.
    """
    public_edit(shift.event_id)
    kept = locked_shift(shift.pk)
    people = locked_people(_on(kept).values_list("volunteer_id", flat=True))
    if shift.places < len(people):
        raise TooFew(len(people))
    told = people if moves(shift) else []
    if kept.cancelled_at or (told and seen != len(told)):
        raise Changed
    shift.edition = kept.edition + bool(moves(shift))
    shift.save(update_fields=[*fields, "edition"])
    queue(emails.changed(shift, told))
    return len(told)


@transaction.atomic
def cancel_shift(*, shift: Shift, seen: int, text: str, by: User) -> int:
    """Cancels a shift and mails who was on it. Raises Changed when it is not `seen` people now. Returns how many."""
    public_edit(shift.event_id)
    kept = locked_shift(shift.pk)
    people = locked_people(_on(kept).values_list("volunteer_id", flat=True))
    if kept.cancelled_at or seen != len(people):
        raise Changed
    kept.cancelled_at, kept.edition = clock.now(), kept.edition + 1
    kept.save(update_fields=["cancelled_at", "edition"])
    _on(kept).update(ended_at=kept.cancelled_at)
    for person in people:
        end_line(person, kept, by)
    queue(emails.cancelled(kept, people, text))
    return len(people)


@transaction.atomic
def reopen_shift(*, shift: Shift) -> None:
    """A shift that was cancelled can be taken again; nobody is put back on it. Raises Changed when it is open."""
    public_edit(shift.event_id)
    kept = locked_shift(shift.pk)
    if not kept.cancelled_at:
        raise Changed
    kept.cancelled_at, kept.edition = None, kept.edition + 1
    kept.save(update_fields=["cancelled_at", "edition"])


@transaction.atomic
def keep_needs(*, event: Event, texts: Mapping[str, str]) -> None:
    """What each phase of the race needs, in words; an empty text takes a phase off the public pages."""
    public_edit(event.pk)
    for place, phase in enumerate(VolunteerPhase.Phase.values):
        if texts[phase]:
            event.volunteer_phases.update_or_create(
                phase=phase, defaults={"text": texts[phase]}, create_defaults={"text": texts[phase], "place": place}
            )
        else:
            event.volunteer_phases.filter(phase=phase).delete()


def _on(shift: Shift) -> "QuerySet[Placement]":
    return Placement.objects.filter(shift=shift, ended_at=None)
