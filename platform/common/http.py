"""How public pages answer: for everybody the same, kept by any proxy, never shown stale."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponseBase]


def public_page(view: View) -> View:
    """A page without cookies or a form: `Cache-Control: public, no-cache`, an ETag, 304 when nothing changed."""
    guarded: Any = cache_control(public=True, no_cache=True)(view)
    # Compressed here, since nothing on these pages is secret (BREACH needs a secret beside what a stranger chose).
    page: View = gzip_page(require_safe(conditional_page(guarded)))
    return page
