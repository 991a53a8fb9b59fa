"""What every page of the desk shares: its frame, its roles, its lists and its one sentence for who came too late."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from accounts.guards import SignedInRequest
from accounts.models import Role
from desk.bank_queries import remainder_of
from desk.queries import roles_of
from events.queries import current_event

ROWS = 50
STAFF = (Role.ORGANIZER, Role.TREASURER, Role.APPROVER, Role.COORDINATOR, Role.MODERATOR)
MONEY = (Role.ORGANIZER, Role.TREASURER, Role.APPROVER)
# Where the unexplained remainder is always on screen.
MONEY_ROOMS = frozenset(
    {"books", "entries", "bank", "reconcile", "disbursements", "closing", "disputes", "offline", "sponsors", "exports"}
)
CHANGED = gettext_lazy("Somebody at the desk was faster. Nothing was done; look again.")


def show(
    request: SignedInRequest, room: str, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the desk. `room` is its place in the navigation; `may` is what this person's roles let them open,
    by the name of the address without its `desk_`.
    """
    held = roles_of(request.user)
    may = {name: bool(held & roles) for name, roles in _doors().items()}
    money = {"remainder_cents": remainder_of(current_event())} if room in MONEY_ROOMS else {}
    return render(request, f"desk/{template}.html", {"room": room, "may": may, **money, **context}, status=status)


@cache
def _doors() -> dict[str, frozenset[str]]:
    """Who may open what, read off the guards of the desk's own addresses, so that the two cannot disagree."""
    return {
        name.removeprefix("desk_"): vars(view)["roles"]
        for name, view in _named_views()
        if name.startswith("desk_") and "roles" in vars(view)
    }


def _named_views() -> Iterator[tuple[str, Any]]:
    for pattern in import_module("desk.urls").urlpatterns:
        yield pattern.name, pattern.callback


def page_of(request: HttpRequest, found: "QuerySet[Any]", rows: int = ROWS) -> "Page[Any]":
    """The page of a list that the query string asks for; a number that makes no sense is the first or last one."""
    return Paginator(found, rows).get_page(request.GET.get("page"))
