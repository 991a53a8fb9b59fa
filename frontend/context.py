"""What every template may use. Nothing here costs a query, or touches the session, until a template asks."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from events.models import Beneficiary, Event
from events.queries import current_event, lanes


def site(request: HttpRequest) -> dict[str, Any]:
    @cache
    def event() -> Event | None:
        try:
            return current_event()
        except Http404:
            return None

    @cache
    def beneficiaries() -> list[Beneficiary]:
        shown = event()
        return lanes(shown) if shown else []

    return {
        "event": lazily(event),
        "lanes": lazily(beneficiaries),
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "canonical_url": settings.SITE_URL + request.path,
    }


def lazily(get: Callable[[], Any]) -> Any:
    return SimpleLazyObject(get)
