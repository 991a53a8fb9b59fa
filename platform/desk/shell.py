"""What every page of the desk shares: its frame, its roles, its lists and its one sentence for who came too late."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from accounts.guards import SignedInRequest
from accounts.models import Role
from desk.bank_queries import remainder_of
from desk.navigation import groups_for, may_of

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
    here = request.resolver_match.url_name if request.resolver_match else ""
    frame = {"room": room, "may": may_of(request.roles), "groups": groups_for(request.roles, room, here or "")}
    money = {"remainder_cents": remainder_of(context["event"])} if room in MONEY_ROOMS else {}
    return render(request, f"desk/{template}.html", {**frame, **money, **context}, status=status)


def page_of(request: HttpRequest, found: "QuerySet[Any]", rows: int = ROWS) -> "Page[Any]":
    """The page of a list that the query string asks for; a number that makes no sense is the first or last one."""
    return Paginator(found, rows).get_page(request.GET.get("page"))
