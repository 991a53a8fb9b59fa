"""The campaign in one scroll, as everybody sees it and as the desk looks at a version of it; and help in danger."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.guards import SignedInRequest, desk_view
from accounts.models import Role
from donations.disbursements.models import Receipt
from donations.disbursements.queries import told_of
from donations.giving.models import Donation
from donations.giving.queries import Money, money_of, received_gifts
from events.home import Home, home_of
from events.models import Event
from events.queries import current_event, lanes, option_prices, public_stories
from fundraisers.sharing import event_share_sheet
from fundraisers.standings import Kind, board
from pages.cached import cached_page
from pages.previews import event_preview


@dataclass(frozen=True, slots=True)
class Reached:
    """What was put aside for an organization, what of it was paid, and what it has confirmed. Cents."""

    name: str
    about: str
    url: str
    place: int
    cents: int
    paid_cents: int
    confirmed_cents: int


TEAMS_SHOWN, GIFTS_SHOWN, STORIES_QUOTED = 5, 5, 3
NOTHING = Home((), [], [])


@cached_page
def home(request: HttpRequest) -> HttpResponse:
    event = current_event("home")
    shown = home_of(event.home.content) if event.home else NOTHING
    return render(request, "home.html", _context(event, shown))


@require_safe
@desk_view(Role.ORGANIZER)
def preview(request: SignedInRequest, number: int) -> HttpResponse:
    """A version of the home page before, or after, it was everybody's."""
    event = current_event()
    version = get_object_or_404(event.home_versions, number=number)
    return render(request, "home.html", _context(event, home_of(version.content)) | {"version": version})


def _context(event: Event, home: Home) -> dict[str, Any]:
    # The lanes are read once, for the money, the picture and the card.
    prefetch_related_objects([event], "beneficiaries")
    money, shown = money_of(event), lanes(event)
    return {
        "event": event,
        "home": home,
        "lanes": shown,
        "preview": event_preview(event, shown),
        "lane_money": money.allocated_lanes,
        "reached": _reached(event, money),
        "raised_cents": event.raised_cents,
        "goal_cents": event.goal_cents,
        "runner_count": board(event, Kind.RUNNERS).size(),
        "options": option_prices(event),
        "stories": public_stories(event).filter(may_quote=True).exclude(lead="")[:STORIES_QUOTED],
        "phases": event.volunteer_phases.all(),
        "leaders": board(event, Kind.TEAMS).top(0, TEAMS_SHOWN) if home.shows("teams") else [],
        "recent": _recent(event) if home.shows("teams") else [],
        "sponsors": event.sponsors.filter(consent=True),
        "share": event_share_sheet(event, shown),
        "check": money.check,
        "hundred": money.hundred,
        "short_cents": money.short_cents,
    }


def _recent(event: Event) -> "QuerySet[Donation]":
    """What was given just now, but to pages that are on no list."""
    gifts = received_gifts(event)
    return gifts.exclude(fundraiser__is_hidden=True).exclude(fundraiser__is_listed=False)[:GIFTS_SHOWN]


def _reached(event: Event, money: Money) -> list[Reached]:
    """The organizations in the order of their lanes. Nobody is asked what arrived while nothing was paid."""
    told = told_of(event) if money.paid_cents else {}
    return [
        Reached(
            name=lane.name,
            about=lane.about,
            url=organization.url,
            place=lane.place,
            cents=lane.allocated_cents,
            paid_cents=lane.paid_cents,
            confirmed_cents=told.get(lane.slug, {}).get(Receipt.Kind.CONFIRMED, 0),
        )
        for lane, organization in zip(money.lanes, lanes(event), strict=True)
    ]


@cached_page
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"event": current_event()})
