"""What we know about somebody who asks at the desk: shown, handed out as a file, or deleted with a reason."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.forms import ReasonForm
from desk.shell import show
from events.queries import current_event
from outreach.tokens import Expired, carried_by, token_of
from people import services
from people.exports import sections_of
from people.views import file_of

PURPOSE = "desk_person"
# An address is looked up for one answer, not for a bookmark.
LOOKED_UP = timedelta(hours=1)


class LookUpForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter the e-mail address of who asks."),
            "invalid": gettext_lazy("Enter an e-mail address, like name@example.com."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def people(request: SignedInRequest) -> HttpResponse:
    """Takes an address by POST, so that it stands in no address of ours."""
    form = LookUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("desk_person", token_of(PURPOSE, form.cleaned_data["email"].strip().lower()))
    context = {"event": current_event(), "form": form}
    return show(request, "people", "people", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def person(request: SignedInRequest, token: str) -> HttpResponse:
    """What there is and what deleting it does; a POST with a reason deletes it."""
    email = _looked_up(token)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _forget(request, email, form.cleaned_data["reason"])
        except services.Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, _("%(why)s Nothing was deleted.") % {"why": sentence})
        else:
            messages.success(
                request, _("It is deleted. Delete the customer in Stripe's dashboard, too, if there is one.")
            )
            return redirect("desk_people")
    context = {"event": current_event(), "form": form, "email": email, "token": token}
    context |= {"lines": services.plan(email), "hindrances": services.hindrances(email)}
    return show(request, "people", "person", context, status=422 if form.errors else 200)


@require_safe
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def person_file(request: SignedInRequest, token: str) -> HttpResponse:
    """Everything about somebody as a file, for somebody who has shown in another way who they are. It is logged."""
    email = _looked_up(token)
    record_act(request=request, verb="exported a person", target=f"{len(sections_of(email))} kinds of data")
    return file_of(email)


@transaction.atomic
def _forget(request: SignedInRequest, email: str, reason: str) -> None:
    # The act names nobody: it is written first, so that what the reason says of the person is cut out with the rest.
    record_act(request=request, verb="deleted a person", target=_counted(services.plan(email)), reason=reason)
    services.forget(email=email)


def _counted(lines: list[services.Line]) -> str:
    return f"{sum(line.count for line in lines)} rows"


def _looked_up(token: str) -> str:
    try:
        return str(carried_by(PURPOSE, token, LOOKED_UP))
    except Expired as error:
        raise Http404 from error
