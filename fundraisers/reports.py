"""Somebody says that a page or a team is wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from common.tries import is_within, status_of
from events.queries import current_event
from fundraisers import services
from fundraisers.forms import ReportForm
from fundraisers.models import Fundraiser
from fundraisers.moved import follows_moves
from fundraisers.queries import public_fundraiser
from teams.models import Team
from teams.queries import public_team

# Of one address: a person reads them all.
REPORTS = (RateLimitItemPerMinute(10, namespace="reports"), RateLimitItemPerHour(60, namespace="reports"))


@follows_moves
def report_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _report(request, public_fundraiser(current_event(), slug), reverse("report", args=[slug]))


def report_team(request: HttpRequest, slug: str) -> HttpResponse:
    return _report(request, public_team(current_event(), slug), reverse("report_team", args=[slug]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _report(request: HttpRequest, page: Fundraiser | Team, here: str) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and is_within(request, form, REPORTS):
        data = form.cleaned_data
        services.report(page=page, reason=data["reason"], email=data["email"], form_token=data["form_token"])
        return redirect(f"{here}?sent=1")
    context = {"event": page.event, "page": page, "form": form, "sent": "sent" in request.GET}
    return render(request, "report.html", context, status=status_of(form))
