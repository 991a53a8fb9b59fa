"""How public pages answer: for everybody the same, kept by any proxy, never shown stale."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponseBase]


def public_answer(view: View) -> View:
    """The same for everybody: `Cache-Control: public, no-cache`, an ETag, 304 when nothing changed."""
    guarded: Any = cache_control(public=True, no_cache=True)(view)
    # Compressed here, since nothing in it is secret (BREACH needs a secret beside what a stranger chose).
    answer: View = gzip_page(conditional_page(guarded))
    return answer


def public_page(view: View) -> View:
    """A page without cookies or a form."""
    page: View = require_safe(public_answer(view))
    return page


def public_file(
    request: HttpRequest, version: str, content_type: str, make: Callable[[], bytes | None]
) -> HttpResponseBase:
    """A picture or document for everybody, made only for who does not have this version of it. None of it is 404.

    Every proxy may keep it, and asks again each time: what is hidden is gone at once.
    """
    etag = quote_etag(version)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        content = make()
        if content is None:
            raise Http404
        answer = HttpResponse(content, content_type=content_type)
    answer["ETag"] = etag
    patch_cache_control(answer, public=True, no_cache=True)
    return answer
