"""Shifts at the desk: made, changed, cancelled, printed; and what each phase of the race needs, in words."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.services import record_act
from common import clock
from desk.entrants import PRIVATE
from desk.shell import CHANGED, show
from desk.volunteer_forms import CancelShiftForm, NeedsForm, ShiftForm
from desk.volunteers import note_leaving
from events.models import Event
from events.queries import current_event
from outreach.volunteers.models import Shift
from outreach.volunteers.queries import needs_of, people_on, sheets_of, shift_of, shifts_of
from outreach.volunteers.shifts import (
    TooFew,
    cancel_shift,
    change_shift,
    create_shift,
    keep_needs,
    moves,
    reopen_shift,
)
from outreach.volunteers.talking import Changed

FIELDS = (*ShiftForm.Meta.fields, "starts_at", "ends_at")


@require_safe
@desk_view(*PRIVATE)
def shifts(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    found = list(shifts_of(event))
    standing = [shift for shift in found if not shift.cancelled_at]
    context = {
        "event": event,
        "needs": needs_of(event, found),
        "days": sorted({shift.local_start.date() for shift in standing}),
        "taken": sum(shift.taken for shift in standing),
        "places": sum(shift.places for shift in standing),
        "count": len(standing),
    }
    return show(request, "volunteers", "volunteer_shifts", context)


# --- One shift ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def new(request: SignedInRequest) -> HttpResponse:
    """A new shift, perhaps like another one."""
    event = current_event()
    row = _like(event, request.GET.get("like", "")) or Shift(event=event, meeting_point=event.venue)
    form = ShiftForm(row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            made = create_shift(shift=form.instance)
            record_act(request=request, verb="made a shift", target=f"shift {made.pk} {made.name}")
        messages.success(request, _("%(shift)s is on the public page.") % {"shift": made})
        return redirect("desk_shifts")
    return show(request, "volunteers", "volunteer_shift", {"event": event, "form": form}, _status(form))


def _like(event: Event, number: str) -> Shift | None:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = event.shifts.select_related("event").filter(pk=number).first()
    if found:
        found.pk, found.edition, found.cancelled_at = None, 0, None
        found._state.adding = True
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Its hours or place moved: whoever is on it hears of it, so that is counted first."""
    row = shift_of(current_event(), pk)
    form = ShiftForm(row, request.POST if request.method == "POST" else None)
    people = people_on(row)
    context: dict[str, Any] = {"event": row.event, "form": form, "shift": row, "people": people}
    if not form.is_valid() or "change" in request.POST:
        return show(request, "volunteers", "volunteer_shift", context, _status(form))
    if row.places >= len(people) and people and moves(row) and "confirm" not in request.POST:
        kept = [field.as_hidden() for field in form if field.name != "people"]
        return show(request, "volunteers", "volunteer_shift_look", context | {"kept": kept})
    try:
        with transaction.atomic():
            told = change_shift(shift=row, fields=FIELDS, seen=form.cleaned_data["people"])
            record_act(request=request, verb="changed a shift", target=f"shift {pk} {row.name}, {told} mails"[:200])
    except TooFew as error:
        said = _("%(count)d people are on it. Take some off first, or leave the places: nothing was changed.")
        form.add_error("places", said % {"count": error.taken})
    except Changed:
        form.add_error(None, CHANGED)
    else:
        messages.success(request, _said(told))
        return redirect("desk_shifts")
    return show(request, "volunteers", "volunteer_shift", context, 422)


def _said(told: int) -> str:
    if not told:
        return _("The shift is kept. Nobody had to be told.")
    said = ngettext("The shift is kept. %(count)d mail goes out.", "The shift is kept. %(count)d mails go out.", told)
    return said % {"count": told}


def _status(form: forms.BaseForm) -> int:
    return 422 if form.errors else 200


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Says who is told; pressed, they are."""
    row = shift_of(current_event(), pk)
    form = CancelShiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                told = cancel_shift(shift=row, seen=data["people"], text=data["text"], by=request.user)
                target = f"shift {pk} {row.name}, {told} mails"[:200]
                record_act(request=request, verb="cancelled a shift", target=target)
        except Changed:
            form.add_error(None, _("Somebody took the shift or gave it back meanwhile. Nothing was done: look again."))
        else:
            messages.success(request, _("%(shift)s is cancelled. Mails: %(count)d.") % {"shift": row, "count": told})
            return redirect("desk_shifts")
    context = {"event": row.event, "form": form, "shift": row, "people": people_on(row)}
    return show(request, "volunteers", "volunteer_shift_cancel", context, _status(form))


@require_POST
@desk_view(*PRIVATE)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    row = shift_of(current_event(), pk)
    try:
        with transaction.atomic():
            reopen_shift(shift=row)
            record_act(request=request, verb="opened a shift again", target=f"shift {pk} {row.name}")
    except Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("%(shift)s is open again. Nobody was put back on it.") % {"shift": row})
    return redirect("desk_shifts")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(*PRIVATE)
def needs(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = NeedsForm(event, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            keep_needs(event=event, texts=form.cleaned_data)
            record_act(request=request, verb="changed what volunteers are needed for", target=event.slug)
        messages.success(request, _("The public pages say so now."))
        return redirect("desk_shifts")
    return show(request, "volunteers", "volunteer_needs", {"event": event, "form": form}, _status(form))


# --- On paper -------------------------------------------------------------------------------------------------


@require_safe
@desk_view(*PRIVATE)
def sheets(request: SignedInRequest) -> HttpResponse:
    """A sheet for each shift, of one day or of all."""
    event, day = current_event(), _day(request.GET.get("day", ""))
    found = [one for one in sheets_of(event) if day is None or one.local_start.date() == day]
    note_leaving(request, event, "printed")
    return show(request, "volunteers", "volunteer_sheets", {"event": event, "shifts": found, "now": clock.now()})


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None


@require_safe
@desk_view(*PRIVATE)
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    event = current_event()
    found = get_object_or_404(sheets_of(event, pk))
    note_leaving(request, event, "printed")
    return show(request, "volunteers", "volunteer_sheets", {"event": event, "shifts": [found], "now": clock.now()})
