"""The coordinator's board: who offered to help, how far it has come with each, and what was said."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import StaffAct
from accounts.redirects import local_path
from accounts.services import record_act
from common import clock
from common.tables import csv_lines
from desk.checkin import SAME_OPENING
from desk.entrants import PRIVATE
from desk.shell import CHANGED, page_of, show
from desk.volunteer_forms import BoardForm, MessageForm, NoteForm, PlaceForm, SeenForm, StateForm, ThanksForm, UndoForm
from events.models import Event
from events.queries import current_event
from outreach.volunteers import services, talking
from outreach.volunteers.models import Shift, Volunteer
from outreach.volunteers.queries import (
    board_of,
    counts_of,
    lines_of,
    places_at_desk,
    places_of,
    shift_of,
    shifts_of,
    to_thank,
    undoable,
    volunteer_at_desk,
)

UNCLEAR = gettext_lazy("The form did not say what shall happen. Nothing was done.")


def acted(request: SignedInRequest, verb: str, person: Volunteer) -> None:
    """The line of the log; it names nobody, so that who is forgotten is forgotten there, too."""
    record_act(request=request, verb=verb, target=f"volunteer {person.pk}")


def note_leaving(request: SignedInRequest, event: Event, way: str) -> None:
    """A list of people leaves the desk: the log says who took it, and how."""
    opened = StaffAct.objects.filter(
        user=request.user, verb="opened the volunteers' list", target=f"{event.slug}, {way}"
    )
    if not opened.filter(at__gte=clock.now() - SAME_OPENING).exists():
        record_act(request=request, verb="opened the volunteers' list", target=f"{event.slug}, {way}")


# --- The board ------------------------------------------------------------------------------------------------


@require_safe
@desk_view(*PRIVATE)
def volunteers(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = BoardForm(shifts_of(event).filter(cancelled_at=None), request.GET)
    words, state, shift = form.chosen()
    counts, names = counts_of(event), dict(Volunteer.State.choices)
    context = {
        "event": event,
        "page_obj": page_of(request, board_of(event, words, state, shift)),
        "columns": [(name, names[name], count) for name, count in counts.items()],
        "everybody": sum(counts.values()),
        "filters": form,
        "query": words,
        "state": state,
        "narrowed": bool(words or state or shift),
        "thankable": to_thank(event).count(),
    }
    return show(request, "volunteers", "volunteers", context)


@require_safe
@desk_view(*PRIVATE)
def volunteers_csv(request: SignedInRequest) -> StreamingHttpResponse:
    event = current_event()
    note_leaving(request, event, "exported")
    head = [
        *(_("State"), _("Name"), _("E-mail"), _("What they would like"), _("Offered at")),
        *(_("Shift"), _("From"), _("To"), _("Where")),
    ]
    answer = StreamingHttpResponse(csv_lines(head, _rows(event)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="volunteers-{event.slug}.csv"'
    return answer


def _rows(event: Event) -> Iterator[list[object]]:
    """A row for each shift that somebody is on, and one for who is on none."""
    for person in board_of(event).iterator(chunk_size=500):
        offered = f"{person.created_at.astimezone(event.zone):%Y-%m-%d %H:%M}"
        who = [person.get_state_display(), person.name, person.email, person.wish, offered]
        for place in person.places or [None]:  # type: ignore[attr-defined]
            yield [*who, *(_shift_cells(place.shift) if place else ("", "", "", ""))]


def _shift_cells(shift: Shift) -> list[str]:
    times = (f"{at:%Y-%m-%d %H:%M}" for at in (shift.local_start, shift.local_end))
    return [shift.name, *times, shift.meeting_point]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def thank_all(request: SignedInRequest) -> HttpResponse:
    """Thanks for everybody who was placed and is done: first counted, then pressed."""
    event = current_event()
    form = ThanksForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and "confirm" in request.POST:
        try:
            count = thank_everybody(request=request, event=event, form=form)
        except talking.Changed:
            form.add_error(None, _("It is not as many people any more. Nothing was sent: look once more."))
        else:
            said = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
            messages.success(request, said % {"count": count})
            return redirect("desk_volunteers")
    people = list(to_thank(event))
    context = {"event": event, "form": form, "people": people, "counted": form.is_bound and not form.errors}
    return show(request, "volunteers", "volunteer_thanks", context, 422 if form.errors else 200)


@transaction.atomic
def thank_everybody(*, request: SignedInRequest, event: Event, form: ThanksForm) -> int:
    """Raises talking.Changed when the form has counted others."""
    data = form.cleaned_data
    count = talking.thank_all(event=event, seen=data["people"] or 0, text=data["text"], by=request.user)
    record_act(request=request, verb="thanked volunteers", target=f"{event.slug}: {count} mails")
    return count


# --- One person -----------------------------------------------------------------------------------------------


@require_safe
@desk_view(*PRIVATE)
def volunteer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _person_page(request, volunteer_at_desk(current_event(), pk))


def _person_page(
    request: SignedInRequest, person: Volunteer, *, note: NoteForm | None = None, place: PlaceForm | None = None
) -> HttpResponse:
    """Their page; a form that was not right is on it with what is wrong."""
    wrong = note or place
    places = list(places_of(person))
    on = {one.shift_id for one in places}
    free = [shift for shift in places_at_desk(person.event) if shift.pk not in on and shift.left]
    context: dict[str, Any] = {
        "event": person.event,
        "person": person,
        "places": places,
        "lines": lines_of(person),
        "undoable": undoable(person),
        "states": [choice for choice in Volunteer.State.choices if choice[0] != person.state],
        "note_form": note or NoteForm(),
        "place_form": place or PlaceForm(free),
        "free": free,
        "form": wrong,
    }
    return show(request, "volunteers", "volunteer", context, 422 if wrong else 200)


@require_POST
@desk_view(*PRIVATE)
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    person, form = volunteer_at_desk(current_event(), pk), NoteForm(request.POST)
    if not form.is_valid():
        return _person_page(request, person, note=form)
    with transaction.atomic():
        talking.note(volunteer=person, text=form.cleaned_data["note"], by=request.user)
        acted(request, "noted something on a volunteer", person)
    return redirect("desk_volunteer", pk)


@require_POST
@desk_view(*PRIVATE)
def set_state(request: SignedInRequest, pk: int) -> HttpResponse:
    person, form = volunteer_at_desk(current_event(), pk), StateForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(UNCLEAR)
    words = {"name": person.name, "state": dict(Volunteer.State.choices)[form.cleaned_data["state"]]}
    try:
        with transaction.atomic():
            talking.set_state(volunteer=person, by=request.user, **form.cleaned_data)
            acted(request, f"set a volunteer to {form.cleaned_data['state']}", person)
    except talking.Changed:
        messages.error(request, CHANGED)
    except talking.OnShift:
        messages.error(request, _("%(name)s is on a shift to come: take them off first. Nothing was done.") % words)
    else:
        messages.success(request, _("%(name)s: %(state)s.") % words)
    return redirect(local_path(request.POST.get("next"), reverse("desk_volunteer", args=[pk])))


@require_POST
@desk_view(*PRIVATE)
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    person, form = volunteer_at_desk(current_event(), pk), UndoForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(UNCLEAR)
    try:
        with transaction.atomic():
            state = talking.undo(volunteer=person, line=form.cleaned_data["line"], by=request.user)
            acted(request, f"took a volunteer back to {state}", person)
    except talking.Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("Taken back. A mail that went out stays sent."))
    return redirect("desk_volunteer", pk)


@require_POST
@desk_view(*PRIVATE)
def place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Puts somebody on a shift, and mails them so."""
    person = volunteer_at_desk(current_event(), pk)
    form = PlaceForm(places_at_desk(person.event), request.POST)
    if not form.is_valid():
        return _person_page(request, person, place=form)
    shift = shift_of(person.event, form.cleaned_data["shift"])
    try:
        with transaction.atomic():
            services.take(volunteer=person, shift=shift, knows_overlap=form.cleaned_data["overlap"], by=request.user)
            record_act(request=request, verb="put a volunteer on a shift", target=f"volunteer {pk}, shift {shift.pk}")
    except services.CannotTake as error:
        form.overlaps = isinstance(error, services.Overlaps)  # type: ignore[attr-defined]
        form.add_error(None, str(error))
        return _person_page(request, person, place=form)
    messages.success(request, _("%(name)s is on %(shift)s, and gets a mail.") % {"name": person, "shift": shift})
    return redirect("desk_volunteer", pk)


