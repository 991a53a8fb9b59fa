"""Public pages kept under the version of what they show: a gift, a refund or an edit makes them old at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.translation import get_language
from redis import RedisError

from common.breaker import Breaker
from common.http import View, public_page

# What changes by the clock alone (a price, "closes today") is at most this old.
KEPT_SECONDS = 60
# With Redis away pages are drawn each time: slower, and right.
shelf = Breaker(RedisError, OSError)


# Asked with every visit, and the ORM would take longer to say it than the database to answer.
_VERSION = (
    "SELECT e.id, e.edits, l.last_sequence, (SELECT max(c.id) FROM ledger_bookscheck c WHERE c.ledger_id = l.id)"
    " FROM events_event e LEFT JOIN ledger_ledger l ON l.code = e.ledger_code WHERE e.is_current"
)


def public_version() -> str:
    """What the current event's pages show, in one query: its edits, the ledger's last entry, the last check."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return ".".join(str(number) for number in cursor.fetchone() or ())


def cached_page(view: View) -> View:
    """A `public_page` that is drawn once for each version. Its query is not heard: nobody fills the shelf by asking."""
    return _drawn_once(view, lambda query: "")


def cached_list(view: View) -> View:
    """The same for a list over several pages: of its query the number of the page is heard."""
    return _drawn_once(view, lambda query: _page_only(query.get("page", "")))


def _drawn_once(view: View, heard: Callable[[QueryDict], str]) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        query = heard(request.GET)
        request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
        return kept(f"{request.path}?{query}", lambda: view(request, *args, **kwargs))

    return public_page(answer)


def kept(address: str, draw: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `draw` gives, drawn once for this address, version and language. Only what is found is kept."""
    key = f"kept:{public_version()}:{get_language()}:{address}"
    found = shelf.ask(lambda: caches["pages"].get(key))
    if found is None:
        response = draw()
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        found = response.content, response.headers["Content-Type"]
        shelf.ask(lambda: caches["pages"].set(key, found, KEPT_SECONDS))
    body, content_type = found
    return HttpResponse(body, content_type=content_type)


def _page_only(number: str) -> str:
    return f"page={number}" if number.isascii() and number.isdigit() and len(number) < 7 else ""
