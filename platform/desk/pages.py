"""Runners' pages at the desk: what was reported, the words they write, and a mailbox that was lost."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.redirects import local_path
from desk import services
from desk.forms import AddressForm, HideForm
from desk.queries import reports_of, thanks_in, updates_of
from desk.shell import CHANGED, page_of, show
from desk.undo import offered
from donations.giving.models import Donation
from events.queries import current_event
from fundraisers.claims import COOLING
from fundraisers.models import Fundraiser, Update
from fundraisers.services import Refused

MODERATORS = (Role.ORGANIZER, Role.MODERATOR)
THANKS_SHOWN = 50


@require_safe
@desk_view(*MODERATORS)
def reports(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    return show(request, "reports", "reports", {"event": event, "page_obj": page_of(request, reports_of(event))})


@require_POST
@desk_view(*MODERATORS)
def close_report(request: SignedInRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(reports_of(current_event()), pk=pk)
    try:
        services.close_report(request=request, report=report)
    except services.Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("The report is closed."))
    return redirect("desk_reports")


@require_safe
@desk_view(*MODERATORS)
def updates(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    thanks = thanks_in(event, Donation.MessageState.WAITING)[:THANKS_SHOWN]
    context = {"event": event, "page_obj": page_of(request, updates_of(event)), "thanks": thanks}
    return show(request, "reports", "updates", context)


@require_POST
@desk_view(*MODERATORS)
def hide_update(request: SignedInRequest, pk: int) -> HttpResponse:
    """Takes news off a page, or brings it back: `hidden` says which."""
    update = get_object_or_404(Update.objects.select_related("fundraiser"), pk=pk, fundraiser__event=current_event())
    form = HideForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether to hide or to show. Nothing was done."))
    with offered(request, "news", update.pk, _("Done.")):
        services.moderate_update(request=request, update=update, hidden=form.cleaned_data["hidden"])
    return redirect(local_path(request.POST.get("next"), reverse("desk_updates")))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def runner_email(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begins the way back from a lost mailbox. It cools, so that the owner can stop who is not the owner."""
    page = get_object_or_404(Fundraiser.objects.select_related("event", "owner"), pk=pk, event=current_event())
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.change_email(
                request=request, page=page, email=form.cleaned_data["email"], reason=form.cleaned_data["reason"]
            )
        except Refused as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The mails are on their way."))
            return redirect("desk_runners")
    context = {"event": page.event, "page": page, "form": form, "hours": COOLING.total_seconds() // 3600}
    return show(request, "runners", "runner_email", context, 422 if form.errors else 200)
