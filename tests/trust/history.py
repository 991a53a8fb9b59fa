"""What Stripe has to tell of a campaign, from the sandbox with its webhooks held back; and ways to tell it badly."""

import json
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from donations.giving import checkout, services
from donations.giving.models import Donation
from donations.ledger.models import Ledger
from donations.payments import feed, inbox
from tests.factories import a_page, a_payment, an_event
from tests.giving.donors import DAY, client_of
from tests.tools.fixtures.stripe import StripeSandbox

Told = dict[str, Any]
# How donors pay: by card mostly, from a bank account, with a card that will be disputed, or whose refund will fail.
WAYS: list[dict[str, str]] = [
    *([{"card": "4242424242424242"}] * 12),
    *([{"account": "000123456789"}] * 3),
    {"account": "000222222227"},
    {"card": "4000000000000259"},
    {"card": "4000000000005126"},
    {"card": "4000000000007726"},
]


def play(sandbox: StripeSandbox, payments: int, seed: int) -> list[Told]:
    """Plays so many payments with their refunds and disputes; returns every event of Stripe's, oldest first."""
    chance = random.Random(seed)
    sandbox.do("pause")
    event = an_event()
    pages = [a_page(event, name=f"Runner {number}", team="") for number in range(10)]
    for number in range(payments):
        _give(sandbox, chance, number, pages)
    # Banks take a moment to dispute what they will.
    sandbox.do("time", advance=600)
    client = client_of(sandbox)
    for charge in client.v1.charges.list({"limit": 100}).auto_paging_iter():
        if charge.status == "succeeded" and not charge.disputed and chance.random() < 0.15:
            client.v1.refunds.create({"charge": charge.id, "amount": chance.randint(1, charge.amount)})
    _decide(sandbox, chance)
    sandbox.do("time", advance=5 * DAY)
    events = client.v1.events.list({"limit": 100}).auto_paging_iter()
    return [event.to_dict(for_json=True) for event in events][::-1]


def _give(sandbox: StripeSandbox, chance: random.Random, number: int, pages: list[Any]) -> None:
    kind = chance.choice([Donation.Kind.GIFT] * 9 + [Donation.Kind.FUNDING])
    page = chance.choice(pages) if kind == Donation.Kind.GIFT else None
    cents, cover = chance.randint(100, 20_000), chance.choice([0, 0, 180])
    more = {"event": pages[0].event} if page is None else {"cover_cents": cover}
    payment = a_payment(page, cents=cents, kind=kind, **more)
    checkout.open_checkout(payment)
    payment.refresh_from_db()
    sandbox.do(f"pay/{payment.session_id}", **chance.choice(WAYS))


def _decide(sandbox: StripeSandbox, chance: random.Random) -> None:
    for dispute in client_of(sandbox).v1.disputes.list({"limit": 100}).auto_paging_iter():
        if outcome := chance.choice([None, "won", "lost"]):
            sandbox.do(f"disputes/{dispute.id}", outcome=outcome)


@dataclass(frozen=True)
class Chaos:
    """How events reach us: so many of them twice, out of their order, and never."""

    seed: int
    twice: float = 0.3
    moved: float = 0.3
    lost: float = 0.1

    def of(self, events: list[Told]) -> list[Told]:
        chance = random.Random(self.seed)
        arrived = [event for event in events if chance.random() >= self.lost]
        arrived += [event for event in arrived if chance.random() < self.twice]
        # Those that are late come anywhere later; the others keep their turn.
        turns = [(place + (chance.random() * len(arrived) if chance.random() < self.moved else 0), event)
                 for place, event in enumerate(arrived)]  # fmt: skip
        return [event for _turn, event in sorted(turns, key=lambda pair: pair[0])]


def arrive(events: list[Told], batch: int = 500) -> None:
    """The events reach the inbox, and a worker drains it every so many."""
    ledger = Ledger.objects.get()
    for first in range(0, len(events), batch):
        for event in events[first : first + batch]:
            inbox.store(event, json.dumps(event).encode())
        while services.drain_inbox(ledger.pk):
            pass


def catch_up() -> int:
    """Feed and sweep until the sweep finds nothing new. Returns how many sweeps it took."""
    ledger, seen = Ledger.objects.get(), None
    for sweeps in range(1, 40):
        feed.sync(ledger)
        services.sweep(ledger, timedelta(0))
        ledger.refresh_from_db()
        if ledger.last_sequence == seen:
            return sweeps
        seen = ledger.last_sequence
    raise AssertionError("the sweep goes on finding something new")
