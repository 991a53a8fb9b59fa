"""What the newsletter is: the page that says so, without a form and without a cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.queries import current_event
from pages.cached import cached_page


@cached_page
def newsletter(request: HttpRequest) -> HttpResponse:
    return render(request, "news/newsletter.html", {"event": current_event()})
