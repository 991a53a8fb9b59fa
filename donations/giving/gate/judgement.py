"""What the gate decides, as pure functions of what it has seen; tests/giving/test_card_testers.py tries the figures.

A card tester wants sessions at Stripe and pays few of them; a donor wants one and pays it. So an address may have a few
unpaid sessions, each gift that it paid lets it have one more, and each refused card takes that back: a stadium of
donors behind one address earns its way, a bot does not (docs/decisions/0012-the-gate.md).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

# What card testers try: under this amount, in cents, an alert asks everybody whose address has paid nothing yet.
SMALL_CENTS = 1_000
# How far back an address is remembered, and a mailbox.
REMEMBERED = timedelta(hours=24)
# Unpaid sessions of one address without a code: usually, and during an alert.
FREE, FREE_ON_ALERT = 10, 1
# Unpaid sessions of one address with codes, and of one mailbox without.
WITH_CODES, FREE_OF_MAILBOX = 20, 5
# A session that is not paid after this long counts as evidence.
RIPE = timedelta(minutes=5)
# An alert begins with so many unpaid sessions and refused cards within the hour, if they are more than what was paid.
EVIDENCE = 20
WATCHED = timedelta(hours=1)


class Level(Enum):
    CALM = "calm"
    ALERT = "alert"
    CLOSED = "closed"


class Answer(Enum):
    """Let in, ask for the code that was sent to the mailbox, or ask to come back later."""

    IN = "in"
    CODE = "code"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Record:
    """What came of the sessions of one address in the last day. `unpaid` were begun without a code."""

    unpaid: int = 0
    unpaid_with_code: int = 0
    paid: int = 0
    refused_cards: int = 0

    @property
    def credit(self) -> int:
        return max(self.paid - self.refused_cards, 0)

    @property
    def is_known(self) -> bool:
        """Whether people are there, who pay or at least read their mail."""
        return self.credit > 0 or self.unpaid_with_code > 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What came of all sessions of the last hour. `held` were asked for a code or to wait, and did not come in."""

    bad: int = 0
    paid: int = 0
    held: int = 0


def judge(level: Level, cents: int, address: Record, unpaid_of_mailbox: int, has_code: bool) -> Answer:
    """Whether a payment of so many cents may begin."""
    free = FREE
    if level != Level.CALM:
        free = 0 if cents < SMALL_CENTS else FREE_ON_ALERT
    if address.unpaid < free + address.credit and unpaid_of_mailbox < FREE_OF_MAILBOX:
        return Answer.IN
    if address.unpaid_with_code >= WITH_CODES + address.credit:
        return Answer.LATER
    return Answer.IN if has_code else Answer.CODE


def is_attack(evidence: Evidence, on_alert: bool) -> bool:
    """Whether the last hour looks like card testing. An alert goes on while many tries are held."""
    begins = evidence.bad >= EVIDENCE and evidence.bad > evidence.paid
    return begins or (on_alert and evidence.held >= EVIDENCE)
