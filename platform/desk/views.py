"""The organizers' desk: gifts, pages, the books and the outbox."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from accounts.redirects import local_path
from common.money import dollars
from desk import services
from desk.attention import attention
from desk.forms import EntriesForm, HideForm, MailForm, MailsForm, PlaceForm, ReasonForm, RunnerForm, SearchForm
from desk.navigation import jobs_for
from desk.queries import (
    entries_matching,
    entries_of,
    gifts_matching,
    mails_matching,
    open_items_of,
    runners_matching,
    stuck_mails,
    trial_balance,
)
from desk.shell import CHANGED, MONEY, ROWS, STAFF, page_of, show
from desk.today import counted, places_of
from desk.undo import offered
from donations.giving.models import Donation
from donations.giving.queries import money_of, parts_of, target_name
from donations.ledger.models import Alarm, Ledger, Leg, OpenItem
from donations.ledger.queries import open_items, overdue_items
from events.queries import current_event
from fundraisers.models import Fundraiser
from outreach.models import OutboxMail

CHECKS_SHOWN = 5


@require_safe
@desk_view(*STAFF)
def front(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    money, (days, ways) = money_of(event), counted(event)
    context = {
        "event": event,
        "money": money,
        "days": days,
        "ways": ways,
        "places": places_of(event),
        "waiting": attention(event, money, request.user, request.roles),
        "jobs": jobs_for(request.roles),
    }
    return show(request, "front", "front", context)


@require_safe
@desk_view(*MONEY, Role.MODERATOR)
def gifts(request: SignedInRequest) -> HttpResponse:
    event, query = current_event(), SearchForm(request.GET).query()
    found = page_of(request, gifts_matching(event, query))
    return show(request, "gifts", "gifts", {"event": event, "page_obj": found, "query": query})


@require_safe
@desk_view(*MONEY, Role.MODERATOR)
def gift(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Donation.objects.select_related("payment", "fundraiser", "team", "event"), pk=pk)
    context = {
        "event": item.event,
        "donation": item,
        "payment": item.payment,
        "target_name": target_name(item),
        "parts": parts_of(item),
        "charges": item.payment.charges.order_by("created_at", "id"),
        "credits": item.credits.select_related("fundraiser", "team").order_by("id"),
        "entries": entries_of(item),
        "refund_requests": item.payment.refund_requests.all(),
        "items": open_items_of(item),
    }
    return show(request, "gifts", "gift", context)


@require_safe
@desk_view(*MONEY)
def books(request: SignedInRequest) -> HttpResponse:
    event = current_event()
    ledger = Ledger.objects.filter(code=event.ledger_code).first()
    context: dict[str, Any] = {"event": event, "ledger": ledger}
    if ledger:
        context |= {
            "balance": trial_balance(ledger),
            "page_obj": page_of(request, open_items(ledger)),
            "overdue": {item.pk for item in overdue_items(ledger)},
            "alarms": ledger.alarms.filter(closed_at=None)[:ROWS],
            "checks": ledger.checks.all()[:CHECKS_SHOWN],
            "money": money_of(event),
        }
    return show(request, "books", "books", context)


@require_safe
@desk_view(*MONEY)
def entries(request: SignedInRequest) -> HttpResponse:
    event, form = current_event(), EntriesForm(request.GET)
    kind, query = form.chosen(), form.query()
    found = page_of(request, entries_matching(event, kind, query))
    context = {"event": event, "page_obj": found, "filters": form, "kind": kind, "query": query}
    return show(request, "entries", "entries", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.TREASURER, fresh_mfa=True)
def place_item(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(OpenItem.objects.select_related("account__ledger"), pk=pk)
    if request.method != "POST" and not item.cents:
        raise Http404
    form = PlaceForm(item, request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.place_open_item(
                request=request,
                item=item,
                seen_cents=data["cents"],
                role=data["target"],
                key=form.key(),
                reason=data["reason"],
                token=data["form_token"],
            )
        except services.Changed:
            messages.error(request, CHANGED)
        else:
            messages.success(request, _("%(amount)s was placed.") % {"amount": dollars(abs(data["cents"]))})
        return redirect("desk_books")
    legs = Leg.objects.filter(account=item.account, key=item.key).select_related("entry", "account").order_by("pk")
    context = {"event": current_event(), "form": form, "item": item, "legs": legs}
    return show(request, "books", "place", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER, Role.TREASURER)
def close_alarm(request: SignedInRequest, pk: int) -> HttpResponse:
    alarm = get_object_or_404(Alarm, pk=pk, closed_at=None)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_alarm(request=request, alarm=alarm, reason=form.cleaned_data["reason"])
        except services.Changed:
            messages.error(request, CHANGED)
        else:
            messages.success(request, _("The alarm is closed."))
        return redirect("desk_books")
    context = {"event": current_event(), "form": form, "alarm": alarm}
    return show(request, "books", "alarm", context, 422 if form.errors else 200)


@require_safe
@desk_view(*STAFF)
def runners(request: SignedInRequest) -> HttpResponse:
    event, query = current_event(), SearchForm(request.GET).query()
    found = page_of(request, runners_matching(event, query))
    return show(request, "runners", "runners", {"event": event, "page_obj": found, "query": query})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def new_runner(request: SignedInRequest) -> HttpResponse:
    event, form = current_event(), RunnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        page = services.make_page(
            request=request,
            event=event,
            name=data["name"],
            email=data["email"],
            team=data["team"],
            goal_cents=data["goal"],
            is_listed=data["is_listed"],
        )
        messages.success(request, _("The page of bib %(bib)s is there.") % {"bib": page.bib})
        return redirect("desk_runners")
    return show(request, "runners", "new_runner", {"event": event, "form": form}, 422 if form.errors else 200)


@require_POST
@desk_view(Role.ORGANIZER, Role.MODERATOR)
def hide_runner(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hides a page, or shows it again: `hidden` says which."""
    page = get_object_or_404(Fundraiser, pk=pk, event=current_event())
    form = HideForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("The form did not say whether to hide or to show. Nothing was done."))
    hidden = form.cleaned_data["hidden"]
    said = _("The page of bib %(bib)s is hidden.") if hidden else _("The page of bib %(bib)s can be seen again.")
    with offered(request, "page", page.pk, said % {"bib": page.bib}):
        services.hide_page(request=request, page=page, hidden=hidden)
    return redirect(local_path(request.POST.get("next"), reverse("desk_runners")))


@require_safe
@desk_view(*MONEY, Role.MODERATOR)
def mails(request: SignedInRequest) -> HttpResponse:
    form = MailsForm(request.GET)
    query, stuck = form.query(), form.stuck()
    found = page_of(request, mails_matching(request.roles, query, stuck))
    context = {"event": current_event(), "page_obj": found, "filters": form, "query": query, "stuck": stuck}
    return show(request, "mails", "mails", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(Role.ORGANIZER)
def mail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mail; where it is stuck, a person decides whether it goes out again."""
    item = get_object_or_404(OutboxMail, pk=pk)
    form = MailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        again = data["what"] == MailForm.AGAIN
        act = services.send_again if again else services.give_up
        try:
            act(request=request, mail=item, reason=data["reason"])
        except services.Changed:
            messages.error(request, CHANGED)
        else:
            messages.success(request, _("The mail goes out again.") if again else _("The mail was given up."))
        return redirect("desk_mails")
    context = {"event": current_event(), "form": form, "mail": item, "stuck": stuck_mails().filter(pk=pk).exists()}
    return show(request, "mails", "mail", context, 422 if form.errors else 200)
