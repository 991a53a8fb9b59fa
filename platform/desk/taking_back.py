"""What the button Undo does: each act's exact inverse, by the services that the act itself was done by."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import SignedInRequest, desk_view
from accounts.redirects import local_path
from accounts.services import record_act
from desk import promo_codes, services, teams, words
from desk.navigation import FRONT, opens
from desk.services import Changed
from desk.shell import CHANGED, STAFF
from desk.undo import ENTRY, Step, step_of


def _entry(request: SignedInRequest, step: Step) -> None:
    for name, value in zip(ENTRY, step.was, strict=True):
        setattr(step.row, name, value)
    step.row.save(update_fields=ENTRY)
    record_act(request=request, verb="corrected an entry", target=f"participant {step.row.pk}")


# By kind: the address whose people may do it, and how.
INVERSES: dict[str, tuple[str, Callable[[SignedInRequest, Step], object]]] = {
    "page": (
        "desk_hide_runner",
        lambda request, step: services.hide_page(request=request, page=step.row, hidden=step.was[0]),
    ),
    "team": ("desk_hide_team", lambda request, step: teams.hide(request=request, team=step.row, hidden=step.was[0])),
    "news": (
        "desk_hide_update",
        lambda request, step: services.moderate_update(request=request, update=step.row, hidden=step.was[0]),
    ),
    "words": (
        "desk_message",
        lambda request, step: words.decide(request=request, item=step.row, state=step.was[0], seen=step.was[1]),
    ),
    "entry": ("desk_correct_entry", _entry),
    "code": (
        "desk_switch_code",
        lambda request, step: promo_codes.switch_to(request=request, code=step.row, active=step.was[0]),
    ),
}


@transaction.atomic
def take_back(*, request: SignedInRequest, token: str) -> None:
    """Brings back what was there before an act. Raises Changed when it is not as the act left it."""
    step = step_of(request, token)
    door, bring_back = INVERSES[step.kind]
    if not opens(door, request.roles):
        raise Http404
    record_act(request=request, verb="took an act back", target=f"{step.kind} {step.row.pk}")
    bring_back(request, step)


@require_POST
@desk_view(*STAFF)
def undo(request: SignedInRequest) -> HttpResponse:
    try:
        take_back(request=request, token=request.POST.get("act", ""))
    except Changed:
        messages.error(request, CHANGED)
    else:
        messages.success(request, _("Taken back. It is as it was before."))
    return redirect(local_path(request.POST.get("next"), reverse(FRONT)))
