"""What a donor asks for, as a plain value between the form and the service."""

import hashlib
import json
from dataclasses import dataclass

from donations.giving.models import Donation
from events.models import Event
from fundraisers.models import Fundraiser


@dataclass(frozen=True, slots=True)
class Gift:
    """What a donor asks for. Amounts in cents."""

    event: Event
    fundraiser: Fundraiser | None
    kind: Donation.Kind
    amount_cents: int
    cover_cents: int
    name: str
    email: str
    message: str = ""
    shown: str = Donation.Shown.FULL
    alias: str = ""
    amount_hidden: bool = False

    @property
    def fingerprint(self) -> str:
        page = self.fundraiser.pk if self.fundraiser else None
        said = [self.event.pk, page, self.kind, self.amount_cents, self.cover_cents, self.name, self.email.lower()]
        said += [self.message, self.shown, self.alias, self.amount_hidden]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()
