"""The leaderboard: a race seen from above, measured in five ways, and the search in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.http import public_page
from donations.giving.queries import given_lately
from events.models import Event
from events.queries import current_event, lanes
from fundraisers.search import search
from fundraisers.standings import Kind, Standing, board
from pages.cached import cached_list
from pages.forms import SearchForm

PLACES_A_PAGE = 50
# A deep page costs SQL what lies before it. Whoever stands further behind is found by name, and knows their own place.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to measure the race. An empty slug is the leaderboard's own address."""

    slug: str
    title: Promise
    about: Promise
    nobody: Promise


_AT_THE_START = _("Everybody is still at the start. The first gift takes the lead.")
_NO_TEAM = _("There is no team yet. The first one takes the lead.")
TABS = {
    "": Tab("", _("Runners"), _("Every runner's lanes are as long as what was given to their page."), _AT_THE_START),
    Kind.TEAMS: Tab(
        Kind.TEAMS, _("Teams"), _("Every team's lanes are as long as what was given to it and its runners."), _NO_TEAM
    ),
    Kind.AVERAGE: Tab(
        Kind.AVERAGE,
        _("Per runner"),
        _("What teams raised for each of their runners: small ones have a chance."),
        _NO_TEAM,
    ),
    Kind.DONORS: Tab(
        Kind.DONORS, _("Gifts"), _("Lanes as long as the number of gifts, large or small."), _AT_THE_START
    ),
    "day": Tab(
        "day",
        _("Last 24 hours"),
        _("What was given in the last 24 hours."),
        _("No gift in the last 24 hours. The next one takes the lead."),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A place as it is drawn: `share` is the part of the leader's score, 0 to 1."""

    place: Standing
    share: float


@cached_list
def leaders(request: HttpRequest, slug: str = "") -> HttpResponse:
    if slug not in TABS:
        raise Http404
    event = current_event()
    number = min(max(int(request.GET.get("page") or 1), 1), MOST_PAGES)
    start = (number - 1) * PLACES_A_PAGE
    # One more than is shown tells whether there is a next page.
    places = _places(event, slug, start, PLACES_A_PAGE + 1)
    if start and not places:
        raise Http404
    context = {
        "event": event,
        "lanes": lanes(event),
        "tab": TABS[slug],
        "tabs": TABS.values(),
        "rows": _rows(places[:PLACES_A_PAGE], _places(event, slug, 0, 1) if start else places),
        "number": number,
        "has_next": len(places) > PLACES_A_PAGE and number < MOST_PAGES,
        "is_cut": len(places) > PLACES_A_PAGE and number == MOST_PAGES,
    }
    return render(request, "leaderboard.html", context)


def _places(event: Event, slug: str, start: int, count: int) -> list[Standing]:
    if slug == "day":
        return given_lately(event, start, count)
    return board(event, Kind(slug or Kind.RUNNERS)).top(start, count)


def _rows(places: Sequence[Standing], leaders: Sequence[Standing]) -> list[Row]:
    most = max(leaders[0].score, 1) if leaders else 1
    return [Row(place, max(place.score, 0) / most) for place in places]


@public_page
def find(request: HttpRequest) -> HttpResponse:
    """Not kept: there are as many answers as words. It reads a few rows by an index."""
    event = current_event()
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = search(event, form.cleaned_data["q"]) if form.is_valid() else None
    context = {"event": event, "lanes": lanes(event), "form": form, "found": found, "tabs": TABS.values()}
    return render(request, "leaderboard_search.html", context)
