"""The site's addresses, and four doors of staff to knock at."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from config.urls import urlpatterns as site


def page(words: str) -> HttpResponse:
    # With an icon of its own, or the browser would ask for /favicon.ico after the test is over.
    return HttpResponse(f'<link rel="icon" href="data:,"><body>{words}</body>')


@desk_view(Role.ORGANIZER, Role.TREASURER)
def books(request: SignedInRequest, number: int = 1) -> HttpResponse:
    return page(f"books {number} for {request.user.email}")


@desk_view(Role.TREASURER, fresh_mfa=True)
def pay(request: SignedInRequest) -> HttpResponse:
    return page("paid")


@desk_view(Role.CHARITY)
def confirm(request: SignedInRequest) -> HttpResponse:
    return page("confirmed")


def home(request: HttpRequest) -> HttpResponse:
    return page("hello")


urlpatterns = [
    *site,
    path("doors/me", home),
    path("doors/books", books),
    path("doors/books/<int:number>", books),
    path("doors/pay", pay),
    path("doors/confirm", confirm),
]
