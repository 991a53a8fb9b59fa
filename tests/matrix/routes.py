"""The routes of the site, read from its URL configuration."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> dict[str, Callable[..., Any]]:
    """Every route by name. A route without a name, or two of one name, could not be in a table: both are refused."""
    found: dict[str, Callable[..., Any]] = {}
    for pattern in _patterns(get_resolver().url_patterns):
        assert pattern.name, f"{pattern.pattern} has no name"
        assert pattern.name not in found, f"{pattern.name} stands for two routes"
        found[pattern.name] = pattern.callback
    return found


def _patterns(given: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in given:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
