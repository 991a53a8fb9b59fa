"""All rooms' word on what they keep about people, in the order of the rooms: upper rooms let go first."""

from collections.abc import Iterator

from accounts.privacy import ROOM as ACCOUNTS
from common.privacy import Ending, Kept, Part, Purpose, Room
from donations.bank.privacy import ROOM as BANK
from donations.disbursements.privacy import ROOM as DISBURSEMENTS
from donations.giving.privacy import ROOM as GIVING
from donations.ledger.privacy import ROOM as LEDGER
from donations.payments.privacy import ROOM as PAYMENTS
from events.privacy import ROOM as EVENTS
from fundraisers.privacy import ROOM as FUNDRAISERS
from outreach.news.privacy import ROOM as NEWS
from outreach.privacy import ROOM as OUTREACH
from outreach.volunteers.privacy import ROOM as VOLUNTEERS
from registration.privacy import ROOM as REGISTRATION
from screens.privacy import ROOM as SCREENS
from teams.privacy import ROOM as TEAMS

ROOMS: tuple[Room, ...] = (
    DISBURSEMENTS,
    GIVING,
    PAYMENTS,
    BANK,
    FUNDRAISERS,
    TEAMS,
    REGISTRATION,
    SCREENS,
    VOLUNTEERS,
    NEWS,
    OUTREACH,
    LEDGER,
    EVENTS,
    ACCOUNTS,
)


def kept() -> Iterator[Kept]:
    for room in ROOMS:
        yield from room.kept


def purposes() -> dict[Part, list[Purpose]]:
    """The privacy page: what is kept, each purpose once, by the occasion."""
    found = list(dict.fromkeys(thing.purpose for thing in kept()))
    return {part: [purpose for purpose in found if purpose.part == part] for part in Part}


def endings() -> Iterator[Ending]:
    for room in ROOMS:
        yield from room.endings
