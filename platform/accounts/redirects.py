"""Where a person may be sent after a step: only to a page of this site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_local_path(url: str | None) -> bool:
    """Whether `url` is a path on this site: one leading slash, no host, no scheme, nothing a browser reads as one."""
    return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(str(url), allowed_hosts=None)


def local_path(url: str | None, default: str = "") -> str:
    """`url` if it is a path on this site, else `default`, else the page of the signed-in person."""
    return str(url) if is_local_path(url) else default or str(settings.LOGIN_REDIRECT_URL)


def page_of(request: HttpRequest) -> str:
    """The path to come back to after a sign-in: the page itself, or for a form or htmx request the page it was on."""
    fragment = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not fragment:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("HX-Current-URL" if fragment else "Referer", ""))
    if came_from.netloc != request.get_host():
        return local_path(None)
    return local_path(came_from._replace(scheme="", netloc="", fragment="").geturl())
