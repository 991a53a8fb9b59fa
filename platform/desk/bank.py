"""The bank's lines at the desk: each is said to be something by a person, and can be put right for a reason."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.services import record_act
from common.money import dollars
from desk.bank_forms import LinesForm, MatchForm, RightForm, SayForm
from desk.bank_queries import names_of, nearest, with_proposals
from desk.shell import MONEY, page_of, show
from donations.bank import services
from donations.bank.models import BankLine
from donations.bank.queries import (
    agreement,
    entries_of_line,
    lines_matching,
    matchable_items,
    proposals,
    standing_of,
    waiting_lines,
)
from donations.ledger.services import ledger_of
from events.queries import current_event

LINES_AT_ONCE, ITEMS_SHOWN = 10, 60
State = BankLine.State


@require_safe
@desk_view(*MONEY)
def bank(request: SignedInRequest) -> HttpResponse:
    """The lines that wait, each with what it may be."""
    event = current_event()
    book = ledger_of(event)
    found = page_of(request, waiting_lines(book), LINES_AT_ONCE)
    items = matchable_items(book)
    names = names_of(item.key for item in items)
    context = {
        "event": event,
        "agreement": agreement(book),
        "page_obj": found,
        "waiting": with_proposals(found.object_list, items, names),
        "names": names,
        "has_statements": book.statements.exists(),
    }
    return show(request, "bank", "bank", context)


@require_safe
@desk_view(*MONEY)
def lines(request: SignedInRequest) -> HttpResponse:
    event, form = current_event(), LinesForm(request.GET)
    state, query = form.wanted()
    found = page_of(request, lines_matching(ledger_of(event), state, query))
    context = {"event": event, "page_obj": found, "filters": form, "state": state, "query": query}
    return show(request, "bank", "bank_lines", context)


def _line(pk: int) -> BankLine:
    found = BankLine.objects.select_related("ledger", "statement__by")
    return get_object_or_404(found, pk=pk, ledger__code=current_event().ledger_code)


@require_safe
@desk_view(*MONEY)
def line(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _line(pk))


def _show(request: SignedInRequest, found: BankLine, form: MatchForm | None = None) -> HttpResponse:
    items = matchable_items(found.ledger) if found.state == State.OPEN else []
    names = names_of(item.key for item in items)
    shown = nearest(items, found, ITEMS_SHOWN)
    form = form or MatchForm(shown)
    context: dict[str, Any] = {
        "event": current_event(),
        "line": found,
        "form": form,
        "names": names,
        "rows": [(item, form[f"item-{item.pk}"]) for item in shown if f"item-{item.pk}" in form.fields],
        "left_out": len(items) - len(shown),
        "proposals": proposals(found, items, names),
        "entries": entries_of_line(found),
    }
    return show(request, "bank", "bank_line", context, 422 if form.errors else 200)


@require_POST
@desk_view(Role.TREASURER, fresh_mfa=True)
def match(request: SignedInRequest, pk: int) -> HttpResponse:
    """Closes open items by a line: those of a proposal, or those that a person chose."""
    found = _line(pk)
    if found.state != State.OPEN:
        messages.error(request, _("What this line is has been said already. Nothing was done."))
        return redirect("desk_bank_line", pk)
    form = MatchForm(matchable_items(found.ledger), request.POST)
    if form.is_valid():
        parts = form.cleaned_data["parts"]
        try:
            with transaction.atomic():
                services.match(line=found, parts=parts)
                closed = ", ".join(f"{part.item.key} {part.cents}" for part in parts)
                record_act(request=request, verb="matched a line", target=f"{found.reference}: {closed}"[:200])
        except services.CannotMatch as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(sum)s is matched.") % {"sum": dollars(found.cents)})
            return redirect("desk_bank")
    return _show(request, found, form)


@require_POST
@desk_view(Role.TREASURER, fresh_mfa=True)
def say(request: SignedInRequest, pk: int) -> HttpResponse:
    """The line is the bank's own fee or interest, or nobody knows what it is."""
    found, form = _line(pk), SayForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say what the line is. Nothing was done."))
    fee = form.cleaned_data["what"] == SayForm.FEE
    try:
        with transaction.atomic():
            (services.call_fee if fee else services.call_unexplained)(line=found)
            verb = "called a line a fee" if fee else "called a line unexplained"
            record_act(request=request, verb=verb, target=f"{found.reference}, {found.cents} cents"[:200])
    except services.CannotMatch as error:
        messages.error(request, str(error))
    else:
        said = _("%(sum)s is the fee pool's.") if fee else _("%(sum)s is in suspense, and on the public page.")
        messages.success(request, said % {"sum": dollars(found.cents)})
    return redirect("desk_bank")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def right(request: SignedInRequest, pk: int) -> HttpResponse:
    """Moves what a line was said to be to where it belongs; both entries stay in the books."""
    found = _line(pk)
    standing, step = standing_of(found), entries_of_line(found).count()
    items = nearest(matchable_items(found.ledger), found, ITEMS_SHOWN)
    names = names_of([*(item.key for item in items), *(one.key for one in standing)])
    form = RightForm(standing, items, names, step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        was, item = form.chosen()
        data = form.cleaned_data
        try:
            with transaction.atomic():
                services.put_right(line=found, was=was, item=item, reason=data["reason"], step=data["step"])
                target = f"{found.reference}: {was.key or was.account.code} to {item.key if item else 'fee_pool'}"
                record_act(request=request, verb="put a line right", target=target[:200], reason=data["reason"])
        except services.CannotMatch as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Put right. Both entries stay in the books."))
            return redirect("desk_bank_line", pk)
    context = {"event": current_event(), "line": found, "form": form, "standing": standing}
    return show(request, "bank", "bank_right", context, 422 if form.errors else 200)
