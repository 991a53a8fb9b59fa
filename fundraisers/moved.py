"""Old addresses of pages, on cards, codes and sheets that are out in the world."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from fundraisers.queries import Moved


def follows_moves(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Sends who asks by an address that the page had to the same thing at the one it has now."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            match = request.resolver_match
            assert match
            assert match.url_name
            there = HttpResponseRedirect(reverse(match.url_name, kwargs={**match.kwargs, "slug": moved.slug}))
            add_never_cache_headers(there)
            return there

    return answer
