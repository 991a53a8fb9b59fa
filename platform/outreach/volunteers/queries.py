"""Shifts with the places that are left, and the people of a coordinator's board."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from common import clock
from events.models import Event, VolunteerPhase
from outreach.models import OutboxMail
from outreach.volunteers.models import Line, Placement, Shift, Volunteer

ON = Q(placements__ended_at=None, placements__isnull=False)


def with_taken(shifts: "QuerySet[Shift]") -> "QuerySet[Shift]":
    """Each shift with `taken`: how many are on it."""
    return shifts.select_related("event").annotate(taken=Count("placements", filter=ON))  # type: ignore[no-redef]


def shifts_of(event: Event) -> "QuerySet[Shift]":
    return with_taken(event.shifts.all())


def open_shifts(event: Event) -> "QuerySet[Shift]":
    """What can still be helped with: not cancelled, not begun. None while the race itself does not stand."""
    if event.state != Event.State.SCHEDULED:
        return shifts_of(event).none()
    return shifts_of(event).filter(cancelled_at=None, starts_at__gt=clock.now())


@dataclass(frozen=True, slots=True)
class Need:
    """What a phase of the race needs, with its open shifts. The text is the event's, or the desk's."""

    phase: str
    label: str
    text: str
    shifts: list[Shift] = field(default_factory=list)


def needs_of(event: Event, shifts: Iterable[Shift]) -> list[Need]:
    """Before, during and after the race: what each needs, and those of these shifts that belong to it."""
    texts = dict(event.volunteer_phases.values_list("phase", "text"))
    by_phase: dict[str, list[Shift]] = {}
    for shift in shifts:
        by_phase.setdefault(shift.phase, []).append(shift)
    needs = [
        Need(phase.value, str(phase.label), texts.get(phase, ""), by_phase.get(phase, []))
        for phase in VolunteerPhase.Phase
    ]
    return [need for need in needs if need.text or need.shifts]


def volunteer_of_link(token: UUID) -> Volunteer:
    """Whoever has the private link. 404 for a link that is nobody's."""
    return get_object_or_404(Volunteer.objects.select_related("event", "wished_shift__event"), token=token)


def shift_of(event: Event, pk: int) -> Shift:
    return get_object_or_404(shifts_of(event), pk=pk)


def volunteer_at_desk(event: Event, pk: int) -> Volunteer:
    return get_object_or_404(Volunteer.objects.select_related("event", "wished_shift"), pk=pk, event=event)


def places_of(volunteer: Volunteer) -> "QuerySet[Placement]":
    """The shifts somebody is on, by their hours."""
    return volunteer.placements.filter(ended_at=None).select_related("shift__event")


def overlapping(volunteer: Volunteer, shift: Shift) -> list[Shift]:
    """The other shifts somebody is on that fall into the hours of this one."""
    found = places_of(volunteer).filter(
        shift__cancelled_at=None, shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at
    )
    return [place.shift for place in found.exclude(shift=shift)]


# --- The coordinator's board ----------------------------------------------------------------------------------


def counts_of(event: Event) -> dict[str, int]:
    """How many are in each state, in the order of the board."""
    found = dict(event.volunteers.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state, 0) for state in Volunteer.State}


def board_of(event: Event, words: str = "", state: str = "", shift: int | None = None) -> "QuerySet[Volunteer]":
    """Volunteers, newest first, each with `places` (the shifts they are on): narrowed to these words, state, shift."""
    found = event.volunteers.select_related("wished_shift")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words) | Q(wish__icontains=words))
    if state:
        found = found.filter(state=state)
    if shift is not None:
        found = found.filter(pk__in=Placement.objects.filter(shift=shift, ended_at=None).values("volunteer"))
    on = Placement.objects.filter(ended_at=None, shift__cancelled_at=None).select_related("shift__event")
    return found.prefetch_related(Prefetch("placements", on, to_attr="places"))


def lines_of(volunteer: Volunteer) -> list[Line]:
    """What was said and done, newest first; messages with `mail`, as it stands in the outbox."""
    lines = list(volunteer.lines.select_related("by", "shift__event"))
    keys = {volunteer.mail_key("message", line.pk): line for line in lines if line.kind == Line.Kind.MESSAGE}
    for mail in OutboxMail.objects.filter(key__in=keys):
        keys[mail.key].mail = mail  # type: ignore[attr-defined]
    return lines


def undoable(volunteer: Volunteer) -> Line | None:
    """The last change of state, where it was made at the desk and still stands: it can be taken back."""
    last = volunteer.lines.filter(kind=Line.Kind.STATE).first()
    return last if last and last.by_id and last.became == volunteer.state else None


def to_thank(event: Event) -> "QuerySet[Volunteer]":
    """Who was placed, has no shift to come, and was not thanked yet."""
    to_come = Placement.objects.filter(ended_at=None, shift__cancelled_at=None, shift__ends_at__gt=clock.now())
    placed = event.volunteers.filter(state=Volunteer.State.PLACED)
    return placed.exclude(pk__in=to_come.values("volunteer")).select_related("event").order_by("pk")


def people_on(shift: Shift) -> list[Volunteer]:
    """Who is on a shift, by name."""
    places = shift.placements.filter(ended_at=None).select_related("volunteer").order_by("volunteer__name", "pk")
    return [place.volunteer for place in places]


def sheets_of(event: Event, pk: int | None = None) -> "QuerySet[Shift]":
    """Shifts as they are printed: those that take place, each with `on_it`, its people by name."""
    on = Placement.objects.filter(ended_at=None).select_related("volunteer").order_by("volunteer__name", "pk")
    shifts = shifts_of(event).filter(cancelled_at=None).prefetch_related(Prefetch("placements", on, to_attr="on_it"))
    return shifts if pk is None else shifts.filter(pk=pk)


def places_at_desk(event: Event) -> list[Shift]:
    """The shifts that somebody can still be put on at the desk: until they end."""
    return list(shifts_of(event).filter(cancelled_at=None, ends_at__gt=clock.now()))
