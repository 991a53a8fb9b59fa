"""Where links in mails arrive: to claim a page or want none, and to answer or stop a new e-mail address.

Looking changes nothing, since mail scanners open every link; a person presses a button.
"""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import enter_by_link
from events.queries import current_event
from fundraisers import claims, services
from fundraisers.forms import ClaimForm
from fundraisers.models import EmailChange, Fundraiser
from outreach.tokens import Expired, carried_by

CLAIM_LIFE = timedelta(days=60)
ANSWER_LIFE = timedelta(days=14)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    page = _claimable(token)
    if page is None:
        return _private(render(request, "my/claim_over.html", {"event": current_event()}))
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["what"] == ClaimForm.MINE:
            return _enter(request, page)
        if not page.is_hidden:
            services.set_hidden(fundraiser=page, hidden=True, by=Fundraiser.HiddenBy.OWNER)
        return redirect("claim", token)
    others = Fundraiser.objects.filter(event=page.event, owner=None, email=page.email).exclude(pk=page.pk)
    context = {"event": page.event, "fundraiser": page, "others": others.order_by("bib")}
    return _private(render(request, "my/claim.html", context, status=422 if form.errors else 200))


def _claimable(token: str) -> Fundraiser | None:
    """The page that a link from its mail is for; None once it has an owner, another address, or the link is too old."""
    try:
        told = carried_by("claim_token", token, CLAIM_LIFE)
    except Expired:
        return None
    waiting = Fundraiser.objects.filter(pk=told["page"], email=told["email"], owner=None, event__is_current=True)
    return waiting.select_related("event", "team").first()


def _enter(request: HttpRequest, page: Fundraiser) -> HttpResponse:
    user = claims.claim_by_link(page=page)
    mine = reverse("my_page", args=[page.bib])
    if enter_by_link(request=request, user=user):
        messages.success(request, _("It is yours now."))
        return redirect(mine)
    # For them a link in a mail is not enough to come in.
    return redirect(f"{reverse('account_login')}?{urlencode({'next': mine})}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_answer(request: HttpRequest, token: str) -> HttpResponse:
    change = _change("answer_token", token)
    if request.method == "POST" and change:
        claims.answer(change=change)
        change.refresh_from_db()
    return _private(render(request, "my/email_answer.html", {"event": current_event(), "change": change}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_stop(request: HttpRequest, token: str) -> HttpResponse:
    change = _change("stop_token", token)
    stopped = request.method == "POST" and change is not None and claims.stop(change=change)
    context = {"event": current_event(), "change": change, "stopped": stopped}
    return _private(render(request, "my/email_stop.html", context))


def _change(purpose: str, token: str) -> EmailChange | None:
    """What a link is about; None once that is over."""
    try:
        number = carried_by(purpose, token, ANSWER_LIFE)
    except Expired:
        return None
    change = EmailChange.objects.filter(pk=number).first()
    if change is None:
        raise Http404
    return change if change.closed_at is None else None


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no other site hears of it."""
    # Not "no-referrer": browsers then send the form without its origin, and it is refused.
    response["Referrer-Policy"] = "same-origin"
    return response
