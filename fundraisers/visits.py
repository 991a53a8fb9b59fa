"""How often a page is opened, and by which way: counted by day, without a cookie and without a person."""

from collections import Counter
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common import clock
from common.tally import Tally
from events.models import Event
from fundraisers.models import Fundraiser

# What our own links say of themselves (`?from=qr`), and what the address of another site tells of it.
WAYS = {
    "qr": _("QR code"),
    "sheet": _("Printed sheet"),
    "email": _("E-mail"),
    "sms": _("Text message"),
    "whatsapp": _("WhatsApp"),
    "facebook": _("Facebook"),
    "x": _("X"),
    "linkedin": _("LinkedIn"),
    "copy": _("Copied link"),
    "site": _("This site"),
    "search": _("Search engines"),
    "social": _("Social networks"),
    "other": _("Other sites"),
    "direct": _("Typed in, or not told"),
}
_OURS = {"qr", "sheet", "email", "sms", "whatsapp", "facebook", "x", "linkedin", "copy"}
_SEARCH = {"google", "bing", "duckduckgo", "yahoo", "ecosia", "startpage", "qwant", "brave", "baidu", "yandex"}
_SOCIAL = {
    "facebook", "instagram", "twitter", "t", "x", "linkedin", "reddit", "tiktok", "youtube", "threads", "bsky",
    "nextdoor", "whatsapp", "pinterest", "snapchat", "discord", "telegram", "mastodon",
}  # fmt: skip
_MACHINES = ("bot", "crawl", "spider", "preview", "scan", "fetch", "facebookexternalhit", "curl", "python", "http")

# Adds to what is there already: two processes may count the same page.
_ADD = (
    "INSERT INTO fundraisers_visits (fundraiser_id, day, source, count) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (fundraiser_id, day, source) DO UPDATE SET count = fundraisers_visits.count + excluded.count"
)


def way_of(request: HttpRequest) -> str:
    """By which way a person opens a page; empty for a page that asks for its own news, and for a machine."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        return ""
    if not _is_person(request.headers.get("User-Agent", "")):
        return ""
    return source_of(told_by(request), request.headers.get("Referer", ""), request.get_host())


def told_by(request: HttpRequest) -> str:
    """What a link of ours says of itself."""
    word = request.GET.get("from", "")
    return word if word in _OURS else ""


def source_of(told: str, referrer: str, here: str) -> str:
    """One of WAYS, by what a link of ours says, else by the site that was left."""
    if told:
        return told
    try:
        site = urlsplit(referrer)
        host = (site.hostname or "").lower()
    except ValueError:
        return "other"
    if not host:
        return "direct"
    if site.netloc == here:
        return "site"
    # The name before the country or the kind: www.google.co.uk, l.facebook.com, t.co.
    names = set(host.split(".")[:-1])
    return "search" if names & _SEARCH else "social" if names & _SOCIAL else "other"


def _is_person(agent: str) -> bool:
    """Browsers say who they are; what says nothing, or says it is a machine, is one. The word itself is not kept."""
    return agent.startswith("Mozilla/") and not any(word in agent.lower() for word in _MACHINES)


def keep(counts: Counter[tuple[str, str]]) -> None:
    """Adds counts by address and source to the present day of the event's calendar."""
    event = Event.objects.filter(is_current=True).first()
    if event is None:
        return
    day = clock.now().astimezone(event.zone).date().isoformat()
    pages = Fundraiser.objects.filter(event=event, slug__in={slug for slug, _source in counts})
    numbers = dict(pages.values_list("slug", "pk"))
    rows = sorted((numbers[slug], day, source, n) for (slug, source), n in counts.items() if slug in numbers)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


tally: Tally[tuple[str, str]] = Tally(keep)
