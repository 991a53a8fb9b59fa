"""The search of the desk: one box on every page."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, desk_view
from desk import search
from desk.forms import SearchForm
from desk.shell import STAFF, show
from events.queries import current_event


@require_safe
@desk_view(*STAFF)
def find(request: SignedInRequest) -> HttpResponse:
    event, query = current_event(), SearchForm(request.GET).query()
    asked = search.read(event, query, request.roles)
    page = search.page_of_id(asked)
    if page:
        return redirect(page)
    context = {"event": event, "query": query, "found": search.groups(asked)}
    return show(request, "search", "search", context)
