"""How often something is tried, counted by `limits`: in Redis for all processes, else in this one's memory.

With Redis away each process counts for itself: the site goes on, with a local limit.
"""

from collections.abc import Callable
from functools import cache
from ipaddress import ip_address, ip_network
from typing import TypeVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from common.breaker import Breaker

Storage = MemoryStorage | RedisStorage
Answer = TypeVar("Answer")
shelf = Breaker(RedisError, OSError)


@cache
def memory() -> MemoryStorage:
    return MemoryStorage("memory://")


@cache
def _redis(url: str) -> RedisStorage:
    return RedisStorage(url, socket_timeout=1, socket_connect_timeout=1)


def ask(question: Callable[[Storage], Answer]) -> Answer:
    if settings.REDIS_URL:
        answer = shelf.ask(lambda: question(_redis(settings.REDIS_URL)))
        if answer is not None:
            return answer
    return question(memory())


def within(limits: tuple[RateLimitItem, ...], who: str = "") -> bool:
    """Counts one try of `who`, and says whether it is within all of these limits."""
    return all(_hit(limit, who) for limit in limits)


def _hit(limit: RateLimitItem, who: str) -> bool:
    return ask(lambda storage: MovingWindowRateLimiter(storage).hit(limit, who))


# --- Forms that write a row ---------------------------------------------------------------------------------


def is_within(request: HttpRequest, form: BaseForm, limits: tuple[RateLimitItem, ...]) -> bool:
    """Counts a form that is right against the limits of who sends it; one too many says so in the form."""
    who = salted_hmac("common.tries", network_of(request), algorithm="sha256").hexdigest()[:32]
    if within(limits, who):
        return True
    said = _("This was sent too often from your network. What you wrote is kept here: please send it again in a while.")
    form.add_error(None, ValidationError(said, code="tries"))
    return False


def status_of(form: BaseForm | None) -> int:
    """The status of a page with this form: 429 for one too many, 422 for one that is not right."""
    if form is None or not form.is_bound or not form.errors:
        return 200
    return 429 if form.has_error(NON_FIELD_ERRORS, "tries") else 422


def network_of(request: HttpRequest) -> str:
    """The address of who asks; of IPv6 the half that a provider hands out as one line, mapped IPv4 as what it is.

    What a visitor writes into X-Forwarded-For counts for nothing (accounts' settings).
    """
    known = ip_address(get_adapter().get_client_ip(request).partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None)
    return str(mapped or (known if known.version == 4 else ip_network((known, 64), strict=False)))
