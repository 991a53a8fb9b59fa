"""What holds between us and who gives or runs: the terms, the refund policy, and who receives the payment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.queries import current_event
from pages.cached import cached_page


@cached_page
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "terms.html", {"event": current_event()})


@cached_page
def refunds(request: HttpRequest) -> HttpResponse:
    return render(request, "refunds.html", {"event": current_event()})
