"""oEmbed 1.0 (oembed.com): somebody pastes an address of ours, and their site asks here what to put in its place.

The address is read, never fetched: whom it is about is found in our own list of addresses.
"""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from common.http import public_page
from events.models import Event
from events.queries import current_event
from pages.widgets import LEADERBOARD, OF_PAGE, OF_TEAM, THERMOMETER, About, about, frame

WIDEST = 10_000


class AskedForm(forms.Form):
    """What the specification lets a consumer say. Narrower than this no frame can be read."""

    url = forms.CharField(max_length=2000)
    format = forms.CharField(required=False, max_length=20)
    maxwidth = forms.IntegerField(required=False, min_value=1, max_value=WIDEST)
    maxheight = forms.IntegerField(required=False, min_value=1, max_value=WIDEST)


@public_page
def oembed(request: HttpRequest) -> HttpResponse:
    """Not kept: there are as many answers as sizes. It reads a few rows by an index."""
    form = AskedForm(request.GET)
    if not form.is_valid():
        return _answer({"error": _("Say url, an address of ours, and maxwidth and maxheight as whole numbers.")}, 400)
    asked = form.cleaned_data
    if asked["format"] not in ("", "json"):
        return _answer({"error": _("There is JSON here, and nothing else.")}, 501)
    event = current_event()
    try:
        of, kind = _meant(event, asked["url"])
    except Http404:
        return _answer({"error": _("There is nothing to embed at this address.")}, 404)
    shown = frame(of, kind, asked["maxwidth"], asked["maxheight"])
    return _answer(
        {
            "type": "rich",
            "version": "1.0",
            "title": shown.title,
            "provider_name": event.name,
            "provider_url": settings.SITE_URL + reverse("home"),
            "html": shown.html,
            "width": shown.width,
            "height": shown.height,
        }
    )


def _meant(event: Event, address: str) -> tuple[About, str]:
    """Whom an address of ours is about, and the widget that says most of it. Raises Http404 for any other address."""
    try:
        told, own = urlsplit(address), urlsplit(settings.SITE_URL)
        match = resolve(told.path or "/") if told.scheme in ("http", "https") and told.netloc == own.netloc else None
    except (ValueError, Resolver404) as error:
        raise Http404 from error
    name, slug = (match.url_name, match.kwargs.get("slug", "")) if match else ("", "")
    if name == "fundraiser":
        return about(event, OF_PAGE, slug), THERMOMETER
    if name == "team":
        return about(event, OF_TEAM, slug), THERMOMETER
    if name in ("home", "leaderboard"):
        return about(event), LEADERBOARD if name == "leaderboard" else THERMOMETER
    raise Http404


def _answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    """Any site's script may read it, too (CORS)."""
    answer = JsonResponse(told, status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
