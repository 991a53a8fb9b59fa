"""How often something may be tried on the way to Stripe, and what came of the tries (common.tries counts)."""

import time

from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute

from common.tries import ask

# Tries of one address. A stadium sends 300 gifts in an hour; each may need a second press.
ADDRESS = (RateLimitItemPerMinute(60, namespace="address"), RateLimitItemPerHour(1200, namespace="address"))
# Of one mailbox from one address: whoever types a stranger's mailbox must not lock its owner out.
MAILBOX = (RateLimitItemPerHour(40, namespace="mailbox"),)
# Sessions of one page and of the site: our best hour is planned with 833 gifts a minute; Stripe takes 6,000 requests.
PAGE = (RateLimitItemPerMinute(300, namespace="page"),)
SITE = (RateLimitItemPerMinute(3000, namespace="site"),)
# Codes that go out and codes that are guessed: of a mailbox from one address, of a mailbox, of an address.
CODES = (RateLimitItemPerDay(5, namespace="codes"),)
CODES_OF_MAILBOX = (RateLimitItemPerDay(20, namespace="codes_mailbox"),)
CODES_OF_ADDRESS = (RateLimitItemPerDay(10, namespace="codes_address"),)
CODES_OF_KNOWN_ADDRESS = (RateLimitItemPerDay(300, namespace="codes_known"),)
CODES_OF_SITE = (RateLimitItemPerHour(1000, namespace="codes_site"),)
GUESSES = (RateLimitItemPerHour(10, namespace="guesses"),)
GUESSES_OF_MAILBOX = (RateLimitItemPerHour(100, namespace="guesses_mailbox"),)
GUESSES_OF_ADDRESS = (RateLimitItemPerHour(60, namespace="guesses_address"),)

HOUR, SLOT = 3600, 300


def count(outcome: str) -> None:
    """Counts what came of one try, for the desk and for the end of an alert."""
    ask(lambda storage: storage.incr(_key(outcome, _slot()), HOUR + SLOT))


def counted(outcome: str) -> int:
    """How often that came about within the last hour, in slots of five minutes."""
    slots = range(_slot() - HOUR // SLOT + 1, _slot() + 1)
    return ask(lambda storage: sum(storage.get(_key(outcome, slot)) for slot in slots))


def _slot() -> int:
    return int(time.time()) // SLOT


def _key(outcome: str, slot: int) -> str:
    return f"gate/{outcome}/{slot}"
