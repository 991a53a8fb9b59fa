"""How far the give forms are open, by hand, and what the gate before them did in the last hour."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from desk.forms import ReasonForm
from desk.shell import show
from donations.giving.gate import Reason, tries
from donations.giving.gate.stamps import Suspicion
from donations.giving.gate.watch import evidence, level_now, the_gate
from donations.giving.models import Gate
from events.queries import current_event

# What came of a try, by the name it is counted under (donations.giving.gate.tries).
OUTCOMES = [
    ("in", gettext_lazy("Went on to Stripe")),
    ("with_code", gettext_lazy("Went on to Stripe with a code")),
    (Reason.CODE, gettext_lazy("Asked for a code")),
    (Reason.WRONG, gettext_lazy("Typed a wrong code")),
    (Reason.TRIES, gettext_lazy("Held: too many tries")),
    (Reason.LATER, gettext_lazy("Held: too many unpaid payments")),
    (Reason.BUSY, gettext_lazy("Held: too many at once")),
    (Reason.CLOSED, gettext_lazy("Held: giving is closed")),
    (Suspicion.TRAP, gettext_lazy("Form of a machine: hidden field filled in")),
    (Suspicion.EARLY, gettext_lazy("Form of a machine: sent at once")),
    (Suspicion.LATE, gettext_lazy("Form without a time, or too old")),
]


class ModeForm(ReasonForm):
    field_order = ("mode", "reason")
    mode = forms.ChoiceField(
        label=gettext_lazy("How far is giving open?"),
        choices=[
            (Gate.Mode.AUTO, gettext_lazy("By itself: an alert begins and ends with what the last hour shows")),
            (Gate.Mode.ALERT, gettext_lazy("On alert: small gifts from unknown addresses need a code by mail")),
            (Gate.Mode.CALM, gettext_lazy("Always calm: never on alert, whatever the last hour shows")),
            (Gate.Mode.CLOSED, gettext_lazy("Closed: nobody can begin a payment; what was begun can be paid")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how far giving is open.")},
    )


@transaction.atomic
def set_mode(*, request: HttpRequest, mode: str, reason: str) -> None:
    """Opens or closes the give forms. `auto` begins calm: an alert of before is over."""
    Gate.objects.filter(pk=the_gate().pk).update(mode=mode, alert_until=None)
    record_act(request=request, verb=f"set giving to {mode}", target="the give forms", reason=reason)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, fresh_mfa=True)
def giving(request: SignedInRequest) -> HttpResponse:
    level, gate = level_now(), the_gate()
    form = ModeForm(request.POST if request.method == "POST" else None, initial={"mode": gate.mode})
    if form.is_valid():
        set_mode(request=request, mode=form.cleaned_data["mode"], reason=form.cleaned_data["reason"])
        messages.success(request, _("It holds from now on."))
        return redirect("desk_giving")
    outcomes = [(label, tries.counted(str(name))) for name, label in OUTCOMES]
    context: dict[str, Any] = {
        "event": current_event(),
        "form": form,
        "gate": gate,
        "level": level.value,
        "outcomes": outcomes,
        "tries": sum(number for _label, number in outcomes),
        "evidence": evidence(),
    }
    return show(request, "giving", "giving", context, 422 if form.errors else 200)
