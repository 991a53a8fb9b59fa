"""How often something is tried, counted by `limits`: in Redis for all processes, else in this one's memory.

With Redis away each process counts for itself: gifts go on, with a local limit.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from common.breaker import Breaker

# Tries of one address. A stadium sends 300 gifts in an hour; each may need a second press.
ADDRESS = (RateLimitItemPerMinute(60, namespace="address"), RateLimitItemPerHour(1200, namespace="address"))
MAILBOX = (RateLimitItemPerHour(40, namespace="mailbox"),)
# Sessions of one page and of the site: our best hour is planned with 833 gifts a minute; Stripe takes 6,000 requests.
PAGE = (RateLimitItemPerMinute(300, namespace="page"),)
SITE = (RateLimitItemPerMinute(3000, namespace="site"),)
# Codes that go out and codes that are guessed.
CODES_OF_MAILBOX = (RateLimitItemPerDay(5, namespace="codes"),)
CODES_OF_ADDRESS = (RateLimitItemPerDay(10, namespace="codes_address"),)
CODES_OF_KNOWN_ADDRESS = (RateLimitItemPerDay(300, namespace="codes_known"),)
CODES_OF_SITE = (RateLimitItemPerHour(1000, namespace="codes_site"),)
GUESSES_OF_MAILBOX = (RateLimitItemPerHour(10, namespace="guesses"),)
GUESSES_OF_ADDRESS = (RateLimitItemPerHour(60, namespace="guesses_address"),)

HOUR, SLOT = 3600, 300
Storage = MemoryStorage | RedisStorage
Answer = TypeVar("Answer")
shelf = Breaker(RedisError, OSError)


@cache
def memory() -> MemoryStorage:
    return MemoryStorage("memory://")


@cache
def _redis(url: str) -> RedisStorage:
    return RedisStorage(url, socket_timeout=1, socket_connect_timeout=1)


def _ask(question: Callable[[Storage], Answer]) -> Answer:
    if settings.REDIS_URL:
        answer = shelf.ask(lambda: question(_redis(settings.REDIS_URL)))
        if answer is not None:
            return answer
    return question(memory())


def within(limits: tuple[RateLimitItem, ...], who: str = "") -> bool:
    """Counts one try of `who`, and says whether it is within all of these limits."""
    return all(_hit(limit, who) for limit in limits)


def _hit(limit: RateLimitItem, who: str) -> bool:
    return _ask(lambda storage: MovingWindowRateLimiter(storage).hit(limit, who))


def count(outcome: str) -> None:
    """Counts what came of one try, for the desk and for the end of an alert."""
    _ask(lambda storage: storage.incr(_key(outcome, _slot()), HOUR + SLOT))


def counted(outcome: str) -> int:
    """How often that came about within the last hour, in slots of five minutes."""
    slots = range(_slot() - HOUR // SLOT + 1, _slot() + 1)
    return _ask(lambda storage: sum(storage.get(_key(outcome, slot)) for slot in slots))


def _slot() -> int:
    return int(time.time()) // SLOT


def _key(outcome: str, slot: int) -> str:
    return f"gate/{outcome}/{slot}"
