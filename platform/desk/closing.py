"""The end of an event at the desk: what is still to do, what the fee pool has left, what is held back and how long."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.shell import MONEY, page_of, show
from donations.disbursements import closing
from donations.disbursements.models import Allocation
from donations.disbursements.public import public_money
from donations.disbursements.queries import hold_back_of
from donations.disbursements.services import NotNow, hold_back
from events.models import Event
from events.queries import current_event

ROWS = 20


class AllocateForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("What shall the pool give?"),
        choices=[
            ("negative", gettext_lazy("Only what was paid beyond what is owed now, so that nobody stands below zero")),
            ("surplus", gettext_lazy("All it has: first that, then the rest by the shares of the event")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the pool shall give.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, error_messages={"required": gettext_lazy("Enter a reason.")}
    )
    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class HoldBackForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Percent of all that is set aside"),
        help_text=gettext_lazy("0 ends the hold-back."),
        min_value=0,
        max_value=100,
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days from now"),
        help_text=gettext_lazy("A card's owner can dispute a payment for 120 days."),
        min_value=1,
        max_value=365,
    )


def _log(request: HttpRequest, verb: str, target: str, reason: str = "") -> None:
    record_act(request=request, verb=verb, target=target[:200], reason=reason)


@require_safe
@desk_view(*MONEY)
def closing_page(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    summary = public_money(event)
    context = {
        "event": event,
        "summary": summary,
        "steps": closing.checklist(event, summary.money, summary.confirmed_cents, closing.open_count(event)),
        "page_obj": page_of(request, event.allocations.select_related("proposed_by", "decided_by"), ROWS),
    }
    return show(request, "closing", "closing", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def allocate(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = AllocateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _allocate(request, event, form.cleaned_data)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Proposed. Another person approves it now."))
            return redirect("desk_closing")
    money = public_money(event).money
    named = {lane.slug: lane.name for lane in money.lanes}
    previews = [
        (label, [(named[slug], cents) for slug, cents in closing.shares_of(event, money, with_surplus=whole).items()])
        for label, whole in ((_("Below zero now"), False), (_("All of the pool"), True))
    ]
    context = {"event": event, "form": form, "money": money, "previews": previews}
    return show(request, "closing", "allocate", context, 422 if form.errors else 200)


@transaction.atomic
def _allocate(request: SignedInRequest, event: Event, data: dict[str, Any]) -> None:
    made = closing.propose_allocation(
        event=event,
        with_surplus=data["what"] == "surplus",
        reason=data["reason"],
        by=request.user,
        token=data["form_token"],
    )
    _log(request, "proposed an allocation", f"allocation {made.pk}, {made.total_cents} cents", made.reason)


@require_POST
@desk_view(Role.APPROVER, fresh_mfa=True)
def approve_allocation(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Allocation, pk=pk, event=current_event())
    try:
        with transaction.atomic():
            closing.approve_allocation(allocation=found, by=request.user)
            _log(request, "approved an allocation", f"allocation {found.pk}, {found.total_cents} cents")
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. The organizations are owed it now."))
    return redirect("desk_closing")


@require_POST
@desk_view(Role.TREASURER, Role.APPROVER, fresh_mfa=True)
def withdraw_allocation(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Allocation, pk=pk, event=current_event())
    try:
        with transaction.atomic():
            closing.withdraw_allocation(allocation=found, by=request.user)
            _log(request, "withdrew an allocation", f"allocation {found.pk}")
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back. The pool keeps it."))
    return redirect("desk_closing")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def hold_back_page(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    form = HoldBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        percent, days = form.cleaned_data["percent"], form.cleaned_data["days"]
        with transaction.atomic():
            hold_back(event=event, percent=percent, days=days, by=request.user)
            _log(request, "set the hold-back", f"{percent}% for {days} days")
        messages.success(request, _("This holds from now on, and everybody can read it."))
        return redirect("desk_disbursements")
    context = {"event": event, "form": form, "hold_back": hold_back_of(event), "past": event.hold_backs.all()[:ROWS]}
    return show(request, "disbursements", "hold_back", context, 422 if form.errors else 200)
