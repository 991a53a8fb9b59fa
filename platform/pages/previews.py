"""What messengers and search engines show of a page: Open Graph, and structured data in the words of schema.org."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from common.money import short_dollars
from events.models import Beneficiary, Event
from fundraisers.cards import Card, event_card, runner_card, team_card, when_and_where
from fundraisers.models import Fundraiser
from fundraisers.sharing import address
from teams.models import Team

# The event's file says when it starts, and not how long it takes.
LASTS = timedelta(hours=3)
STATUS = {
    Event.State.SCHEDULED: "EventScheduled",
    Event.State.POSTPONED: "EventPostponed",
    Event.State.CANCELLED: "EventCancelled",
}


@dataclass(frozen=True, slots=True)
class Preview:
    title: str
    about: str
    url: str
    card_url: str
    card_words: str
    structured: dict[str, Any]
    # Other sites may put it into a frame (pages/widgets.py): what lists show.
    is_listed: bool = True

    @property
    def oembed_url(self) -> str:
        """Where it says how; nothing where it may not."""
        asked = f"{settings.SITE_URL}{reverse('oembed')}?{urlencode({'url': self.url})}"
        return asked if self.is_listed else ""


def event_preview(event: Event, lanes: Sequence[Beneficiary]) -> Preview:
    card, home = event_card(event, lanes), _home()
    title = f"{event.name}: {event.tagline}"
    about = f"{when_and_where(event)}. {_('Run, walk or give: everything goes to the organizations, to the cent.')}"
    picture = settings.SITE_URL + reverse("event_card", args=[card.digest])
    return Preview(title, about, home, picture, _said(card), _event(event, lanes, picture))


def runner_preview(page: Fundraiser, event: Event, lanes: Sequence[Beneficiary]) -> Preview:
    """Of a protected page it says nothing but the event; of an unlisted one search engines learn no name."""
    card = runner_card(page, event, lanes)
    picture = settings.SITE_URL + reverse("card", args=[page.slug, card.digest])
    if page.is_protected:
        title, about = f"{event.name}: {event.tagline}", _("A runner's page. Everything goes to the organizations.")
    else:
        title, about = page.heading, _about(page.name, event, page.raised_cents, page.goal_cents)
    name = page.heading if page.is_listed and not page.is_protected else event.name
    give = settings.SITE_URL + reverse("give", args=[page.slug])
    structured = _page(name, address(page), picture, give, event, lanes)
    return Preview(title, about, address(page), picture, _said(card), structured, page.is_listed)


def team_preview(team: Team, event: Event, lanes: Sequence[Beneficiary]) -> Preview:
    card, url = team_card(team, event, lanes), settings.SITE_URL + team.get_absolute_url()
    picture = settings.SITE_URL + reverse("team_card", args=[team.slug, card.digest])
    give = settings.SITE_URL + reverse("give_team", args=[team.slug])
    structured = _page(team.name, url, picture, give, event, lanes)
    about = _about(team.name, event, team.raised_cents, team.goal_cents)
    return Preview(f"{team.name} · {event.name}", about, url, picture, _said(card), structured)


def _home() -> str:
    return settings.SITE_URL + reverse("home")


def _about(name: str, event: Event, raised_cents: int, goal_cents: int) -> str:
    told = {"name": name, "event": event.name, "raised": short_dollars(raised_cents), "goal": short_dollars(goal_cents)}
    if not goal_cents:
        return _("%(name)s, %(event)s: %(raised)s, to the cent for the organizations.") % told
    return _("%(name)s, %(event)s: %(raised)s of %(goal)s, to the cent for the organizations.") % told


def _said(card: Card) -> str:
    """The card in words, for who does not see it."""
    face = card.face
    name = _("Bib %(number)s, %(name)s") % {"number": face.number, "name": face.name} if face.number else face.name
    return f"{name}: {face.amount} {face.beside}".strip()


# --- schema.org --------------------------------------------------------------------------------------------


def _event(event: Event, lanes: Sequence[Beneficiary], picture: str) -> dict[str, Any]:
    start = event.starts_at.astimezone(event.zone)
    return {
        "@context": "https://schema.org",
        "@type": "SportsEvent",
        "@id": f"{_home()}#event",
        "name": event.name,
        "description": event.tagline,
        "sport": "Running",
        "url": _home(),
        "image": picture,
        "startDate": start.isoformat(),
        "endDate": (start + LASTS).isoformat(),
        "eventStatus": f"https://schema.org/{STATUS[Event.State(event.state)]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": event.venue,
            "address": {"@type": "PostalAddress", "streetAddress": event.address, "addressLocality": event.city},
        },
        "organizer": {"@type": "Organization", "name": event.legal_name, "url": _home()},
        "potentialAction": _donate(settings.SITE_URL + reverse("give_event"), lanes),
    }


def _page(
    name: str, url: str, picture: str, give_url: str, event: Event, lanes: Sequence[Beneficiary]
) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": name,
        "url": url,
        "image": picture,
        "about": {"@type": "SportsEvent", "@id": f"{_home()}#event", "name": event.name},
        "potentialAction": _donate(give_url, lanes),
    }


def _donate(target: str, lanes: Sequence[Beneficiary]) -> dict[str, Any]:
    organizations = [_organization(lane) for lane in lanes if lane.weight]
    return {"@type": "DonateAction", "target": target, "recipient": organizations}


def _organization(lane: Beneficiary) -> dict[str, str]:
    told = {"@type": "NGO", "name": lane.name, "description": lane.about}
    return {**told, "url": lane.url} if lane.url else told
