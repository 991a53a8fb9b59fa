"""Words of donors that wait for a moderator: shown or not with one press, and undone with another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.redirects import local_path
from accounts.services import record_act
from desk.queries import words_in
from desk.services import Changed
from desk.shell import CHANGED, page_of, show
from desk.undo import offered
from donations.giving.gratitude import moderate_thanks
from donations.giving.models import Donation
from donations.giving.moderation import digest, digest_of
from events.queries import current_event
from events.services import public_edit

State = Donation.MessageState
SAID = {
    State.SHOWN: gettext_lazy("The words of gift %(gift)s are shown."),
    State.REFUSED: gettext_lazy("The words of gift %(gift)s are not shown."),
    State.WAITING: gettext_lazy("The words of gift %(gift)s wait again."),
}


class StateForm(forms.Form):
    """Which state the words get, and which words were read."""

    state = forms.ChoiceField(choices=State.choices)
    seen = forms.CharField(max_length=16)


class ListForm(forms.Form):
    state = forms.ChoiceField(
        choices=[(State.WAITING, gettext_lazy("Waiting")), (State.REFUSED, gettext_lazy("Not shown"))], required=False
    )

    def chosen(self) -> str:
        return (self.cleaned_data["state"] if self.is_valid() else "") or State.WAITING


@transaction.atomic
def decide(*, request: HttpRequest, item: Donation, state: str, seen: str) -> None:
    """Shows the words of a gift, or takes them away, everywhere at once.

    Raises Changed when they are no longer those that were read, as moderation.digest says.
    """
    item = Donation.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if digest(item) != seen:
        raise Changed
    item.message_state = state
    item.save(update_fields=["message_state"])
    public_edit(item.event_id)
    record_act(request=request, verb=f"set words to {state}", target=f"gift {item.pk}")


@transaction.atomic
def decide_thanks(*, request: HttpRequest, item: Donation, state: str, seen: str) -> None:
    """Shows a runner's thanks and sends them, or takes them away. Raises Changed when others were read."""
    item = Donation.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if digest_of([item.thanks]) != seen:
        raise Changed
    moderate_thanks(gift=item, state=state)
    record_act(request=request, verb=f"set thanks to {state}", target=f"gift {item.pk}")


@require_safe
@desk_view(Role.ORGANIZER, Role.MODERATOR)
def waiting(request: SignedInRequest) -> HttpResponse:
    event, state = current_event(), ListForm(request.GET).chosen()
    found = page_of(request, words_in(event, state))
    context: dict[str, Any] = {"event": event, "page_obj": found, "state": state}
    return show(request, "messages", "messages", context)


@require_POST
@desk_view(Role.ORGANIZER, Role.MODERATOR)
def set_state(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Donation, pk=pk, event=current_event(), kind=Donation.Kind.GIFT)
    form = StateForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say what to do with the words. Nothing was done."))
    state = form.cleaned_data["state"]
    try:
        with offered(request, "words", item.pk, SAID[State(state)] % {"gift": item.pk}):
            decide(request=request, item=item, state=state, seen=form.cleaned_data["seen"])
    except Changed:
        messages.error(request, CHANGED)
    return redirect(local_path(request.POST.get("next"), reverse("desk_messages")))


@require_POST
@desk_view(Role.ORGANIZER, Role.MODERATOR)
def set_thanks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Shows a runner's thanks for a gift, or takes them away."""
    item = get_object_or_404(Donation, pk=pk, event=current_event(), kind=Donation.Kind.GIFT)
    form = StateForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say what to do with the words. Nothing was done."))
    try:
        decide_thanks(request=request, item=item, **form.cleaned_data)
    except Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("Done."))
    return redirect("desk_updates")
