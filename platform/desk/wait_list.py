"""The wait list at the desk: who waits, a place offered out of turn, somebody taken off."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.entrants import PRIVATE, tallies_of, waiting_people
from desk.shell import page_of, show
from events.queries import current_event
from registration.at_desk import CannotOffer, offer_now
from registration.models import WaitListEntry
from registration.queries import why_closed
from registration.waitlist import leave


class WaitForm(forms.Form):
    """What happens to somebody on the list; nothing by a form that does not say."""

    OFFER, REMOVE = "offer", "remove"
    what = forms.ChoiceField(choices=[(OFFER, OFFER), (REMOVE, REMOVE)])


@transaction.atomic
def offer(*, request: HttpRequest, entry: WaitListEntry) -> None:
    """Raises CannotOffer."""
    offer_now(entry=entry)
    record_act(request=request, verb="offered a place out of turn", target=f"wait list {entry.pk}")


@transaction.atomic
def remove(*, request: HttpRequest, entry: WaitListEntry) -> None:
    leave(entry=entry)
    record_act(request=request, verb="took somebody off the wait list", target=f"wait list {entry.pk}")


@require_safe
@desk_view(*PRIVATE)
def wait_list(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    context = {
        "event": event,
        "page_obj": page_of(request, waiting_people(event)),
        "tallies": tallies_of(event),
        "why_closed": why_closed(event),
    }
    return show(request, "registrations", "wait_list", context)


@require_POST
@desk_view(Role.ORGANIZER)
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(WaitListEntry.objects.select_related("option__event"), pk=pk)
    form = WaitForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say what shall happen. Nothing was done."))
    words = {"name": entry.name, "option": entry.option.name}
    if form.cleaned_data["what"] == WaitForm.REMOVE:
        remove(request=request, entry=entry)
        messages.success(request, _("%(name)s does not wait for %(option)s any more.") % words)
        return redirect("desk_wait_list")
    try:
        offer(request=request, entry=entry)
    except CannotOffer as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s has the offer of a place in %(option)s, by mail.") % words)
    return redirect("desk_wait_list")
