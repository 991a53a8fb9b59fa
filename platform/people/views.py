"""What we know about a person, for that person: asked for with an address, opened by the link that comes to it."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import SignedInRequest
from common.tries import is_within, status_of
from donations.giving.shown import AddressForm
from events.queries import current_event
from outreach.tokens import Expired, carried_by
from people import asking, services
from people.exports import export_of, sections_of
from people.forms import ForgetForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    event = current_event()
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_within(request, form, asking.NETWORK):
        asking.ask(event=event, email=form.cleaned_data["email"])
        return redirect("data_sent")
    return render(request, "people/ask.html", {"event": event, "form": form}, status=status_of(form))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not."""
    return render(request, "people/ask.html", {"event": current_event(), "sent": True})


@never_cache
@require_safe
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """To the mailbox, too: a claim link that was forwarded signs its holder in, and must not open all this."""
    asking.ask(event=current_event(), email=request.user.email)
    return redirect("data_sent")


@never_cache
@require_safe
def data(request: HttpRequest, token: str) -> HttpResponse:
    try:
        email = address_of_link(token)
    except Expired:
        return redirect("data_ask")
    context = {"event": current_event(), "email": email, "token": token, "sections": sections_of(email)}
    return _own(render(request, "people/data.html", context))


@never_cache
@require_safe
def data_file(request: HttpRequest, token: str) -> HttpResponse:
    try:
        email = address_of_link(token)
    except Expired:
        return redirect("data_ask")
    return _own(file_of(email))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Says what goes, what stays and why; a press deletes."""
    try:
        email = address_of_link(token)
    except Expired:
        return redirect("data_ask")
    form = ForgetForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_within(request, form, asking.NETWORK):
        try:
            services.forget(email=email)
        except services.Refused as refused:
            for sentence in refused.sentences:
                form.add_error(None, _("%(why)s Nothing was deleted.") % {"why": sentence})
        else:
            return redirect("data_gone")
    context = {"event": current_event(), "token": token, "email": email, "form": form}
    context |= {"lines": services.plan(email), "hindrances": services.hindrances(email)}
    return _own(render(request, "people/forget.html", context, status=422 if form.errors else 200))


@never_cache
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "people/gone.html", {"event": current_event()})


def address_of_link(token: str) -> str:
    """The guard: whoever has the link reads what is kept under its address; 404 for everybody else. Raises Expired."""
    return str(carried_by(asking.PURPOSE, token, asking.LINK_LIFE))


def file_of(email: str) -> HttpResponse:
    """The export of one person as a file."""
    answer = HttpResponse(json.dumps(export_of(email), indent=2, ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="what-we-know-about-you.json"'
    return answer


def _own(response: HttpResponse) -> HttpResponse:
    """The address is the person's own: no other site hears of it."""
    response["Referrer-Policy"] = "same-origin"
    return response
