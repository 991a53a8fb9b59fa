"""Files of the event for machines: a calendar's, a search engine's, a messenger's."""

from collections.abc import Iterator

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.calendars import Entry, calendar_file
from common.http import public_file, public_page
from events.models import Event
from events.queries import current_event, lanes
from fundraisers.cards import event_card
from fundraisers.models import Fundraiser
from fundraisers.sharing import address
from fundraisers.views import card_answer
from pages.cached import KEPT_SECONDS, public_version, shelf
from pages.previews import LASTS
from teams.queries import public_teams

# A sitemap holds no more (sitemaps.org, protocol).
MOST_ADDRESSES = 50_000
STATIC_PAGES = ("home", "leaderboard", "teams", "volunteer", "money", "stories", "newsletter", "help", "privacy")
STATUS = {
    Event.State.SCHEDULED: "CONFIRMED",
    Event.State.POSTPONED: "TENTATIVE",
    Event.State.CANCELLED: "CANCELLED",
}


@require_safe
def card(request: HttpRequest, digest: str) -> HttpResponseBase:
    event = current_event()
    made = event_card(event, lanes(event))
    return card_answer(request, made, digest, reverse("event_card", args=[made.digest]))


@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    event = current_event()
    return public_file(
        request, f"ics.{event.pk}.{event.edits}", "text/calendar; charset=utf-8", lambda: _calendar(event)
    )


def _calendar(event: Event) -> bytes:
    start = event.starts_at.astimezone(event.zone)
    entry = Entry(
        uid=f"{event.slug}@{settings.MAIL_DOMAIN}",
        edition=event.edits,
        starts_at=start,
        ends_at=start + LASTS,
        summary=event.name,
        description=event.tagline,
        location=f"{event.venue}, {event.address}",
        url=settings.SITE_URL + reverse("home"),
        status=STATUS[Event.State(event.state)],
    )
    return calendar_file(event.name, settings.MAIL_DOMAIN, [entry])


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    version = f"sitemap.{public_version()}"

    def written() -> bytes:
        body = shelf.ask(lambda: caches["pages"].get(version))
        if not isinstance(body, bytes):
            body = render(request, "sitemap.xml", {"addresses": _addresses(current_event())}).content
            shelf.ask(lambda: caches["pages"].set(version, body, KEPT_SECONDS))
        return body

    return public_file(request, version, "application/xml; charset=utf-8", written)


def _addresses(event: Event) -> Iterator[str]:
    """Static pages, teams, then runners, most raised first: none that is hidden, unlisted or protected."""
    found = [settings.SITE_URL + reverse(name) for name in STATIC_PAGES]
    found += [settings.SITE_URL + team.get_absolute_url() for team in public_teams(event)[:MOST_ADDRESSES]]
    yield from found[:MOST_ADDRESSES]
    listed = Fundraiser.objects.filter(event=event, is_hidden=False, is_listed=True).order_by("-raised_cents", "pk")
    yield from map(address, listed.only("slug")[: max(MOST_ADDRESSES - len(found), 0)].iterator())


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