@require_POST
@desk_view(*PRIVATE)
def take_off(request: SignedInRequest, pk: int, shift: int) -> HttpResponse:
    """Takes somebody off a shift, and mails them so."""
    person = volunteer_at_desk(current_event(), pk)
    found = shift_of(person.event, shift)
    with transaction.atomic():
        gone = services.leave(volunteer=person, shift=found, by=request.user)
        if gone:
            record_act(request=request, verb="took a volunteer off a shift", target=f"volunteer {pk}, shift {shift}")
    if gone:
        messages.success(request, _("%(name)s is off %(shift)s, and gets a mail.") % {"name": person, "shift": found})
    else:
        messages.error(request, CHANGED)
    return redirect("desk_volunteer", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """A mail to one person: written, looked at, sent."""
    person = volunteer_at_desk(current_event(), pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and "confirm" in request.POST:
        with transaction.atomic():
            talking.send_message(volunteer=person, by=request.user, **form.cleaned_data)
            acted(request, "wrote to a volunteer", person)
        messages.success(request, _("The mail to %(name)s is on its way.") % {"name": person.name})
        return redirect("desk_volunteer", pk)
    looked = form.is_valid() and "change" not in request.POST
    context = {"event": person.event, "person": person, "form": form, "looked": looked}
    if looked:
        context["kept"] = [field.as_hidden() for field in form]
    return show(request, "volunteers", "volunteer_message", context, 422 if form.errors else 200)


@require_POST
@desk_view(*PRIVATE)
def thank(request: SignedInRequest, pk: int) -> HttpResponse:
    person, form = volunteer_at_desk(current_event(), pk), SeenForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(UNCLEAR)
    try:
        with transaction.atomic():
            talking.thank_one(volunteer=person, seen=form.cleaned_data["seen"], by=request.user)
            acted(request, "thanked a volunteer", person)
    except talking.Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("Our thanks to %(name)s are on their way.") % {"name": person.name})
    return redirect("desk_volunteer", pk)
