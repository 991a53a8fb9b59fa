"""The big screen for a crowd: the race as everybody may see it, at an address for each screen, without sign-in."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from common.http import public_page
from donations.giving.models import Donation
from donations.giving.queries import listed_gifts, money_of
from events.models import Event
from events.queries import current_event, lanes
from fundraisers.sheets import qr_svg
from fundraisers.standings import Kind, Standing, board
from pages.cached import kept
from screens.models import Screen
from screens.queries import screen_of
from screens.services import was_seen

PLACES, GIFTS, THANKS = 8, 8, 4
# A gift says so much on a screen that people walk by.
LONGEST_THANKS = 160
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Row:
    """A place as it is drawn; `share` is the part of the leader's score, 0 to 1."""

    place: Standing
    share: float


def _screen_answer(view: View) -> View:
    """An address that somebody was given: a browser keeps what it shows and asks each time, proxies keep nothing.

    The address is named to nobody, and no search engine lists it.
    """
    guarded: Any = cache_control(private=True, no_cache=True)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = guarded(request, *args, **kwargs)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
        return response

    whole: View = require_safe(gzip_page(conditional_page(answer)))
    return whole


@_screen_answer
def screen(request: HttpRequest, token: str) -> HttpResponseBase:
    """Drawn once for each version and for all screens that show the same: the page itself knows no address."""
    shown = screen_of(token)
    was_seen(screen=shown)
    return kept(f"/live?{shown.invites}&{shown.shows_thanks}", lambda: _drawn(request, shown))


@public_page
def worker(request: HttpRequest) -> HttpResponse:
    """What keeps a screen's page for when there is no network; the same for all, so it is no secret."""
    return render(request, "live_worker.js", content_type="text/javascript; charset=utf-8")


def _drawn(request: HttpRequest, shown: Screen) -> HttpResponse:
    event = current_event()
    money, runners, teams = money_of(event), board(event, Kind.RUNNERS), board(event, Kind.TEAMS)
    link = settings.SITE_URL + reverse("register" if shown.invites == Screen.Invites.REGISTER else "give_event")
    context = {
        "event": event,
        "lanes": lanes(event),
        "lane_money": money.allocated_lanes,
        "runner_count": runners.size(),
        "runners": _rows(runners.top(0, PLACES)),
        "teams": _rows(teams.top(0, PLACES)),
        "gifts": listed_gifts(event)[:GIFTS],
        "thanks": _thanks(event) if shown.shows_thanks else [],
        "invites": shown.invites,
        "code": b64encode(qr_svg(link)).decode(),
        "spoken_link": link.split("://")[-1],
    }
    return render(request, "live.html", context)


def _rows(places: list[Standing]) -> list[Row]:
    most = max(places[0].score, 1) if places else 1
    return [Row(place, max(place.score, 0) / most) for place in places]


def _thanks(event: Event) -> list[Donation]:
    """The latest thanks that everybody may read and that a crowd can read in passing."""
    thanked = listed_gifts(event).filter(thanked_at__isnull=False).order_by("-thanked_at")[: THANKS * 4]
    short = [gift for gift in thanked if gift.fundraiser and 0 < len(gift.public_thanks) <= LONGEST_THANKS]
    return short[:THANKS]
