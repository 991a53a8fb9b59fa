"""Volunteers: the offer on an address of its own, and the page behind the private link. No account."""

from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.http import View
from common.tries import is_within, status_of
from events.models import Event
from events.queries import current_event
from outreach.volunteers import services
from outreach.volunteers.calendars import calendar_of
from outreach.volunteers.forms import OfferForm, TakeForm
from outreach.volunteers.models import Shift
from outreach.volunteers.queries import needs_of, open_shifts, overlapping, places_of, shift_of, volunteer_of_link

# Of one address, which a whole company may share when it signs up as a team.
OFFERS = (RateLimitItemPerMinute(30, namespace="offers"), RateLimitItemPerHour(300, namespace="offers"))
form_page = require_http_methods(["GET", "HEAD", "POST"])


def private(view: View) -> View:
    """A page behind a private link: kept by nobody, and no other site hears its address."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@never_cache
@form_page
def offer(request: HttpRequest) -> HttpResponse:
    event = current_event()
    posted = request.POST if request.method == "POST" else None
    wished = _wished(event, (request.GET if posted is None else posted).get("shift", ""))
    form = OfferForm(wished, posted)
    if form.is_valid() and is_within(request, form, OFFERS):
        data = form.cleaned_data
        services.offer(event=event, name=data["name"], email=data["email"], wish=data["wish"], shift=wished)
        return redirect("volunteer_sent")
    context = {"event": event, "form": form, "wished": wished}
    return render(request, "volunteer_offer.html", context, status=status_of(form))


def _wished(event: Event, number: str) -> Shift | None:
    """The shift whose link led here, while it can be helped with; without one the offer is as good."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return open_shifts(event).filter(pk=number).first()


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "volunteer_sent.html", {"event": current_event()})


@private
@require_safe
def own(request: HttpRequest, token: UUID) -> HttpResponse:
    """The shifts somebody is on, and those they can take."""
    person = volunteer_of_link(token)
    places = list(places_of(person))
    on = {place.shift_id for place in places}
    free = [shift for shift in open_shifts(person.event) if shift.pk not in on]
    wished = next((shift for shift in free if shift.pk == person.wished_shift_id), None)
    context = {"event": person.event, "person": person, "places": places, "wished": wished}
    return render(request, "volunteer_own.html", context | {"needs": needs_of(person.event, free)})


@private
@form_page
def take(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    person = volunteer_of_link(token)
    shift = shift_of(person.event, pk)
    if shift.cancelled_at:
        raise Http404
    others = overlapping(person, shift)
    form = TakeForm(shift, others, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.take(volunteer=person, shift=shift, knows_overlap=bool(others))
        except services.CannotTake as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You are in. We have sent you the details."))
            return redirect("volunteering", token)
    context = {"event": person.event, "person": person, "shift": shift, "form": form}
    return render(request, "volunteer_take.html", context, status=status_of(form))


@private
@require_POST
def give_back(request: HttpRequest, token: UUID, pk: int) -> HttpResponse:
    person = volunteer_of_link(token)
    shift = shift_of(person.event, pk)
    if services.leave(volunteer=person, shift=shift):
        messages.success(request, _("%(shift)s is given back. Somebody else can take it.") % {"shift": shift.name})
    else:
        messages.error(
            request, _("You are not on %(shift)s, or it has begun. Nothing was changed.") % {"shift": shift.name}
        )
    return redirect("volunteering", token)


@private
@require_safe
def calendar(request: HttpRequest, token: UUID) -> HttpResponse:
    person = volunteer_of_link(token)
    answer = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="shifts.ics"'
    return answer


@private
@form_page
def forget(request: HttpRequest, token: UUID) -> HttpResponse:
    """Says what goes; pressed, it is gone."""
    person = volunteer_of_link(token)
    if forms.Form(request.POST if request.method == "POST" else None).is_valid():
        services.forget(volunteer=person)
        return redirect("volunteer_forgotten")
    context = {"event": person.event, "person": person, "places": list(places_of(person))}
    return render(request, "volunteer_forget.html", context)


@never_cache
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "volunteer_sent.html", {"event": current_event(), "forgotten": True})
