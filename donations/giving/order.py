"""What a person is about to pay, as plain values between forms, carts and the checkout."""

import hashlib
import json
from dataclasses import dataclass

from donations.giving.models import Donation
from events.models import Event
from fundraisers.models import Fundraiser
from registration.models import Participant
from teams.models import Team


@dataclass(frozen=True, slots=True)
class Line:
    """One item to pay: a gift, an entry fee or a contribution to the card fees. Amounts in cents.

    A gift of a registration names the participant whose page it is for: the page is made when it is paid.
    """

    kind: Donation.Kind
    amount_cents: int
    name: str
    cover_cents: int = 0
    fundraiser: Fundraiser | None = None
    team: Team | None = None
    participant: Participant | None = None
    message: str = ""
    shown: str = Donation.Shown.FULL
    alias: str = ""
    amount_hidden: bool = False
    dedication: str = ""
    dedicated_to: str = ""

    @property
    def said(self) -> list[object]:
        """Everything that makes it another line when it changes."""
        places = [place.pk if place else None for place in (self.fundraiser, self.team, self.participant)]
        words = [
            self.name,
            self.message,
            self.shown,
            self.alias,
            self.amount_hidden,
            self.dedication,
            self.dedicated_to,
        ]
        return [self.kind, self.amount_cents, self.cover_cents, *places, *words]


@dataclass(frozen=True, slots=True)
class Order:
    """What one person pays in one payment."""

    event: Event
    email: str
    lines: tuple[Line, ...]

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents + line.cover_cents for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """The same for the same words of the same person: pressing twice is one payment."""
        said = [self.event.pk, self.email.lower(), *(line.said for line in self.lines)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()
