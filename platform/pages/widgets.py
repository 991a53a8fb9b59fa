"""Pieces of the race for other sites: how far, who leads, a button. The only pages of ours that others may frame.

They hold no form, no script and no cookie, so that nothing can be pressed by who was led to press it; what they link
to opens in a window of its own. Only what lists may show can be embedded: a page that is found by its address alone
is no more to be had here than one that is hidden.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt

from donations.giving.queries import split_parts
from events.models import Event
from events.queries import current_event, lanes
from fundraisers.models import Fundraiser
from fundraisers.queries import Moved, public_fundraiser
from fundraisers.standings import Kind, board
from fundraisers.team_queries import named_members
from pages.cached import cached_page
from teams.models import Team
from teams.queries import public_team

THERMOMETER, LEADERBOARD, GIVE = "thermometer", "leaderboard", "give"
PLACES = 5
# What a frame may do: open what was pressed in a window that is like any other. It runs nothing.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
# Whom an address is about: the event, a runner's page, a team.
OF_PAGE, OF_TEAM = "r", "t"
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class About:
    """Whom a widget is about, as everybody may see them. Cents."""

    name: str
    url: str
    give_url: str
    raised_cents: int
    goal_cents: int
    page: Fundraiser | None = None
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Row:
    rank: int
    name: str
    url: str
    cents: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A widget as other sites put it on their page; sizes in CSS pixels."""

    kind: str
    title: str
    path: str
    width: int
    height: int
    sandbox: str = SANDBOX

    @property
    def html(self) -> SafeString:
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" sandbox="{}" loading="lazy" frameborder="0"></iframe>',
            *(_here(self.path), self.title, self.width, self.height, self.sandbox),
        )


# Width, and height where it is that wide; narrow ones break their lines.
SIZES = {THERMOMETER: (400, 290), LEADERBOARD: (400, 350), GIVE: (320, 96)}
NARROW, MORE = 300, 60
TITLES = {
    THERMOMETER: _("How far %(name)s is"),
    LEADERBOARD: _("Who leads: %(name)s"),
    GIVE: _("Give to %(name)s"),
}


def about(event: Event, whom: str = "", slug: str = "") -> About:
    """The event, a listed runner's page or a team; 404 for whoever lists do not show. An old address is followed."""
    if whom == OF_PAGE:
        try:
            page = public_fundraiser(event, slug)
        except Moved as moved:
            page = public_fundraiser(event, moved.slug)
        # A protected page is never listed (the database holds it).
        if not page.is_listed:
            raise Http404
        give, own = reverse("give", args=[page.slug]), page.get_absolute_url()
        return About(page.name, _here(own), _here(give), page.raised_cents, page.goal_cents, page=page)
    if whom == OF_TEAM:
        team = public_team(event, slug)
        give, own = reverse("give_team", args=[team.slug]), team.get_absolute_url()
        return About(team.name, _here(own), _here(give), team.raised_cents, team.goal_cents, team=team)
    if whom:
        raise Http404
    home, give = _here(reverse("home")), _here(reverse("give_event"))
    return About(event.name, home, give, event.raised_cents, event.goal_cents)


def frame(of: About, kind: str, most_wide: int | None = None, most_high: int | None = None) -> Frame:
    """The frame of a widget, no larger than somebody has room for."""
    width = min(SIZES[kind][0], most_wide or SIZES[kind][0])
    height = SIZES[kind][1] + (MORE if width < NARROW else 0)
    slug = of.page.slug if of.page else of.team.slug if of.team else ""
    whom = OF_PAGE if of.page else OF_TEAM
    path = reverse("widget_of", args=[kind, whom, slug]) if slug else reverse("widget", args=[kind])
    title = str(TITLES[kind]) % {"name": of.name}
    return Frame(kind, title, path, width, min(height, most_high or height))


def _here(path: str) -> str:
    return settings.SITE_URL + path


def framed(view: View) -> View:
    """The exception: any site may frame it. In exchange its policy allows less than any other page's."""
    policy = {
        "default-src": [NONE],
        "script-src": [NONE],
        "connect-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ["*"],
    }

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            # A browser would show its own torn page in the middle of somebody else's.
            return render(request, "widget_nothing.html", {"home_url": _here(reverse("home"))}, status=404)

    replaced: View = csp_replace(policy)(answer)
    whole: View = xframe_options_exempt(replaced)
    return whole


@framed
@cached_page
def widget(request: HttpRequest, kind: str, whom: str = "", slug: str = "") -> HttpResponse:
    event = current_event()
    of, shown = about(event, whom, slug), lanes(event)
    if kind not in SIZES or (kind == LEADERBOARD and of.page):
        raise Http404
    context = {
        "event": event,
        "of": of,
        "kind": kind,
        "title": str(TITLES[kind]) % {"name": of.name},
        "lanes": shown,
        "lane_money": split_parts(shown, of.raised_cents),
        "rows": _rows(event, of) if kind == LEADERBOARD else [],
    }
    return render(request, "widget.html", context)


def _rows(event: Event, of: About) -> Sequence[Row]:
    if of.team is None:
        top = board(event, Kind.RUNNERS).top(0, PLACES)
        return [
            Row(place.rank, place.holder.name, _here(place.holder.get_absolute_url()), place.score) for place in top
        ]
    named = named_members(of.team)
    sums = [cents for _number, cents in named]
    pages = Fundraiser.objects.in_bulk([number for number, _cents in named[:PLACES]])
    return [
        Row(sums.index(cents) + 1, pages[number].name, _here(pages[number].get_absolute_url()), cents)
        for number, cents in named[:PLACES]
    ]


@csp_update({"frame-src": [SELF]})
@cached_page
def put_us(request: HttpRequest, whom: str = "", slug: str = "") -> HttpResponse:
    """The widgets with the lines to copy, and how they look."""
    event = current_event()
    of = about(event, whom, slug)
    kinds = [kind for kind in SIZES if kind != LEADERBOARD or of.page is None]
    context = {
        "event": event,
        "of": of,
        "frames": [frame(of, kind) for kind in kinds],
        "oembed_url": _here(reverse("oembed")),
    }
    return render(request, "widgets.html", context)
