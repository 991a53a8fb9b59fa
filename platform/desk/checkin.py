"""Race day: who is there. Looked up and tapped at the desk, printed, exported, and kept on a device for no network."""

from collections.abc import Iterator
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import StaffAct
from accounts.services import record_act
from common import clock
from common.tables import csv_lines
from desk.entrants import PRIVATE, starters, starters_matching, tallies_of
from desk.forms import SearchForm
from desk.shell import CHANGED, show
from events.models import Event
from events.queries import current_event
from registration.at_desk import mark_arrived
from registration.models import Participant

HITS, LATEST = 30, 5
# A browser that fetches a list twice in a row is one person opening it once.
SAME_OPENING = timedelta(minutes=1)


class ArrivedForm(forms.Form):
    """Nobody arrives or leaves by a form that does not say which."""

    arrived = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    q = forms.CharField(required=False, max_length=120)


@transaction.atomic
def mark(*, request: HttpRequest, person: Participant, arrived: bool) -> bool:
    """False when it was so already: somebody else tapped first, and there is nothing to write down."""
    changed = mark_arrived(participant=person, arrived=arrived)
    if changed:
        verb = "noted an arrival" if arrived else "took an arrival back"
        record_act(request=request, verb=verb, target=f"participant {person.pk}")
    return changed


@transaction.atomic
def open_list(*, request: SignedInRequest, event: Event, way: str) -> "QuerySet[Participant]":
    """Everybody who takes part, in a list that leaves the desk; the log says who took it, and how."""
    opened = StaffAct.objects.filter(user=request.user, verb="opened the check-in list", target=f"{event.slug}, {way}")
    if not opened.filter(at__gte=clock.now() - SAME_OPENING).exists():
        record_act(request=request, verb="opened the check-in list", target=f"{event.slug}, {way}")
    return starters(event)


@require_safe
@desk_view(*PRIVATE)
def checkin(request: SignedInRequest) -> HttpResponse:
    """Nobody is shown before somebody is looked for."""
    event, query = current_event(), SearchForm(request.GET).query().strip()
    found = list(starters_matching(event, query)[: HITS + 1]) if query else []
    latest = starters(event).exclude(arrived_at=None).order_by("-arrived_at", "-pk")
    tallies = tallies_of(event)
    context = {
        "event": event,
        "query": query,
        "found": found[:HITS],
        "more": len(found) > HITS,
        "latest": [] if query else latest[:LATEST],
        "arrived": sum(tally.arrived for tally in tallies),
        "expected": sum(tally.confirmed for tally in tallies),
    }
    return show(request, "checkin", "checkin", context)


@require_POST
@desk_view(*PRIVATE)
def arrive(request: SignedInRequest, pk: int) -> HttpResponse:
    """One tap: somebody is there, or is not after all."""
    person = get_object_or_404(starters(current_event()), pk=pk)
    form = ArrivedForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether somebody arrived. Nothing was done."))
    arrived = form.cleaned_data["arrived"]
    if mark(request=request, person=person, arrived=arrived):
        said = _("%(name)s is there.") if arrived else _("%(name)s is not there.")
        messages.success(request, said % {"name": person.name})
    else:
        messages.warning(request, CHANGED)
    query = form.cleaned_data["q"]
    return redirect(reverse("desk_checkin") + (f"?{urlencode({'q': query})}" if query else ""))


@require_safe
@desk_view(*PRIVATE)
def checkin_print(request: SignedInRequest) -> HttpResponse:
    """The whole list on paper, by name or by bib."""
    event, by_bib = current_event(), request.GET.get("by") == "bib"
    found = open_list(request=request, event=event, way="printed")
    people = found.order_by("page__bib", "pk") if by_bib else found.order_by("name", "pk")
    context = {"event": event, "people": people, "by_bib": by_bib, "now": clock.now()}
    return show(request, "checkin", "checkin_print", context)


@require_safe
@desk_view(*PRIVATE)
def checkin_csv(request: SignedInRequest) -> StreamingHttpResponse:
    event = current_event()
    people = open_list(request=request, event=event, way="exported").order_by("page__bib", "pk")
    head = [
        *(_("Bib"), _("Name"), _("Age"), _("Way to take part"), _("Shirt"), _("Guardian")),
        *(_("In an emergency"), _("Their phone"), _("Photos allowed"), _("Waiver"), _("Signed by"), _("Signed at")),
        *(_("Arrived at"), _("Registration"), _("Registered by"), _("E-mail")),
    ]
    answer = StreamingHttpResponse(csv_lines(head, _rows(event, people)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="check-in-{event.slug}.csv"'
    return answer


def _rows(event: Event, people: "QuerySet[Participant]") -> Iterator[list[object]]:
    for person in people.iterator(chunk_size=1000):
        page = getattr(person, "page", None)
        signed, arrived = (
            f"{at.astimezone(event.zone):%Y-%m-%d %H:%M}" if at else "" for at in (person.signed_at, person.arrived_at)
        )
        yield [
            *(page.bib if page else "", person.name, person.age, person.option.name, person.shirt_size),
            *(person.guardian, person.emergency_name, person.emergency_phone),
            *(_("yes") if person.photo_consent else _("no"), person.waiver.version if person.waiver else ""),
            *(person.signed_by, signed, arrived, person.registration_id),
            *(person.registration.name, person.email or person.registration.email),
        ]


@require_safe
@desk_view(*PRIVATE)
def checkin_offline(request: SignedInRequest) -> HttpResponse:
    """The list for looking people up without network: kept on the device by a service worker of this address only.

    Names, bibs and ways to take part; whom to call in an emergency stays on paper and at the desk.
    """
    event = current_event()
    people = open_list(request=request, event=event, way="kept on a device").order_by("name", "pk")
    return show(request, "checkin", "checkin_offline", {"event": event, "people": people, "now": clock.now()})


@require_safe
@desk_view(*PRIVATE)
def checkin_worker(request: SignedInRequest) -> HttpResponse:
    return render(request, "desk/checkin_worker.js", content_type="text/javascript")
